//! Keys that are replaced, doubted and refused.

use std::time::Duration;

use agentchat_engine::realtime::{Advice, ConnectionState, Event, HaltReason, Input};
use agentchat_engine::{ApiKey, Fault};
use serde_json::json;

use crate::rig::{Rig, options};

fn replace(rig: &mut Rig, key: &str) {
    rig.input(Input::Start { api_key: Some(ApiKey::new(key).unwrap()) });
}

/// The key in the HELLO of the next connection.
fn next_key(rig: &mut Rig) -> String {
    rig.next_socket();
    opened_key(rig)
}

/// The key in the HELLO of the connection that is being opened.
fn opened_key(rig: &mut Rig) -> String {
    rig.input(Input::Opened(rig.connection.unwrap()));
    let hello = rig.sent.pop().unwrap();
    rig.frame(json!({"type": "hello.ok", "capabilities": ["ack"]}));
    hello["api_key"].as_str().unwrap().to_owned()
}

#[test]
fn a_close_for_the_old_key_is_not_final_when_a_new_one_is_at_hand() {
    for code in [1008, 4401] {
        let mut rig = Rig::live();
        replace(&mut rig, "ac_new");
        assert_eq!(rig.session.state(), &ConnectionState::Live, "without an interruption");
        rig.close(Some(code), "API key rotated");
        assert_eq!(next_key(&mut rig), "ac_new");
        rig.close(Some(code), "API key rotated");
        assert!(matches!(rig.session.state(), ConnectionState::Halted { .. }), "the new one is refused as well");
        replace(&mut rig, "ac_newer");
        assert!(matches!(rig.session.state(), ConnectionState::Opening { .. }));
    }
}

#[test]
fn a_new_key_is_used_by_the_next_request() {
    let mut rig = Rig::live();
    replace(&mut rig, "ac_new");
    rig.input(Input::Drain);
    let request = &rig.requests[&rig.request("/sync")];
    assert_eq!(request.headers()["authorization"], "Bearer ac_new");
}

#[test]
fn an_upgrade_that_doubts_the_key_is_checked() {
    for status in [401, 403] {
        let mut rig = Rig::idle(options());
        rig.input(Input::Start { api_key: None });
        let refused = |rig: &mut Rig| {
            rig.input(Input::Fault(rig.connection.unwrap(), Fault::upgrade_refused(status, None)));
        };
        refused(&mut rig);
        rig.answer("/agents/me", &json!({"handle": "me"}));
        assert!(matches!(rig.session.state(), ConnectionState::Waiting { .. }), "a proxy refused it");
        rig.next_socket();
        refused(&mut rig);
        rig.answer_status("/agents/me", 401, &json!({"code": "UNAUTHORIZED", "message": "unknown key"}));
        let halted =
            |e: &Event| matches!(e, Event::Halted { reason: HaltReason::KeyRefused { .. }, advice: Advice::NewKey });
        assert!(rig.has_event(halted) && rig.finished);
        rig.input(Input::Start { api_key: None });
        assert!(rig.finished, "the same key changes nothing");
    }
}

#[test]
fn an_error_in_place_of_hello_ok_ends_the_session() {
    for (frame, words) in [
        (json!({"type": "hello.error", "code": "UNAUTHORIZED", "message": "unknown key"}), "UNAUTHORIZED: unknown key"),
        (json!({"type": "auth.rejected", "payload": {"reason": "revoked"}}), "auth.rejected: revoked"),
        (json!({"type": "hello.error", "payload": 7}), "hello.error"),
    ] {
        let mut rig = Rig::idle(options());
        rig.input(Input::Start { api_key: None });
        rig.input(Input::Opened(rig.connection.unwrap()));
        rig.frame(frame.clone());
        let ConnectionState::Halted { reason } = rig.session.state() else { panic!("{frame}") };
        assert!(reason.to_string().contains(words), "{reason}");
        assert_eq!(rig.closes, [(1008, "HELLO was refused")]);
    }
    let mut rig = Rig::live();
    rig.frame(json!({"type": "hello.error"}));
    rig.advance(Duration::from_secs(1));
    assert_eq!(rig.session.state(), &ConnectionState::Live, "after hello.ok it is one event of the platform more");
}

fn patient() -> Rig {
    let mut rig = Rig::greeted(options().key_wait(Duration::from_secs(5)));
    rig.answer_sync(&[]);
    rig
}

#[test]
fn another_key_is_waited_for_and_handlers_go_on_meanwhile() {
    let mut rig = patient();
    rig.live_message(1);
    rig.close(Some(1008), "API key rotated");
    assert!(rig.has_event(|event| matches!(event, Event::KeyRefused { .. })));
    assert!(matches!(rig.session.state(), ConnectionState::AwaitingKey { .. }));
    assert_eq!(rig.handle_all(), ["c-1"]);
    rig.input(Input::Start { api_key: None });
    rig.advance(Duration::from_secs(4));
    assert!(matches!(rig.session.state(), ConnectionState::AwaitingKey { .. }), "the old one is of no use");
    replace(&mut rig, "ac_new");
    assert_eq!(opened_key(&mut rig), "ac_new");
    assert_eq!(rig.acks(), ["c-1"]);
    rig.advance(Duration::from_secs(10));
    assert!(!rig.finished);
}

#[test]
fn without_another_key_in_time_the_session_ends() {
    let mut rig = patient();
    rig.close(Some(4401), "");
    rig.advance(Duration::from_secs(5));
    assert!(matches!(
        rig.session.state(),
        ConnectionState::Halted { reason: HaltReason::ClosedForGood { code: 4401, .. } }
    ));
    assert!(rig.finished);
}

#[test]
fn a_close_ends_the_wait_for_another_key() {
    let mut rig = patient();
    rig.close(Some(4401), "");
    rig.input(Input::Close);
    assert!(rig.finished);
    assert_eq!(rig.session.state(), &ConnectionState::Closed);
}

#[test]
fn a_key_that_is_refused_at_the_upgrade_is_waited_for_as_well() {
    let mut rig = patient();
    rig.close(Some(1006), "");
    rig.next_socket();
    rig.input(Input::Fault(rig.connection.unwrap(), Fault::upgrade_refused(401, None)));
    rig.answer_status("/me", 401, &json!({"code": "UNAUTHORIZED", "message": "no"}));
    assert!(matches!(rig.session.state(), ConnectionState::AwaitingKey { .. }));
    rig.advance(Duration::from_secs(4));
    replace(&mut rig, "ac_new");
    assert_eq!(opened_key(&mut rig), "ac_new");
}
