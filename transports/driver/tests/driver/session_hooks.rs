//! Hooks hear the session's own requests as they hear the client's calls.

use std::time::Duration;

use agentchat_driver::testkit::{Peer, Task};
use agentchat_driver::{CallEvent, CallEvents, Connection, Realtime};
use agentchat_engine::realtime::{ConnectionState, SessionOptions};
use agentchat_engine::{Fault, FaultKind, WasSent};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use http::Response;
use serde_json::json;

use crate::hooks::{kinds, waiting};
use crate::rig::{Rig, accept, message};

struct Observed {
    rig: Rig,
    events: CallEvents,
    realtime: Realtime,
    connection: Task<ConnectionState>,
    peer: Peer,
}

impl Observed {
    /// A session whose drain was just asked for.
    fn draining() -> Self {
        let rig = Rig::new();
        let (client, events) = rig.client.observed();
        let options = SessionOptions::default().own_handle("me");
        let (realtime, connection) = client.realtime(options);
        let mut connection = Task::new(Connection::run(connection));
        assert_eq!(connection.run(), None);
        let peer = accept(&rig, &mut connection);
        Self { rig, events, realtime, connection, peer }
    }

    fn answer(&mut self, path: &str, response: Response<Bytes>) {
        self.rig.script.exchange(path).unwrap_or_else(|| panic!("no request to {path}")).end(Ok(response));
        assert_eq!(self.connection.run(), None);
    }

    fn advance(&mut self, by: Duration) {
        self.rig.script.clock().advance(by);
        assert_eq!(self.connection.run(), None);
    }

    fn told(&mut self, expected: &[&str]) -> Vec<CallEvent> {
        let told = waiting(&mut self.events);
        assert_eq!(kinds(&told), expected);
        told
    }
}

fn response(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    Response::builder().status(status).header("x-request-id", "req_1").body(body.into()).unwrap()
}

fn refusal(status: u16) -> Response<Bytes> {
    response(status, r#"{"code":"INTERNAL_ERROR","message":"hush ac_test"}"#)
}

fn rows() -> String {
    let mut row = message("c", 1, "alice");
    row["delivery_id"] = json!("del_1");
    json!([row]).to_string()
}

#[test]
fn each_attempt_of_a_session_is_reported_as_it_begins_and_as_it_ends() {
    let mut session = Observed::draining();
    let mut deliveries = session.realtime.deliveries().unwrap();
    let mut all = session.told(&["request"]);
    session.advance(Duration::from_millis(70));
    session.answer("/sync", refusal(503));
    let failed = session.told(&["error", "retry"]);
    let (CallEvent::Error(error), CallEvent::Retry(retry)) = (&failed[0], &failed[1]) else { panic!() };
    assert_eq!((error.at.call, error.at.name, error.at.attempt), (1, "sync", 1));
    assert_eq!((error.failure.status, error.elapsed), (Some(503), Duration::from_millis(70)));
    assert_eq!((error.failure.request_id.as_deref(), &retry.failure), (Some("req_1"), &error.failure));
    assert_eq!((retry.at.clone(), retry.next_attempt), (error.at.clone(), 2));

    session.advance(retry.delay);
    session.advance(Duration::from_millis(30));
    session.answer("/sync", response(200, rows()));
    let done = session.told(&["request", "response"]);
    let CallEvent::Response(answered) = &done[1] else { panic!() };
    assert_eq!((answered.at.call, answered.at.name, answered.at.attempt), (1, "sync", 2));
    assert_eq!((answered.status, answered.elapsed), (200, Duration::from_millis(30)));
    assert_eq!(answered.request_id.as_deref(), Some("req_1"));

    deliveries.next().now_or_never().flatten().unwrap().handled();
    assert_eq!(session.connection.run(), None);
    session.answer("/sync/ack", response(200, "{}"));
    let acked = session.told(&["request", "response"]);
    let CallEvent::Response(answered) = &acked[1] else { panic!() };
    assert_eq!((answered.at.call, answered.at.name, answered.at.attempt), (2, "sync_ack", 1));

    all.extend(failed.into_iter().chain(done).chain(acked));
    let CallEvent::Request(first) = &all[0] else { panic!() };
    assert_eq!(first.headers["authorization"], "***");
    assert!(first.at.url.contains("/v1/messages/sync?limit="), "{}", first.at.url);
    let told = format!("{all:?}");
    for secret in ["hush", "ac_test", "del_1"] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}

#[test]
fn a_session_tells_its_last_failure_once_and_counts_the_next_try_as_another_call() {
    let mut session = Observed::draining();
    session.told(&["request"]);
    session.answer("/sync", refusal(418));
    let told = session.told(&["error"]);
    let CallEvent::Error(error) = &told[0] else { panic!() };
    assert_eq!((error.at.call, error.failure.status), (1, Some(418)));

    session.advance(Duration::from_secs(60));
    let told = session.told(&["request"]);
    let CallEvent::Request(request) = &told[0] else { panic!() };
    assert_eq!((request.at.call, request.at.name, request.at.attempt), (2, "sync", 1));
}

#[test]
fn calls_for_history_and_the_own_handle_are_reported() {
    let rig = Rig::new();
    let (client, events) = rig.client.observed();
    let options = SessionOptions::default().drain(false);
    let (realtime, connection) = client.realtime(options);
    let mut connection = Task::new(Connection::run(connection));
    assert_eq!(connection.run(), None);
    let peer = accept(&rig, &mut connection);
    let mut session = Observed { rig, events, realtime, connection, peer };
    let _deliveries = session.realtime.deliveries().unwrap();
    session.answer("/me", response(200, r#"{"handle":"me"}"#));
    let told = session.told(&["request", "response"]);
    let CallEvent::Response(me) = &told[1] else { panic!() };
    assert_eq!(me.at.name, "get_me");

    crate::rig::say_message(&session.peer, "c", 1);
    crate::rig::say_message(&session.peer, "c", 3);
    assert_eq!(session.connection.run(), None);
    session.advance(Duration::from_secs(1));
    let fault = Fault::new(FaultKind::Io, WasSent::Maybe, "cut");
    session.rig.script.exchange("/messages/c").expect("history is asked").end(Err::<Response<Bytes>, _>(fault));
    assert_eq!(session.connection.run(), None);
    let told = session.told(&["request", "error", "retry"]);
    let CallEvent::Error(error) = &told[1] else { panic!() };
    assert_eq!((error.at.name, error.failure.fault), ("get_messages", Some(FaultKind::Io)));
}

#[test]
fn a_request_that_a_session_dropped_is_reported_no_more() {
    for answered in [false, true] {
        let mut session = Observed::draining();
        session.told(&["request"]);
        if answered {
            session.answer("/sync", refusal(503));
            session.told(&["error", "retry"]);
        }
        session.peer.end();
        assert_eq!(session.connection.run(), None);
        session.advance(Duration::from_secs(1));
        session.told(&[]);
    }
}

#[test]
fn the_events_end_with_the_session() {
    let mut session = Observed::draining();
    session.told(&["request"]);
    assert!(session.events.next().now_or_never().is_none(), "the session goes on");
    drop(session.connection);
    assert!(session.events.next().now_or_never().is_some_and(|event| event.is_none()), "nobody is left to call");
}
