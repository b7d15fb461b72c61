//! A platform without acks: a message counts as delivered when it is written, so what was dropped is only in history.

use std::time::Duration;

use agentchat_engine::ApiKey;
use agentchat_engine::realtime::{Event, GapReason, Input, Origin, SessionOptions};
use serde_json::{Value, json};

use crate::rig::{Rig, message, options};

pub(crate) const HISTORY: &str = "/messages/c";

/// Connected without acks and with a consumer, its drain answered with nothing.
pub(crate) fn legacy(options: SessionOptions) -> Rig {
    let mut rig = Rig::idle(options);
    rig.input(Input::Consumer(true));
    rig.input(Input::Start { api_key: None });
    rig.greet(false);
    rig.answer_sync(&[]);
    rig
}

pub(crate) fn small() -> SessionOptions {
    options().buffered_messages(4)
}

pub(crate) fn history(rig: &mut Rig, seqs: impl IntoIterator<Item = u64>) {
    let rows: Vec<Value> = seqs.into_iter().map(|seq| message("c", seq)).collect();
    rig.answer(HISTORY, &json!(rows));
}

pub(crate) fn asked_after(rig: &Rig) -> String {
    rig.requests[&rig.request(HISTORY)].uri().query().unwrap().to_owned()
}

#[test]
fn what_was_shed_is_fetched_from_history() {
    let mut rig = legacy(small());
    for seq in 1..=8 {
        rig.live_message(seq);
    }
    assert!(rig.has_event(|e| matches!(e, Event::Shed { dropped: 1 })));
    assert!(!rig.has_request(HISTORY), "there is no room yet");
    assert_eq!([rig.handle(), rig.handle()], ["c-1", "c-2"]);
    assert_eq!(asked_after(&rig), "limit=200&after_seq=4");
    history(&mut rig, 5..=6);
    assert_eq!(asked_after(&rig), "limit=200&after_seq=6", "7 and 8 are still missing");
    assert_eq!([rig.handle(), rig.handle()], ["c-3", "c-4"]);
    assert_eq!(rig.deliveries[0].origin, Origin::Fill);
    history(&mut rig, 7..=8);
    rig.answer_sync(&[]);
    assert_eq!(rig.handle_all(), ["c-5", "c-6", "c-7", "c-8"]);
    assert!(rig.acks().is_empty());
    assert!(!rig.has_request(HISTORY));
    rig.live_message(9);
    assert_eq!(rig.handle_all(), ["c-9"]);
}

#[test]
fn what_follows_something_shed_waits_for_it() {
    let mut rig = legacy(options().buffered_messages(2));
    rig.frame(json!({"type": "message.new", "payload": message("a", 1)}));
    rig.frame(json!({"type": "message.new", "payload": message("b", 1)}));
    rig.live_message(5);
    assert_eq!(rig.handle(), "a-1");
    rig.live_message(6);
    assert_eq!(rig.deliveries.len(), 1, "b-1 only: 5 was shed, and comes before 6");
    rig.handle();
    history(&mut rig, 5..=6);
    assert_eq!(rig.handle_all(), ["c-5", "c-6"]);
}

#[test]
fn a_retrieval_that_meets_full_buffers_goes_on_when_there_is_room() {
    let mut rig = legacy(small());
    for seq in 1..=9 {
        rig.live_message(seq);
    }
    rig.handle();
    rig.handle();
    rig.answer_sync(&[]);
    history(&mut rig, 5..=9);
    assert!(!rig.has_request(HISTORY), "two fitted");
    assert_eq!([rig.handle(), rig.handle()], ["c-3", "c-4"]);
    assert_eq!(asked_after(&rig), "limit=200&after_seq=6");
    history(&mut rig, 7..=9);
    rig.answer_sync(&[]);
    for seq in 5..=6 {
        assert_eq!(rig.handle(), format!("c-{seq}"));
    }
    history(&mut rig, [9]);
    assert_eq!(rig.handle_all(), ["c-7", "c-8", "c-9"]);
}

#[test]
fn of_an_answer_only_what_is_missing_is_taken() {
    let mut rig = legacy(options().buffered_messages(1));
    rig.live_message(1);
    rig.live_message(2);
    rig.handle();
    let mut own = message("c", 3);
    own["sender"] = json!("me");
    rig.answer(HISTORY, &json!([message("c", 1), message("c", 2), own, message("c", 4), null, message("d", 2)]));
    assert_eq!(rig.handle_all(), ["c-2"]);
}

#[test]
fn what_history_does_not_have_is_no_longer_missing() {
    for answer in [json!([]), json!([message("c", 1)]), json!([message("c", 9)])] {
        let mut rig = legacy(options().buffered_messages(1));
        rig.live_message(1);
        rig.live_message(2);
        rig.handle();
        rig.answer_sync(&[]);
        rig.answer(HISTORY, &answer);
        assert!(rig.deliveries.is_empty() && !rig.has_request(HISTORY), "{answer}");
        rig.input(Input::Drain);
        rig.answer_sync(&[]);
        assert!(!rig.has_request(HISTORY), "{answer}");
    }
}

