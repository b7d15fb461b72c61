//! One connection's life: opening, HELLO, keepalive, the own handle, and inputs of another one.

use std::time::Duration;

use agentchat_engine::realtime::{ConnectionState, Event, Input, SessionOptions};
use agentchat_engine::{Fault, FaultKind, WasSent};
use serde_json::json;

use crate::rig::{Rig, message, options};

#[test]
fn the_key_goes_into_hello_and_nowhere_else() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    rig.input(Input::Opened(rig.connection.unwrap()));
    let hello = rig.sent.pop().unwrap();
    assert_eq!(hello["api_key"], "ac_key");
    assert_eq!(hello["capabilities"], json!(["ack"]));
    assert_eq!(hello["client"], "rust_sdk");
    let log = rig.log.join("\n");
    assert!(log.contains("/v1/ws") && !log.contains("ac_key"), "{log}");
}

#[test]
fn a_socket_that_does_not_open_is_given_up_after_ten_seconds() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    rig.advance(Duration::from_secs(10));
    assert_eq!(rig.closes.len(), 1);
    assert!(matches!(rig.session.state(), ConnectionState::Waiting { attempt: 2, .. }));
}

#[test]
fn an_unanswered_hello_is_closed_after_four_seconds_and_retried() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    rig.input(Input::Opened(rig.connection.unwrap()));
    rig.advance(Duration::from_millis(3_999));
    assert!(rig.closes.is_empty());
    rig.advance(Duration::from_millis(1));
    assert_eq!(rig.closes, [(1008, "HELLO ack timeout")]);
    assert!(matches!(rig.session.state(), ConnectionState::Waiting { .. }));
}

#[test]
fn frames_before_hello_ok_do_not_count() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Consumer(true));
    rig.input(Input::Start { api_key: None });
    rig.input(Input::Opened(rig.connection.unwrap()));
    rig.live_message(1);
    assert!(rig.deliveries.is_empty());
}

#[test]
fn a_quiet_connection_is_pinged_and_then_given_up() {
    let mut rig = Rig::live();
    rig.advance(Duration::from_secs(20));
    assert_eq!(rig.pings, 1);
    rig.input(Input::Alive(rig.connection.unwrap()));
    rig.advance(Duration::from_secs(20));
    assert_eq!((rig.pings, rig.closes.len()), (2, 0));
    rig.advance(Duration::from_secs(20));
    assert_eq!(rig.closes, [(1001, "no sign of life")]);
    assert!(matches!(rig.session.state(), ConnectionState::Waiting { .. }));
}

/// Four megabytes at 16 kbit/s take half an hour.
#[test]
fn a_frame_that_takes_longer_than_a_dead_connection_is_waited_for() {
    let mut rig = Rig::live();
    for _ in 0..100 {
        rig.advance(Duration::from_secs(19));
        rig.input(Input::Alive(rig.connection.unwrap()));
    }
    rig.live_message(1);
    assert_eq!((rig.pings, rig.closes.len(), rig.handle()), (0, 0, "c-1".to_owned()));
    rig.advance(Duration::from_secs(40));
    assert_eq!((rig.pings, rig.closes.len()), (1, 1));
}

#[test]
fn inputs_of_another_connection_change_nothing() {
    let mut rig = Rig::live();
    let old = rig.connection.unwrap();
    rig.reconnect();
    rig.answer_sync(&[]);
    let before = rig.log.len();
    rig.input(Input::Opened(old));
    rig.input(Input::Text(old, json!({"type": "message.new", "payload": message("c", 1)}).to_string()));
    rig.input(Input::Closed { connection: old, code: Some(1008), reason: "Invalid token".into() });
    rig.input(Input::Fault(old, Fault::new(FaultKind::Io, WasSent::Maybe, "reset")));
    assert_eq!(rig.session.state(), &ConnectionState::Live);
    assert!(rig.deliveries.is_empty());
    assert!(rig.log[before..].iter().all(|line| line.starts_with("Idle")));
}

#[test]
fn the_own_handle_is_asked_for_if_not_given() {
    let mut rig = Rig::greeted(SessionOptions::default());
    rig.answer("/agents/me", &json!({"handle": "alice"}));
    rig.answer_sync(&[]);
    rig.live_message(1);
    assert!(rig.deliveries.is_empty(), "our own message is not delivered to us");
    let mut rig = Rig::greeted(SessionOptions::default());
    rig.answer_status("/agents/me", 403, &json!({"code": "SUSPENDED", "message": "no"}));
    assert!(rig.has_event(|e| matches!(e, Event::RequestFailed { purpose: "own handle", .. })));
    rig.answer_sync(&[]);
    rig.live_message(1);
    assert_eq!(rig.deliveries.len(), 1);
}

#[test]
fn the_own_handle_is_asked_for_until_the_platform_says_it() {
    let mut rig = Rig::greeted(SessionOptions::default());
    rig.answer_sync(&[]);
    for wait in [1, 2, 4] {
        rig.answer_status("/agents/me", 403, &json!({"code": "FORBIDDEN", "message": "no"}));
        rig.advance(Duration::from_millis(wait * 750 - 1));
        assert!(!rig.has_request("/agents/me"));
        rig.advance(Duration::from_millis(wait * 500 + 1));
    }
    rig.close(Some(1006), "");
    rig.answer("/agents/me", &json!({"handle": "alice"}));
    rig.next_socket();
    rig.greet(true);
    rig.answer_sync(&[]);
    rig.live_message(1);
    assert!(rig.deliveries.is_empty(), "it is our own");
}

#[test]
fn a_second_hello_ok_changes_nothing() {
    let mut rig = Rig::live();
    rig.live_message(1);
    let connected = |rig: &Rig| rig.events.iter().filter(|e| matches!(e, Event::Connected { .. })).count();
    rig.frame(json!({"type": "hello.ok"}));
    rig.frame(json!({"type": "hello.ok", "capabilities": []}));
    assert_eq!((connected(&rig), rig.session.state()), (1, &ConnectionState::Live));
    assert!(!rig.has_request("/sync"), "no other drain");
    rig.handle();
    assert_eq!(rig.acks(), ["c-1"], "the connection still takes acks");
}

#[test]
fn whether_acks_are_taken_is_learned_with_every_connection() {
    let mut rig = Rig::live();
    for (ack_mode, acked) in [(false, vec![]), (true, vec!["c-2".to_owned()])] {
        rig.close(Some(1006), "");
        rig.next_socket();
        rig.greet(ack_mode);
        rig.answer_sync(&[]);
        rig.live_message(if ack_mode { 2 } else { 1 });
        rig.handle();
        assert_eq!(rig.acks(), acked);
    }
}

#[test]
fn a_stale_sign_of_life_or_binary_frame_changes_nothing() {
    let mut rig = Rig::live();
    let old = rig.connection.unwrap();
    rig.reconnect();
    rig.answer_sync(&[]);
    rig.advance(Duration::from_secs(19));
    let events = rig.events.len();
    rig.input(Input::Alive(old));
    rig.input(Input::Binary(old));
    rig.advance(Duration::from_secs(1));
    assert_eq!((rig.pings, rig.events.len()), (1, events), "the old socket's traffic is no sign of life");
}
