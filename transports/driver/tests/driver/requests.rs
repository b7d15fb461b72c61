//! The session's own requests: answered, given up, and none waiting for another.

use agentchat_driver::Connection;
use agentchat_driver::testkit::{Exchange, Task};
use agentchat_engine::realtime::{ConnectionState, SessionOptions};
use futures_util::{FutureExt, StreamExt};
use serde_json::{Value, json};

use crate::rig::{Rig, accept, message};

/// The request whose path ends so, among those that no test has answered.
fn request(rig: &Rig, path: &str) -> Exchange {
    rig.script.exchange(path).unwrap_or_else(|| panic!("no request to {path}"))
}

fn row(seq: u64) -> Value {
    let mut row = message("c", seq, "alice");
    row["delivery_id"] = json!(format!("del_{seq}"));
    row
}

#[test]
fn requests_are_answered_in_any_order_and_what_they_bring_is_delivered() {
    let rig = Rig::new();
    let (realtime, connection) = rig.client.realtime(SessionOptions::default());
    let mut deliveries = realtime.deliveries().unwrap();
    let mut connection = Task::new(Connection::run(connection));
    assert_eq!(connection.run(), None);
    let peer = accept(&rig, &mut connection);
    assert_eq!(realtime.state(), ConnectionState::CatchingUp);

    let (me, sync) = (request(&rig, "/me"), request(&rig, "/sync"));
    sync.answer(200, &json!([row(1)]));
    assert_eq!(connection.run(), None);
    me.answer(200, &json!({"handle": "me"}));
    assert_eq!(connection.run(), None);
    assert_eq!(realtime.state(), ConnectionState::Live);
    deliveries.next().now_or_never().flatten().unwrap().handled();
    assert_eq!(connection.run(), None);
    let ack = request(&rig, "/sync/ack");
    assert_eq!(ack.request().body(), r#"{"last_delivery_id":"del_1"}"#);
    drop(peer);
}

#[test]
fn a_request_that_the_engine_gave_up_is_dropped() {
    let rig = Rig::new();
    let options = SessionOptions::default().own_handle("me");
    let (_realtime, connection) = rig.client.realtime(options);
    let mut connection = Task::new(Connection::run(connection));
    assert_eq!(connection.run(), None);
    let peer = accept(&rig, &mut connection);
    let sync = request(&rig, "/sync");
    assert!(!sync.is_given_up());
    peer.end();
    assert_eq!(connection.run(), None);
    assert!(sync.is_given_up(), "it was the lost connection's drain");
}
