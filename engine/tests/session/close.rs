//! The end that the application asks for: what is in flight is waited for, acked and committed, but not for ever.

use std::time::Duration;

use agentchat_engine::limits::CLOSE_WAIT;
use agentchat_engine::realtime::{ConnectionState, Event, Input, Outcome};
use serde_json::json;

use crate::rig::{Rig, options, row};

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
    rig.advance(CLOSE_WAIT);
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
fn a_close_before_the_connection_is_up_ends_at_once() {
    let steps: [fn(&mut Rig); 4] = [
        |_| {},
        |rig| rig.input(Input::Start { api_key: None }),
        |rig| {
            rig.input(Input::Start { api_key: None });
            rig.input(Input::Opened(rig.connection.unwrap()));
        },
        |rig| {
            rig.input(Input::Start { api_key: None });
            rig.close(None, "");
        },
    ];
    for (n, step) in steps.into_iter().enumerate() {
        let mut rig = Rig::idle(options());
        step(&mut rig);
        rig.input(Input::Close);
        assert!(rig.finished, "step {n}");
        rig.advance(Duration::from_secs(3_600));
        rig.input(Input::Close);
        let finals = rig.events.iter().filter(|e| matches!(e, Event::Closed { .. } | Event::Halted { .. })).count();
        assert_eq!(finals, 1, "one final event, step {n}");
        assert!(rig.log.iter().filter(|line| line.starts_with("Open ")).count() <= 1);
        assert_eq!(rig.session.state(), &ConnectionState::Closed);
    }
}

#[test]
fn a_close_after_a_halt_changes_nothing() {
    let mut rig = Rig::live();
    rig.close(Some(1008), "Invalid token");
    let (events, state) = (rig.events.len(), rig.session.state().clone());
    rig.input(Input::Close);
    rig.advance(Duration::from_secs(60));
    assert_eq!((rig.events.len(), rig.session.state()), (events, &state));
}

#[test]
fn a_close_flushes_acks_and_commits_the_cursor_first() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("a", 1), row("b", 1), row("c", 1)]);
    let stuck = rig.deliveries.remove(1);
    rig.handle();
    rig.input(Input::Close);
    rig.handle();
    assert!(!rig.finished, "one is in flight and a commit under way");
    rig.input(Input::Settled { delivery: stuck.token, outcome: Outcome::Handled });
    assert_eq!(rig.answer_ack(), "del_a_1");
    assert!(!rig.finished);
    assert_eq!(rig.answer_ack(), "del_c_1");
    assert!(rig.finished);
    assert_eq!((rig.acks(), &rig.closes[..]), (vec!["c-1".to_owned()], &[(1000, "")][..]));
}

#[test]
fn a_commit_that_waits_for_another_try_has_it_at_the_close() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("c", 1)]);
    rig.handle();
    rig.answer_status("/sync/ack", 400, &json!({"code": "VALIDATION_ERROR", "message": "no"}));
    rig.input(Input::Close);
    assert_eq!(rig.answer_ack(), "del_c_1");
    assert!(rig.finished);
}

#[test]
fn a_connection_that_comes_up_while_closing_takes_the_acks_and_no_more() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(2);
    rig.close(Some(1006), "");
    rig.next_socket();
    rig.input(Input::Close);
    rig.greet(true);
    assert_eq!(rig.session.state(), &ConnectionState::Closing);
    assert!(!rig.has_request("/sync"));
    rig.handle();
    assert_eq!(rig.acks(), ["c-1"]);
    assert!(rig.finished && rig.deliveries.is_empty());
}
