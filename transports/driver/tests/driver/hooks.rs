//! Hooks: what is reported in which order, what never is, and that no call waits for a listener or fails with it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use agentchat_driver::testkit::Task;
use agentchat_driver::{CallEvent, CallEvents, Download, HOOK_BACKLOG, Hooks, Upload};
use agentchat_engine::rest::{CreateGroup, GetMe, RetryPolicy, SendMessage};
use agentchat_engine::{CallOptions, ErrorCode, Fault, FaultKind, WasSent};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use http::Response;
use http::header::HeaderValue;
use serde_json::json;

use crate::rig::message;
use crate::store::{Rig, URL, head};

pub(crate) fn waiting(events: &mut CallEvents) -> Vec<CallEvent> {
    std::iter::from_fn(|| events.next().now_or_never().flatten()).collect()
}

pub(crate) fn kinds(events: &[CallEvent]) -> Vec<&'static str> {
    let kind = |event: &CallEvent| match event {
        CallEvent::Request(_) => "request",
        CallEvent::Response(_) => "response",
        CallEvent::Error(_) => "error",
        CallEvent::Retry(_) => "retry",
        CallEvent::BacklogWarning(_) => "backlog",
        _ => "other",
    };
    events.iter().map(kind).collect()
}

fn stored(warning: Option<&'static str>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(message("c", 1, "me").to_string()));
    response.headers_mut().insert("x-request-id", HeaderValue::from_static("req_1"));
    if let Some(warning) = warning {
        response.headers_mut().insert("x-backlog-warning", HeaderValue::from_static(warning));
    }
    response
}

