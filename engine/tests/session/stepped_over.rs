//! A platform without acks counts as delivered what it wrote to a socket that was ending. A drain's row behind it steps over
//! it.

use agentchat_engine::realtime::{Event, Input, Origin};
use serde_json::{Value, json};

use crate::ack_modes::reconnect_without_acks;
use crate::legacy::{HISTORY, history, legacy};
use crate::rig::{Rig, message, options, row};

/// Without acks, 1 handled.
fn one_handled() -> Rig {
    let mut rig = legacy(options());
    rig.live_message(1);
    assert_eq!(rig.handle_all(), ["c-1"]);
    rig
}

#[test]
fn what_a_row_steps_over_is_fetched_from_history() {
    for code in [None, Some(1006), Some(1012)] {
        let mut rig = one_handled();
        reconnect_without_acks(&mut rig, code);
        rig.answer_sync(&[row("c", 4)]);
        assert_eq!(rig.handle_all(), ["c-4"], "a row waits for nothing");
        assert!(!rig.has_event(|e| matches!(e, Event::SequenceGap { .. })), "rows open no gaps");
        history(&mut rig, 2..=4);
        assert!(rig.deliveries[0].late && rig.deliveries[0].origin == Origin::Fill);
        assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
        assert!(!rig.has_request(HISTORY));
    }
}

#[test]
fn a_later_drain_may_be_the_one_that_steps_over_it() {
    let mut rig = one_handled();
    reconnect_without_acks(&mut rig, None);
    rig.answer_sync(&[]);
    reconnect_without_acks(&mut rig, Some(1012));
    rig.answer_sync(&[row("c", 3)]);
    history(&mut rig, 2..=3);
    assert_eq!(rig.handle_all(), ["c-3", "c-2"]);
}

#[test]
fn of_a_conversation_that_begins_with_the_drain_rows_are_sparse() {
    let mut rig = one_handled();
    reconnect_without_acks(&mut rig, None);
    rig.answer_sync(&[row("d", 5), row("d", 9)]);
    assert_eq!(rig.handle_all(), ["d-5", "d-9"]);
    assert!(!rig.has_request("/messages/d"));
}

#[test]
fn what_was_held_when_the_socket_ended_begins_a_conversation() {
    let mut rig = one_handled();
    reconnect_without_acks(&mut rig, None);
    for seq in [3, 4, 6] {
        rig.frame(json!({"type": "message.new", "payload": message("d", seq)}));
    }
    reconnect_without_acks(&mut rig, None);
    rig.answer_sync(&[row("d", 8)]);
    assert_eq!(rig.handle_all(), ["d-3", "d-4", "d-6", "d-8"]);
    let rows: Vec<Value> = (5..=8).map(|seq| message("d", seq)).collect();
    rig.answer("/messages/d", &json!(rows));
    assert_eq!(rig.handle_all(), ["d-5", "d-7"]);
}

#[test]
fn what_is_known_is_not_stepped_over() {
    let mut rig = one_handled();
    rig.input(Input::Sent { conversation_id: "c".into(), seq: 2 });
    rig.live_message(4);
    reconnect_without_acks(&mut rig, None);
    rig.answer_sync(&[row("c", 5)]);
    assert_eq!(rig.handle_all(), ["c-4", "c-5"]);
    history(&mut rig, 3..=5);
    assert_eq!(rig.handle_all(), ["c-3"]);
    reconnect_without_acks(&mut rig, None);
    rig.input(Input::Sent { conversation_id: "c".into(), seq: 6 });
    rig.answer_sync(&[row("c", 7)]);
    assert_eq!(rig.handle_all(), ["c-7"]);
    assert!(!rig.has_request(HISTORY), "6 is our own");
}

#[test]
fn a_row_that_was_handled_or_waits_steps_over_as_well() {
    let mut rig = one_handled();
    rig.live_message(4);
    reconnect_without_acks(&mut rig, None);
    rig.answer_sync(&[row("c", 4)]);
    assert_eq!(rig.handle_all(), ["c-4"]);
    history(&mut rig, 2..=3);
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
}

#[test]
fn the_next_process_asks_for_what_the_last_one_lost_with_its_socket() {
    let rig = one_handled();
    let mut rig = rig.restarted();
    rig.answer_sync(&[row("c", 3)]);
    history(&mut rig, 2..=3);
    assert_eq!(rig.handle_all(), ["c-3", "c-2"]);
}

#[test]
fn with_acks_rows_are_sparse() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.handle_all();
    rig.reconnect();
    rig.answer_sync(&[row("c", 4)]);
    assert_eq!(rig.handle_all(), ["c-4"]);
    assert!(!rig.has_request(HISTORY));
}
