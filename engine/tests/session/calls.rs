//! The reports of the session's own calls: each attempt has its number, and each call one end.

use std::time::Duration;

use agentchat_engine::realtime::{CallStep, Input, SessionOptions};
use agentchat_engine::rest::RetryPlan;
use agentchat_engine::{Error, FaultKind};
use serde_json::json;

use crate::rig::{Rig, options, row};

/// What was said of calls since the last look.
fn said(rig: &mut Rig) -> Vec<&'static str> {
    let word = |step| match step {
        CallStep::Retrying(_) => "retrying",
        CallStep::Succeeded { .. } => "succeeded",
        CallStep::Failed(_) => "failed",
        CallStep::Dropped => "dropped",
    };
    rig.steps.drain(..).map(|(_, step)| word(step)).collect()
}

#[test]
fn attempts_of_one_call_bear_its_id_and_count_up() {
    let mut rig = Rig::greeted(options());
    let first = rig.attempts.pop().expect("a page is asked for");
    assert_eq!((first.1.name, first.2), ("sync", 1));
    rig.answer_status("/sync", 503, &json!({"code": "INTERNAL_ERROR", "message": "later"}));
    let [(call, CallStep::Retrying(RetryPlan { next_attempt: 2, delay, cause: Error::Api(_), .. }))] = &rig.steps[..]
    else {
        panic!("{:?}", rig.steps)
    };
    assert_eq!(*call, first.0);
    let delay = *delay;
    rig.advance(delay);
    let second = rig.attempts.pop().expect("it is asked again");
    assert_eq!((second.0, second.1.name, second.2), (first.0, "sync", 2));
    assert_eq!(said(&mut rig), ["retrying"]);
    rig.answer_sync(&[row("c", 1)]);
    assert_eq!(said(&mut rig), ["succeeded"]);

    rig.handle_all();
    let ack = rig.attempts.pop().expect("the cursor is committed");
    assert_eq!((ack.1.name, ack.2), ("sync_ack", 1));
    assert_ne!(ack.0, first.0);
}

#[test]
fn an_attempt_without_an_answer_is_reported_as_timed_out() {
    let mut rig = Rig::greeted(options());
    rig.advance(Duration::from_secs(30));
    let [(_, CallStep::Retrying(RetryPlan { cause: Error::Transport { fault, .. }, .. })), ..] = &rig.steps[..] else {
        panic!("{:?}", rig.steps)
    };
    assert_eq!(fault.kind, FaultKind::Timeout);
}

#[test]
fn a_call_that_is_given_up_is_reported_as_dropped_also_between_its_attempts() {
    for waiting in [false, true] {
        let mut rig = Rig::greeted(options());
        if waiting {
            rig.answer_status("/sync", 503, &json!({"code": "INTERNAL_ERROR", "message": "later"}));
            assert_eq!(said(&mut rig), ["retrying"]);
        }
        rig.close(None, "");
        assert_eq!(said(&mut rig), ["dropped"]);
    }
}

#[test]
fn at_the_end_of_a_session_no_call_is_left() {
    let mut rig = Rig::idle(SessionOptions::default());
    rig.input(Input::Consumer(true));
    rig.input(Input::Start { api_key: None });
    rig.greet(true);
    assert_eq!(rig.attempts.len(), 2, "who this is, and the first page");
    rig.close(Some(4401), "no");
    assert!(rig.finished);
    assert_eq!(said(&mut rig), ["dropped", "dropped"]);
}

#[test]
fn a_refusal_is_the_end_of_its_call() {
    let mut rig = Rig::greeted(options());
    rig.answer_status("/sync", 418, &json!({"code": "NO", "message": "no"}));
    assert_eq!(said(&mut rig), ["failed"]);
    rig.advance(Duration::from_secs(60));
    let [(first, ..), (second, _, attempt), ..] = rig.attempts[..] else { panic!("{:?}", rig.attempts) };
    assert_eq!((first == second, attempt), (false, 1));
}
