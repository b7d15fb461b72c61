//! Order within a conversation: marks, early and late messages, own sends, gaps.

use std::time::Duration;

use agentchat_engine::realtime::{Event, GapReason, Input, SeqRange, SessionOptions};
use serde_json::json;

use crate::rig::{Rig, id, message, options, row};

#[test]
fn early_messages_wait_for_what_is_before_them() {
    let mut rig = Rig::live();
    for seq in [1, 3, 4, 2] {
        rig.live_message(seq);
    }
    assert_eq!(rig.handle_all(), ["c-1", "c-2", "c-3", "c-4"]);
    assert_eq!(rig.acks(), ["c-1", "c-2", "c-3", "c-4"]);
    rig.advance(Duration::from_secs(10));
    assert!(!rig.has_event(|e| matches!(e, Event::SequenceGap { .. })));
}

#[test]
fn the_mark_survives_idleness_and_reconnects() {
    let mut rig = Rig::live();
    for seq in [1, 2] {
        rig.live_message(seq);
    }
    rig.handle_all();
    rig.reconnect();
    rig.answer_sync(&[]);
    rig.live_message(4);
    assert!(rig.deliveries.is_empty(), "3 is missing, although the conversation was idle");
    rig.live_message(3);
    assert_eq!(rig.handle_all(), ["c-3", "c-4"]);
}

#[test]
fn a_gap_is_given_up_after_its_window_and_what_comes_later_is_late() {
    let mut rig = Rig::greeted(options().fill_gaps(false));
    rig.answer_sync(&[]);
    for seq in [1, 4, 7] {
        rig.live_message(seq);
    }
    rig.advance(Duration::from_millis(1_999));
    assert_eq!(rig.handle_all(), ["c-1"]);
    rig.advance(Duration::from_millis(1));
    assert_eq!(rig.handle_all(), ["c-4", "c-7"]);
    let gaps = rig.events.iter().filter_map(|e| match e {
        Event::SequenceGap { expected, missing, recovered, reason, waited, .. } => {
            Some((*expected, missing.clone(), *recovered, *reason, waited.as_millis()))
        }
        _ => None,
    });
    let gap = |first, last| (first, vec![SeqRange { first, last }], false, GapReason::FillUnavailable, 2_000);
    assert_eq!(gaps.collect::<Vec<_>>(), [gap(2, 3), gap(5, 6)]);
    rig.live_message(3);
    assert!(rig.deliveries[0].late);
    assert_eq!(rig.handle_all(), ["c-3"]);
    rig.live_message(8);
    assert!(!rig.deliveries[0].late);
}

#[test]
fn every_gap_has_a_window_of_its_own() {
    let mut rig = Rig::greeted(options().fill_gaps(false));
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.live_message(3);
    rig.advance(Duration::from_millis(1_500));
    rig.live_message(6);
    rig.live_message(2);
    assert_eq!(rig.handle_all(), ["c-1", "c-2", "c-3"]);
    rig.advance(Duration::from_millis(1_900));
    assert!(rig.deliveries.is_empty(), "the gap before 6 was noticed 1,900 ms ago");
    rig.advance(Duration::from_millis(100));
    assert_eq!(rig.handle_all(), ["c-6"]);
}

#[test]
fn own_sends_are_not_gaps() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.input(Input::Sent { conversation_id: "c".into(), seq: 2 });
    rig.live_message(3);
    assert_eq!(rig.handle_all(), ["c-1", "c-3"]);
    rig.live_message(5);
    assert!(rig.deliveries.is_empty());
    rig.input(Input::Sent { conversation_id: "c".into(), seq: 4 });
    assert_eq!(rig.handle_all(), ["c-5"], "the answer to our send came after the reply to it");
}

#[test]
fn an_own_row_of_the_drain_moves_the_mark() {
    let mut rig = Rig::greeted(options());
    let mut own = row("c", 2);
    own["sender"] = json!("me");
    rig.answer_sync(&[row("c", 1), own]);
    assert_eq!(rig.handle_all(), ["c-1"]);
    assert_eq!(rig.answer_ack(), "del_c_2");
    rig.live_message(3);
    assert_eq!(rig.handle_all(), ["c-3"], "nothing is missing before it");
}

#[test]
fn an_own_send_does_not_anchor_a_conversation() {
    let mut rig = Rig::live();
    rig.input(Input::Sent { conversation_id: "c".into(), seq: 2 });
    rig.live_message(1);
    rig.live_message(3);
    assert!(!rig.deliveries[0].late);
    assert_eq!(rig.handle_all(), ["c-1", "c-3"]);
}