#[test]
fn a_retrieval_that_fails_is_tried_again_while_the_session_lives() {
    let mut rig = legacy(options().buffered_messages(1));
    rig.live_message(1);
    rig.live_message(2);
    rig.handle();
    rig.answer_sync(&[]);
    for wait in [1, 2, 4] {
        rig.answer_status(HISTORY, 400, &json!({"code": "VALIDATION_ERROR", "message": "no"}));
        rig.advance(Duration::from_millis(wait * 750 - 1));
        assert!(!rig.has_request(HISTORY));
        rig.advance(Duration::from_millis(wait * 500 + 1));
    }
    history(&mut rig, [2]);
    assert_eq!(rig.handle_all(), ["c-2"]);
}

#[test]
fn buffered_messages_survive_a_close() {
    let mut rig = legacy(options());
    rig.live_message(1);
    rig.live_message(3);
    rig.handle();
    rig.close(Some(1006), "");
    rig.next_socket();
    rig.greet(false);
    rig.answer_sync(&[]);
    rig.advance(Duration::from_secs(2));
    history(&mut rig, 2..=3);
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
}

#[test]
fn what_was_given_up_is_asked_of_history_with_the_next_drain() {
    let mut rig = legacy(options().redelivery(vec![]).reoffers(1));
    rig.live_message(1);
    assert_eq!(rig.fail_delivery().attempt, 1);
    assert!(!rig.has_request(HISTORY));
    rig.input(Input::Drain);
    rig.answer_sync(&[]);
    history(&mut rig, [1]);
    assert_eq!(rig.fail_delivery().attempt, 2);
    assert!(rig.has_event(|e| matches!(e, Event::GaveUp { last: true, .. })));
    rig.input(Input::Drain);
    rig.answer_sync(&[]);
    assert!(!rig.has_request(HISTORY));
}

#[test]
fn a_gap_that_history_did_not_answer_for_is_asked_for_again() {
    let mut rig = legacy(options());
    rig.live_message(1);
    rig.live_message(4);
    rig.handle();
    rig.advance(Duration::from_secs(2));
    rig.fail_for(HISTORY, Duration::from_secs(29));
    assert!(rig.has_event(|e| matches!(e, Event::SequenceGap { reason: GapReason::FillFailed, .. })));
    assert_eq!(rig.handle_all(), ["c-4"]);
    // While the connection lives, with growing waits.
    rig.fail_for(HISTORY, Duration::from_secs(300));
    rig.until_request(HISTORY);
    history(&mut rig, 2..=4);
    assert!(rig.deliveries[0].late);
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
}

#[test]
fn after_a_restart_what_was_not_settled_is_fetched_from_history() {
    let mut rig = legacy(options());
    for seq in [1, 2, 3, 6] {
        rig.live_message(seq);
    }
    rig.handle();
    let mut rig = rig.restarted();
    assert_eq!(asked_after(&rig), "limit=200&after_seq=1");
    history(&mut rig, 2..=6);
    rig.answer_sync(&[]);
    rig.advance(Duration::from_secs(2));
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
    history(&mut rig, 4..=6);
    assert_eq!(rig.handle_all(), ["c-4", "c-5", "c-6"]);
}

#[test]
fn after_a_restart_a_gap_that_history_did_not_answer_for_is_asked_for_again() {
    let mut rig = legacy(options());
    rig.live_message(1);
    rig.handle();
    let stored = rig.stored();
    assert!(!stored.contains("owed") && stored.contains("\"legacy\":true"), "{stored}");
    // The next process meets a platform that takes acks, but 2 was pushed to one that does not.
    let mut rig = rig.restarted();
    rig.live_message(3);
    rig.answer_sync(&[]);
    rig.advance(Duration::from_secs(2));
    rig.fail_for(HISTORY, Duration::from_millis(28_500));
    assert!(rig.has_event(|e| matches!(e, Event::SequenceGap { reason: GapReason::FillFailed, .. })));
    assert_eq!(rig.handle_all(), ["c-3"]);
    rig.reconnect();
    assert_eq!(asked_after(&rig), "limit=200&after_seq=1");
    history(&mut rig, 2..=3);
    rig.answer_sync(&[]);
    assert!(rig.deliveries[0].late);
    assert_eq!(rig.handle_all(), ["c-2"]);
}

#[test]
fn what_is_buffered_at_a_halt_waits_for_the_next_start_and_is_missing_in_a_checkpoint() {
    let mut rig = legacy(options());
    for seq in 1..=3 {
        rig.live_message(seq);
    }
    rig.close(Some(4401), "API key rotated");
    assert!(rig.finished);
    assert_eq!(rig.handle_all(), ["c-1"], "nothing follows the end");
    let stored = rig.stored();
    rig.input(Input::Start { api_key: Some(ApiKey::new("ac_new").unwrap()) });
    rig.greet(false);
    rig.answer_sync(&[]);
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
    let mut rig = rig.restart(&stored);
    assert_eq!(asked_after(&rig), "limit=200&after_seq=1");
    history(&mut rig, 2..=3);
    rig.answer_sync(&[]);
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
}

