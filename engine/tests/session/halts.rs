//! A session that ended and is started again: the questions that its end interrupted are asked anew.

use std::time::Duration;

use agentchat_engine::realtime::{Advice, Event, HaltReason, Input};
use agentchat_engine::{ApiKey, limits};
use serde_json::json;

use crate::rig::{Rig, message, options, row};

/// The key is no longer good; the application starts the session with another one.
fn halt_and_start(rig: &mut Rig, ack_mode: bool) {
    rig.close(Some(4401), "");
    assert!(rig.finished && rig.has_event(|event| matches!(event, Event::Halted { .. })));
    assert!(rig.requests.is_empty(), "nothing is asked after the end");
    rig.input(Input::Start { api_key: ApiKey::new("ac_another").ok() });
    rig.greet(ack_mode);
}

#[test]
fn a_commit_that_a_halt_interrupts_is_made_at_the_next_start() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("c", 1)]);
    assert_eq!(rig.handle(), "c-1");
    assert!(rig.has_request("/sync/ack"));
    halt_and_start(&mut rig, true);
    assert!(rig.has_request("/messages/sync"), "the new drain is not answered yet");
    assert_eq!(rig.answer_ack(), "del_c_1");
}

#[test]
fn a_fill_that_a_halt_interrupts_is_asked_for_again() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(3);
    rig.advance(limits::GAP_WINDOW);
    assert!(rig.has_request("/messages/c"));
    halt_and_start(&mut rig, true);
    rig.answer_sync(&[]);
    rig.advance(limits::GAP_WINDOW);
    rig.answer("/messages/c", &json!([message("c", 2), message("c", 3)]));
    assert_eq!(rig.handle_all(), ["c-1", "c-2", "c-3"]);
    assert!(rig.has_event(|event| matches!(event, Event::SequenceGap { recovered: true, .. })));
}

#[test]
fn what_is_missing_is_asked_for_again_after_a_halt() {
    let mut rig = Rig::idle(options().redelivery(Vec::new()));
    rig.input(Input::Consumer(true));
    rig.input(Input::Start { api_key: None });
    rig.greet(false);
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.fail_delivery();
    rig.input(Input::Drain);
    assert!(rig.has_request("/messages/c"), "only history has it");
    halt_and_start(&mut rig, false);
    rig.answer_sync(&[]);
    rig.advance(Duration::from_secs(1));
    rig.answer("/messages/c", &json!([message("c", 1)]));
    assert_eq!(rig.handle_all(), ["c-1"]);
}

#[test]
fn what_is_settled_before_a_halt_is_acked_after_the_next_start() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.close(Some(1008), "API key rotated");
    assert!(rig.finished);
    rig.finished = false;
    rig.handle();
    rig.input(Input::Start { api_key: Some(ApiKey::new("ac_new").unwrap()) });
    rig.greet(true);
    assert_eq!(rig.acks(), ["c-1"]);
}

#[test]
fn a_halt_says_why_and_what_to_do() {
    let why = |reason: HaltReason| format!("{reason}: {}", reason.advice());
    let closed = |reason: &str| HaltReason::ClosedForGood { code: 1008, reason: reason.into() };
    assert_eq!(
        why(closed("API key revoked")),
        "the platform ended the session (1008 API key revoked): the key is not accepted, use a valid one"
    );
    assert_eq!(
        why(closed("Account deleted")),
        "the platform ended the session (1008 Account deleted): look at the account"
    );
    assert_eq!(
        why(closed("")),
        "the platform ended the session (1008 without a reason): the key is not accepted, use a valid one"
    );
    assert_eq!(why(HaltReason::AttemptsExhausted { attempts: 3 }), "3 attempts in a row failed: try again later");
    assert_eq!(
        why(HaltReason::Configuration { problem: "there is no API key".into() }),
        "there is no API key: check the configuration"
    );
    assert_eq!(HaltReason::KeyRefused { reason: "no".into() }.advice(), Advice::NewKey);
}

/// With drains only on request, none follows the next start: what waited for the one that the close interrupted waits no longer.
#[test]
fn what_waits_for_a_requested_drain_that_a_close_interrupts_goes_out_after_the_next_start() {
    let mut rig = Rig::greeted(options().drain(false));
    rig.input(Input::Drain);
    rig.live_message(33);
    assert!(rig.deliveries.is_empty(), "it waits for the drain");
    rig.input(Input::Close);
    assert!(rig.finished);
    rig.input(Input::Start { api_key: None });
    rig.greet(true);
    assert_eq!(rig.handle_all(), ["c-33"]);
    rig.live_message(34);
    assert_eq!(rig.handle_all(), ["c-34"]);
}