#[test]
fn rows_by_ourselves_move_the_mark_and_are_not_delivered_unless_asked_for() {
    let mut own = message("c", 2);
    own["sender"] = json!("me");
    for echo in [false, true] {
        let mut rig = Rig::greeted(options().echo(echo));
        rig.answer_sync(&[]);
        rig.live_message(1);
        rig.frame(json!({"type": "message.new", "payload": own}));
        rig.live_message(3);
        assert_eq!(rig.handle_all().len(), if echo { 3 } else { 2 });
    }
}

#[test]
fn an_implausible_seq_is_delivered_and_moves_no_mark() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(1_000_000);
    rig.live_message(2);
    assert_eq!([rig.handle(), rig.handle()], ["c-1", "c-1000000"]);
    assert!(!rig.deliveries[0].late);
    assert_eq!(rig.handle_all(), ["c-2"]);
    assert!(rig.has_event(|e| matches!(e, Event::ImplausibleSeq { seq: 1_000_000, expected: 2, .. })));
    rig.live_message(3);
    assert_eq!(rig.handle_all(), ["c-3"]);
}

#[test]
fn messages_without_a_usable_seq_are_delivered_at_once() {
    let mut rig = Rig::live();
    rig.live_message(5);
    for (n, seq) in [json!(null), json!("6"), json!(1.5), json!(-1), json!(true), json!(9_007_199_254_740_992_u64)]
        .into_iter()
        .enumerate()
    {
        let mut odd = message("c", 0);
        odd["id"] = json!(format!("odd-{n}"));
        odd["seq"] = seq;
        rig.frame(json!({"type": "message.new", "payload": odd}));
    }
    assert_eq!(rig.handle_all(), ["c-5", "odd-0", "odd-1", "odd-2", "odd-3", "odd-4", "odd-5"]);
    rig.live_message(6);
    assert_eq!(rig.handle_all(), ["c-6"]);
}

#[test]
fn the_first_early_message_over_five_hundred_resolves_the_gap() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.handle_all();
    for seq in 3..=502 {
        rig.live_message(seq);
    }
    assert!(rig.deliveries.is_empty());
    rig.live_message(503);
    assert_eq!(rig.handle_all().len(), 501);
    assert!(rig.has_event(|e| matches!(e, Event::SequenceGap { reason: GapReason::Overflow, expected: 2, .. })));
    rig.live_message(504);
    rig.live_message(2);
    assert!(rig.deliveries.iter().any(|d| id(d) == "c-504"));
}

#[test]
fn conversations_do_not_wait_for_each_other() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.frame(json!({"type": "message.new", "payload": message("d", 9)}));
    assert_eq!(rig.deliveries.iter().map(id).collect::<Vec<_>>(), ["c-1", "d-9"]);
    rig.live_message(2);
    assert_eq!(rig.deliveries.len(), 2, "one at a time in a conversation");
}

/// Live messages that come while a drain runs.
fn held(rig: &mut Rig, seqs: &[u64]) {
    for seq in seqs {
        rig.live_message(*seq);
    }
}

#[test]
fn an_implausible_seq_among_held_messages_moves_no_mark() {
    let mut rig = Rig::greeted(options());
    held(&mut rig, &[5, 9_000_000_000, 6]);
    assert!(rig.deliveries.is_empty());
    rig.answer_sync(&[row("c", 3)]);
    rig.advance(Duration::from_secs(2));
    assert!(rig.has_event(|e| matches!(e, Event::ImplausibleSeq { seq: 9_000_000_000, .. })));
    rig.answer("/messages/c", &json!([]));
    let mut handled = rig.handle_all();
    handled.sort();
    assert_eq!(handled, ["c-3", "c-5", "c-6", "c-9000000000"]);
    rig.live_message(7);
    assert!(!rig.deliveries[0].late, "the mark is where it was");
}

#[test]
fn an_implausible_row_of_the_drain_or_of_history_moves_no_mark() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.handle();
    rig.input(Input::Drain);
    rig.answer_sync(&[row("c", 1 << 50)]);
    assert!(rig.has_event(|e| matches!(e, Event::ImplausibleSeq { expected: 2, .. })));
    assert_eq!(rig.handle_all(), [format!("c-{}", 1_u64 << 50)]);
    rig.live_message(3);
    rig.advance(Duration::from_secs(2));
    rig.answer("/messages/c", &json!([message("c", 2), message("c", (1 << 50) + 1)]));
    assert_eq!(rig.handle_all(), ["c-2", "c-3"], "what is far ahead will come by itself");
    rig.live_message(4);
    assert!(!rig.deliveries[0].late);
}