#[test]
fn a_conversation_begins_at_its_lowest_missing_seq_so_that_what_was_lost_above_shows() {
    // 1 to 3 are missing and nothing else is known of the conversation; 4 was lost with the socket.
    let stored = r#"{"format":"agentchat-checkpoint","version":1,"legacy":true,
        "conversations":[{"id":"c","owed":[[1,3]]}],"handled":[],"unacked":[]}"#;
    let mut rig = legacy(options()).restart_legacy(stored);
    rig.fail_for(HISTORY, Duration::from_secs(1));
    rig.answer_sync(&[]);
    rig.live_message(5);
    rig.until_request(HISTORY);
    assert!(rig.deliveries.is_empty(), "5 does not begin the conversation");
    history(&mut rig, 1..=5);
    rig.until_request(HISTORY);
    history(&mut rig, 4..=5);
    assert_eq!(rig.handle_all(), ["c-1", "c-2", "c-3", "c-4", "c-5"]);
}

#[test]
fn what_is_missing_in_a_group_that_was_left_is_asked_for_once() {
    let stored = r#"{"format":"agentchat-checkpoint","version":1,"legacy":true,
        "conversations":[{"id":"c","mark":4,"owed":[[1,3]]}],"handled":[],"unacked":[]}"#;
    let mut rig = legacy(options()).restart_legacy(stored);
    rig.answer_sync(&[]);
    rig.answer_status(HISTORY, 403, &json!({"code": "FORBIDDEN", "message": "not a member"}));
    for _ in 0..3 {
        rig.advance(Duration::from_secs(30));
        rig.close(Some(1006), "");
        rig.next_socket();
        rig.greet(false);
        rig.answer_sync(&[]);
        assert!(!rig.has_request(HISTORY));
    }
    assert!(!rig.stored().contains("owed"));
}

#[test]
fn a_stored_lie_about_a_seq_of_zero_is_asked_for_once() {
    let lie = r#"{"format":"agentchat-checkpoint","version":1,"conversations":[{"id":"c","owed":[[0,0]]}]}"#;
    let mut rig = Rig::live().restart(lie);
    history(&mut rig, []);
    assert!(!rig.has_request(HISTORY));
}

#[test]
fn a_live_message_that_cannot_be_read_is_delivered_because_it_comes_only_once() {
    let mut rig = legacy(options());
    let unreadable = json!({"type": "message.new", "payload": {"id": "m", "seq": 4}});
    rig.frame(unreadable.clone());
    rig.frame(unreadable);
    assert_eq!(rig.deliveries.len(), 1);
    rig.handle();
    rig.advance(Duration::from_secs(2));
    assert!(rig.deliveries.is_empty() && !rig.has_request("/sync"));
}

#[test]
fn what_becomes_missing_while_history_is_asked_stays_missing() {
    let mut rig = legacy(options().buffered_messages(1));
    rig.live_message(4);
    rig.live_message(5);
    rig.handle();
    assert_eq!(asked_after(&rig), "limit=200&after_seq=4");
    rig.answer_sync(&[]);
    rig.frame(json!({"type": "message.new", "payload": message("d", 1)}));
    // Both are shed after the question went out: one before its range, one behind it.
    rig.live_message(3);
    rig.live_message(6);
    rig.handle();
    history(&mut rig, []);
    assert_eq!(asked_after(&rig), "limit=200&after_seq=2", "the answer said nothing of 3 and 6");
    history(&mut rig, 3..=6);
    let mut handled = rig.handle_all();
    while rig.has_request("/sync") {
        rig.answer_sync(&[]);
    }
    history(&mut rig, [6]);
    // 5 may yet come by itself, as far as the order is concerned.
    rig.advance(Duration::from_secs(2));
    handled.extend(rig.handle_all());
    assert_eq!(handled, ["c-3", "c-6"]);
}

#[test]
fn an_implausible_seq_in_history_leaves_the_others_missing() {
    let mut rig = legacy(options().buffered_messages(2));
    for other in ["a", "b"] {
        rig.frame(json!({"type": "message.new", "payload": message(other, 1)}));
    }
    rig.live_message(5);
    rig.handle_all();
    history(&mut rig, [1_000_000_000_000_000]);
    rig.answer_sync(&[]);
    rig.input(Input::Drain);
    rig.answer_sync(&[]);
    history(&mut rig, [5]);
    assert_eq!(rig.handle_all(), ["c-5"]);
}

#[test]
fn an_implausible_seq_that_was_shed_leaves_the_others_missing() {
    let mut rig = legacy(options().buffered_messages(2));
    for other in ["a", "b"] {
        rig.frame(json!({"type": "message.new", "payload": message(other, 1)}));
    }
    for seq in [5, 1_000_000_000_000_000, 6] {
        rig.live_message(seq);
    }
    rig.handle_all();
    history(&mut rig, [5, 1_000_000_000_000_000]);
    rig.answer_sync(&[]);
    assert_eq!(asked_after(&rig), "limit=200&after_seq=5");
    rig.handle_all();
    history(&mut rig, [6]);
    assert_eq!(rig.handle_all(), ["c-6"]);
}
