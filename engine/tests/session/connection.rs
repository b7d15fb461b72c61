//! Opening, HELLO, keepalive, backoff, terminal closes.

use std::time::Duration;

use agentchat_engine::realtime::{Advice, ConnectionState, Event, HaltReason, Input, Plan, SessionOptions};
use agentchat_engine::{ApiKey, Fault, FaultKind, Sent};
use serde_json::json;

use crate::rig::{Rig, message, options};

fn halted(rig: &Rig) -> Option<(&HaltReason, Advice)> {
    rig.events.iter().find_map(|event| match event {
        Event::Halted { reason, advice } => Some((reason, *advice)),
        _ => None,
    })
}

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
fn a_session_without_a_key_halts_with_advice() {
    let cx = agentchat_engine::Context::builder().build().unwrap();
    let mut rig = Rig::idle(options());
    rig.session =
        agentchat_engine::Session::new(cx, options(), agentchat_engine::Seed::from_bytes([0; 32]), None, rig.now);
    rig.input(Input::Start { api_key: None });
    assert!(rig.finished);
    assert_eq!(halted(&rig).unwrap().1, Advice::FixConfiguration);
    rig.finished = false;
    rig.input(Input::Start { api_key: Some(ApiKey::new("ac_new").unwrap()) });
    assert!(!rig.finished && rig.connection.is_some());
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

#[test]
fn a_day_of_sleep_is_one_clean_reconnect() {
    let mut rig = Rig::live();
    rig.now.mono = rig.now.mono + Duration::from_secs(86_400);
    rig.input(Input::Timeout);
    rig.advance(Duration::from_secs(30));
    let opened = rig.log.iter().filter(|line| line.starts_with("Open ")).count();
    assert!(opened <= 2, "one more socket: {opened}");
}

#[test]
fn refused_keys_halt_and_new_credentials_start_again() {
    for (code, reason, advice) in [
        (1008, "Invalid token", Advice::NewKey),
        (1008, "API key rotated", Advice::NewKey),
        (1008, "Account suspended", Advice::CheckAccount),
        (4401, "", Advice::NewKey),
        (4403, "", Advice::NewKey),
    ] {
        let mut rig = Rig::live();
        rig.close(Some(code), reason);
        assert!(rig.finished, "{code} {reason}");
        assert_eq!(halted(&rig).unwrap(), (&HaltReason::Terminal { code, reason: reason.into() }, advice));
        assert!(matches!(rig.session.state(), ConnectionState::Halted { .. }));
        rig.advance(Duration::from_secs(3_600));
        rig.finished = false;
        rig.input(Input::Start { api_key: Some(ApiKey::new("ac_other").unwrap()) });
        rig.input(Input::Opened(rig.connection.unwrap()));
        assert_eq!(rig.sent.pop().unwrap()["api_key"], "ac_other");
    }
}

#[test]
fn a_late_hello_is_retried_five_times_and_then_final() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    for _ in 0..5 {
        rig.input(Input::Opened(rig.connection.unwrap()));
        rig.close(Some(1008), "HELLO frame required");
        assert!(!rig.finished);
        rig.next_socket();
    }
    rig.input(Input::Opened(rig.connection.unwrap()));
    rig.close(Some(1008), "HELLO frame required");
    assert!(rig.finished);
}

#[test]
fn every_other_close_is_retried_with_growing_waits() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Start { api_key: None });
    let mut waits = Vec::new();
    for code in [None, Some(1000), Some(1001), Some(1006), Some(1013), Some(4400), Some(4404), None] {
        rig.close(code, "");
        let ConnectionState::Waiting { retry_at, .. } = *rig.session.state() else { panic!("{code:?}") };
        waits.push(retry_at.saturating_since(rig.now.mono).as_millis());
        rig.next_socket();
    }
    for (wait, around) in waits.iter().zip([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
        assert!((around * 3 / 4..=(around * 5 / 4).min(30_000)).contains(wait), "{waits:?}");
    }
}