#[test]
fn a_conversation_that_went_on_without_us_is_believed_the_second_time() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(50_000);
    rig.live_message(50_001);
    rig.live_message(50_003);
    assert_eq!([rig.handle(), rig.handle(), rig.handle()], ["c-1", "c-50000", "c-50001"]);
    assert!(rig.deliveries.is_empty(), "50002 is waited for");
    rig.live_message(50_002);
    assert_eq!(rig.handle_all(), ["c-50002", "c-50003"]);
    assert_eq!(rig.events.iter().filter(|e| matches!(e, Event::ImplausibleSeq { .. })).count(), 1);
    rig.live_message(2);
    assert!(rig.deliveries[0].late, "never dropped");
}

#[test]
fn without_the_own_handle_history_is_not_asked_and_no_own_message_is_delivered() {
    let mut rig = Rig::greeted(SessionOptions::default().max_in_flight(1));
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.live_message(3);
    let mut own = message("c", 4);
    own["sender"] = json!("me");
    rig.frame(json!({"type": "message.new", "payload": own}));
    rig.advance(Duration::from_millis(75));
    assert!(!rig.has_request("/messages/c"), "an answer would have our own messages in it");
    rig.until_request("/sync");
    rig.answer_sync(&[row("c", 1), row("c", 3), row("c", 4)]);
    assert!(!rig.has_event(|e| matches!(e, Event::SequenceGap { .. })), "a drain has all that is not delivered");
    rig.answer("/agents/me", &json!({"handle": "me"}));
    rig.live_message(5);
    assert_eq!(rig.handle_all(), ["c-1", "c-3", "c-5"], "4 turned out to be our own while it waited");
    assert_eq!(rig.acks(), ["c-5"]);
    assert_eq!(rig.answer_ack(), "del_c_4", "the others were rows of the drain");
}

#[test]
fn a_gap_waits_for_the_own_handle_no_longer_than_the_patience_and_is_healed_by_a_drain() {
    let mut rig = Rig::greeted(SessionOptions::default());
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.handle();
    rig.live_message(3);
    rig.fail_for("/sync", Duration::from_secs(29));
    assert!(rig.deliveries.is_empty());
    rig.fail_for("/sync", Duration::from_secs(60));
    assert_eq!(rig.handle_all(), ["c-3"]);
    assert!(rig.has_event(|e| matches!(e, Event::SequenceGap { reason: GapReason::FillUnavailable, .. })));
    rig.until_request("/sync");
    rig.answer_sync(&[row("c", 2)]);
    assert_eq!(rig.handle_all(), ["c-2"]);
}

#[test]
fn when_the_own_handle_is_known_the_gaps_that_waited_are_asked_about() {
    let mut rig = Rig::greeted(SessionOptions::default().drain(false));
    rig.live_message(1);
    rig.live_message(3);
    rig.advance(Duration::from_secs(5));
    assert!(!rig.has_request("/messages/c"));
    rig.answer("/agents/me", &json!({"handle": "me"}));
    rig.answer("/messages/c", &json!([message("c", 2), message("c", 3)]));
    assert_eq!(rig.handle_all(), ["c-1", "c-2", "c-3"]);
}

#[test]
fn what_is_behind_the_mark_and_in_flight_is_ignored_and_handled_is_acked_again() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(2);
    rig.live_message(1);
    assert_eq!(rig.handle(), "c-1");
    rig.acks();
    rig.live_message(1);
    assert_eq!(rig.acks(), ["c-1"]);
    assert_eq!(rig.handle_all(), ["c-2"]);
}

#[test]
fn a_late_message_is_reported_before_it_is_offered() {
    let mut rig = Rig::greeted(options().fill_gaps(false));
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.live_message(3);
    rig.advance(Duration::from_secs(2));
    rig.handle_all();
    rig.live_message(2);
    let late = |line: &String| line.starts_with("Event(Late");
    let deliver = |line: &String| line.starts_with("Deliver(");
    let said = rig.log.iter().position(late).expect("a late event");
    assert_eq!(rig.log.iter().rposition(deliver), Some(said + 1));
    rig.fail_delivery();
    rig.advance(Duration::from_secs(1));
    assert!(rig.deliveries[0].late);
    assert_eq!(rig.events.iter().filter(|e| matches!(e, Event::Late { seq: 2, .. })).count(), 1, "said once");
}