#[test]
fn each_attempt_is_reported_as_it_begins_and_as_it_ends() {
    let rig = Rig::new();
    let (client, mut events) = rig.client.observed();
    let mut call = Task::new(async move { client.send_message(SendMessage::to("@alice", "hi")).await });
    assert!(call.run().is_none());
    assert_eq!(kinds(&waiting(&mut events)), ["request"]);
    rig.script.clock().advance(Duration::from_millis(70));
    let refusal = Response::builder().status(503).header("x-request-id", "req_0");
    let refusal = refusal.body(Bytes::from(r#"{"code":"INTERNAL_ERROR","message":"hush"}"#)).unwrap();
    rig.exchange().end(Ok(refusal));
    assert!(call.run().is_none());
    let failed = waiting(&mut events);
    assert_eq!(kinds(&failed), ["error", "retry"]);
    let (CallEvent::Error(error), CallEvent::Retry(retry)) = (&failed[0], &failed[1]) else { panic!() };
    assert_eq!((error.at.call, error.at.name, error.at.attempt), (1, "send_message", 1));
    assert_eq!((error.failure.status, error.elapsed), (Some(503), Duration::from_millis(70)));
    assert_eq!(error.failure.code, Some(ErrorCode::InternalError));
    assert_eq!(error.failure.request_id.as_deref(), Some("req_0"));
    assert_eq!((retry.next_attempt, &retry.failure), (2, &error.failure));
    assert!(retry.delay > Duration::from_millis(180));

    rig.script.clock().advance(Duration::from_secs(1));
    assert!(call.run().is_none());
    rig.exchange().end(Ok(stored(Some("alice=5001"))));
    assert!(call.run().expect("it is done").is_ok());
    let done = waiting(&mut events);
    assert_eq!(kinds(&done), ["request", "response", "backlog"]);
    let (CallEvent::Response(response), CallEvent::BacklogWarning(backlog)) = (&done[1], &done[2]) else { panic!() };
    assert_eq!((response.at.call, response.at.attempt, response.status), (1, 2, 200));
    assert_eq!(response.request_id.as_deref(), Some("req_1"));
    assert_eq!((backlog.warning.recipient_handle.as_str(), backlog.warning.undelivered_count), ("alice", 5_001));
    assert!(events.next().now_or_never().flatten().is_none(), "the client is gone");
}

#[test]
fn the_last_failure_and_the_deadline_are_reported_once() {
    let rig = Rig::new();
    let (client, mut events) = rig.client.observed();
    let options = CallOptions::default().retry(RetryPolicy::never());
    let once = client.clone();
    let mut call = Task::new(async move { once.call_with(GetMe::new(), options).await });
    assert!(call.run().is_none());
    rig.exchange().end(Err::<Response<Bytes>, _>(Fault::new(FaultKind::Connect, WasSent::No, "refused")));
    assert!(call.run().expect("it is done").is_err());
    let told = waiting(&mut events);
    assert_eq!(kinds(&told), ["request", "error"]);
    let CallEvent::Error(error) = &told[1] else { panic!() };
    assert_eq!((error.failure.fault, error.failure.sent), (Some(FaultKind::Connect), WasSent::No));

    let options = CallOptions::default().deadline(Duration::from_secs(1));
    let mut call = Task::new(async move { client.call_with(GetMe::new(), options).await });
    assert!(call.run().is_none());
    rig.script.clock().advance(Duration::from_secs(1));
    assert!(call.run().expect("it is done").is_err());
    let told = waiting(&mut events);
    assert_eq!(kinds(&told), ["request", "error"]);
    let CallEvent::Error(error) = &told[1] else { panic!() };
    assert_eq!((error.at.call, error.failure.deadline), (2, true));
}

/// A listener that reads of the last attempt alone learns that the one before may have arrived.
#[test]
fn what_is_reported_of_a_later_attempt_counts_the_earlier_ones() {
    let rig = Rig::new();
    let (client, mut events) = rig.client.observed();
    let mut call = Task::new(async move { client.send_message(SendMessage::to("@alice", "hi")).await });
    let mut failures = Vec::new();
    for (kind, sent) in [(FaultKind::Io, WasSent::Maybe), (FaultKind::Connect, WasSent::No)] {
        assert!(call.run().is_none());
        rig.exchange().end(Err::<Response<Bytes>, _>(Fault::new(kind, sent, "gone")));
        assert!(call.run().is_none());
        rig.script.clock().advance(Duration::from_secs(1));
    }
    assert!(call.run().is_none());
    rig.exchange().answer(403, &json!({"code": "BLOCKED", "message": "hush"}));
    let error = call.run().expect("it is done").unwrap_err();
    assert!(error.maybe_executed());
    for event in waiting(&mut events) {
        match event {
            CallEvent::Error(event) => failures.push(event.failure),
            CallEvent::Retry(event) => assert_eq!(event.failure.sent, WasSent::Maybe),
            _ => {}
        }
    }
    let told: Vec<_> = failures.iter().map(|failure| (failure.sent, failure.to_string())).collect();
    let expected = [
        "no answer after 1 attempt(s): connection: gone",
        "no answer after 2 attempt(s) (an earlier attempt may have arrived): connect: gone",
        "BLOCKED (403) (an earlier attempt may have arrived)",
    ];
    assert_eq!(told, expected.map(|text| (WasSent::Maybe, text.to_owned())));
}

#[test]
fn what_is_refused_before_sending_is_no_event() {
    let rig = Rig::new();
    let (client, mut events) = rig.client.observed();
    assert!(client.get_agent("..").now_or_never().expect("no waiting").is_err());
    drop(client);
    assert!(events.next().now_or_never().flatten().is_none());
}

#[test]
fn no_event_holds_a_secret() {
    let rig = Rig::new();
    let (client, mut events) = rig.client.observed();
    let mut headers = http::HeaderMap::new();
    headers.insert("x-tenant", HeaderValue::from_static("hush-header"));
    let options = CallOptions::default().idempotency_key("hush-idempotency").headers(headers);
    let group = CreateGroup::new("hush-body");
    let calling = client.clone();
    let mut call = Task::new(async move { calling.call_with(group, options).await });
    assert!(call.run().is_none());
    let details = json!({"code": "VALIDATION_ERROR", "message": "hush-message", "details": {"seen": "ac_test"}});
    rig.exchange().answer(400, &details);
    assert!(call.run().expect("it is done").is_err());
    let calling = client.clone();
    let mut call = Task::new(async move { calling.get_me().await });
    assert!(call.run().is_none());
    rig.exchange().answer(418, &json!({"code": "ac_test is no key", "message": "hush-message"}));
    assert!(call.run().expect("it is done").is_err());

    let uploading = client.clone();
    let file = Upload::to("alice", Bytes::from_static(b"hush-file")).filename("f.txt");
    let mut upload = Task::new(async move { uploading.upload(file).await });
    assert!(upload.run().is_none());
    rig.exchange().answer(201, &json!({"attachment_id": "att_1", "upload_url": URL}));
    assert!(upload.run().is_none());
    let mut put = rig.stream();
    assert!(put.chunk().is_some());
    assert!(put.answer.send(Ok(head(403).1)).is_ok());
    assert!(upload.run().expect("it is over").is_err());

    let mut download = Task::new(async move { client.download(Download::new("att_1"), Vec::new()).await });
    assert!(download.run().is_none());
    let response = Response::builder().status(302).header("location", URL).body(Bytes::new()).unwrap();
    rig.exchange().end(Ok(response));
    assert!(download.run().is_none());
    let (say, answer) = head(200);
    assert!(rig.stream().answer.send(Ok(answer)).is_ok());
    drop(say);
    assert!(download.run().expect("it is over").is_ok());

    let told = waiting(&mut events);
    let expected = [
        "request", "error", "request", "error", "request", "response", "request", "error", "request", "response",
        "request", "response",
    ];
    assert_eq!(kinds(&told), expected);
    let told = format!("{told:?}");
    for secret in ["hush", "ac_test", "att_1?"] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
    assert!(told.contains("https://storage.example/***") && told.contains("ValidationError"), "{told}");
}

#[test]
fn a_hook_that_panics_breaks_neither_the_send_nor_the_next_hook() {
    let rig = Rig::new();
    let (client, events) = rig.client.observed();
    let (heard, hearing) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let (warnings, requests) = (Arc::clone(&heard), Arc::clone(&hearing));
    let hooks = Hooks::new()
        .on_request(move |event| requests.lock().unwrap().push(event.at.call))
        .on_response(|_| panic!("a hook's own mistake"))
        .on_backlog_warning(move |event| {
            warnings.lock().unwrap().push(event.warning.undelivered_count);
            panic!("another one");
        });
    let mut running = Task::new(hooks.run(events));
    for _ in 0..2 {
        let client = client.clone();
        let mut call = Task::new(async move { client.send_message(SendMessage::to("@alice", "hi")).await });
        assert!(call.run().is_none());
        rig.exchange().end(Ok(stored(Some("alice=6000"))));
        let reply = call.run().expect("it is done").unwrap();
        assert!(reply.meta.backlog_warning.is_some());
        assert_eq!(running.run(), None);
    }
    assert_eq!((heard.lock().unwrap().len(), hearing.lock().unwrap().clone()), (2, vec![1, 2]));
    drop(client);
    assert_eq!(running.run(), Some(()), "the client is gone");
}

#[test]
fn a_queue_that_nobody_empties_loses_the_newest_and_counts_them() {
    let rig = Rig::new();
    let (client, mut events) = rig.client.observed();
    let calls = HOOK_BACKLOG / 2 + 100;
    for _ in 0..calls {
        let client = client.clone();
        let mut call = Task::new(async move { client.get_me().await });
        assert!(call.run().is_none());
        rig.exchange().answer(200, &json!({"handle": "me"}));
        assert!(call.run().expect("it is done").is_ok());
    }
    assert_eq!(events.missed(), 200);
    let told = waiting(&mut events);
    assert_eq!(told.len(), HOOK_BACKLOG);
    let CallEvent::Response(last) = told.last().unwrap() else { panic!() };
    assert_eq!(last.at.call, HOOK_BACKLOG as u64 / 2, "what was reported is whole");
}

#[test]
fn every_listener_hears_each_event_and_one_that_stops_costs_nothing() {
    let rig = Rig::new();
    let (client, first) = rig.client.observed();
    let (client, mut second) = client.observed();
    drop(first);
    let mut call = Task::new(async move { client.get_me().await });
    assert!(call.run().is_none());
    rig.exchange().answer(200, &json!({"handle": "me"}));
    assert!(call.run().expect("it is done").is_ok());
    assert_eq!(kinds(&waiting(&mut second)), ["request", "response"]);
    assert_eq!(second.missed(), 0);
}