#[test]
fn only_a_connection_that_lasted_clears_the_count() {
    let mut rig = Rig::live();
    for attempt in 2..6 {
        rig.close(Some(1006), "");
        assert!(matches!(rig.session.state(), ConnectionState::Waiting { attempt: a, .. } if *a == attempt));
        rig.next_socket();
        rig.greet(true);
    }
    assert!(!rig.has_event(|e| matches!(e, Event::Unstable { .. })));
    rig.close(Some(1006), "");
    assert!(rig.has_event(|e| matches!(e, Event::Unstable { in_a_row: 5 })));
    rig.next_socket();
    rig.greet(true);
    rig.answer_sync(&[]);
    for _ in 0..3 {
        rig.advance(Duration::from_secs(11));
        rig.input(Input::Alive(rig.connection.unwrap()));
    }
    rig.close(Some(1006), "");
    assert!(matches!(rig.session.state(), ConnectionState::Waiting { attempt: 2, .. }));
}

#[test]
fn exhausted_attempts_are_said_and_final() {
    let mut rig = Rig::idle(SessionOptions { max_attempts: Some(2), ..options() });
    rig.input(Input::Start { api_key: None });
    let refused = Fault::new(FaultKind::Connect, Sent::No, "refused");
    rig.input(Input::Fault(rig.connection.unwrap(), refused.clone()));
    rig.advance(Duration::from_secs(1));
    rig.input(Input::Fault(rig.connection.unwrap(), refused));
    assert!(rig.finished);
    assert_eq!(halted(&rig).unwrap(), (&HaltReason::AttemptsExhausted { attempts: 2 }, Advice::TryLater));
    let last = rig.events.iter().rev().find_map(|e| match e {
        Event::Disconnected { info, plan, .. } => Some((info.clone(), plan.clone())),
        _ => None,
    });
    let (info, plan) = last.unwrap();
    assert_eq!(plan, Plan::End);
    assert!(info.reason.contains("refused"));
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
    rig.input(Input::Fault(old, Fault::new(FaultKind::Io, Sent::Maybe, "reset")));
    assert_eq!(rig.session.state(), &ConnectionState::Live);
    assert!(rig.deliveries.is_empty());
    assert!(rig.log[before..].iter().all(|line| line.starts_with("Idle")));
}

#[test]
fn close_waits_for_what_is_in_flight_acks_it_and_ends() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(2);
    rig.input(Input::Close);
    assert_eq!(rig.session.state(), &ConnectionState::Closing);
    assert!(!rig.finished);
    rig.handle();
    assert_eq!(rig.acks(), ["c-1"]);
    assert_eq!(rig.closes, [(1000, "")]);
    assert!(rig.finished && rig.deliveries.is_empty());
    assert!(rig.has_event(|e| matches!(e, Event::Closed { unsettled: 0 })));
    assert_eq!(rig.session.state(), &ConnectionState::Closed);
}

#[test]
fn close_does_not_wait_for_ever() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.input(Input::Close);
    rig.advance(Duration::from_secs(5));
    assert!(rig.finished);
    assert!(rig.has_event(|e| matches!(e, Event::Closed { unsettled: 1 })));
}

#[test]
fn a_lost_socket_while_closing_is_not_opened_again() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.input(Input::Close);
    rig.close(Some(1006), "");
    rig.advance(Duration::from_secs(4));
    assert_eq!(rig.log.iter().filter(|line| line.starts_with("Open ")).count(), 1);
    rig.handle();
    assert!(rig.finished);
}

#[test]
fn the_own_handle_is_asked_for_if_not_given() {
    let mut rig = Rig::greeted(SessionOptions { own_handle: None, ..options() });
    rig.answer("/agents/me", &json!({"handle": "alice"}));
    rig.answer_sync(&[]);
    rig.live_message(1);
    assert!(rig.deliveries.is_empty(), "our own message is not delivered to us");
    let mut rig = Rig::greeted(SessionOptions { own_handle: None, ..options() });
    rig.answer_status("/agents/me", 403, &json!({"code": "SUSPENDED", "message": "no"}));
    assert!(rig.has_event(|e| matches!(e, Event::RequestFailed { purpose: "own handle", .. })));
    rig.answer_sync(&[]);
    rig.live_message(1);
    assert_eq!(rig.deliveries.len(), 1);
}
