//! Rows of history that cannot be read: neither absent nor in order, and not lost.

use std::time::Duration;

use agentchat_engine::realtime::{DeliveryBody, Event, GapReason, Input, Origin, SeqRange};
use serde_json::{Value, json};

use crate::ack_modes::reconnect_without_acks;
use crate::legacy::{HISTORY, legacy};
use crate::rig::{Rig, message, options, row};

fn connected(ack_mode: bool) -> Rig {
    let mut rig = if ack_mode { Rig::live() } else { legacy(options()) };
    rig.live_message(1);
    assert_eq!(rig.handle_all(), ["c-1"]);
    rig
}

/// With an id of another type than the contract says.
fn spoiled(mut row: Value) -> Value {
    row["id"] = json!(12);
    row
}

fn gap(rig: &Rig) -> (Vec<SeqRange>, Vec<SeqRange>, Vec<SeqRange>, bool, GapReason) {
    let gaps: Vec<_> = rig.events.iter().filter(|e| matches!(e, Event::SequenceGap { .. })).collect();
    let [Event::SequenceGap { filled, absent, missing, recovered, reason, .. }] = gaps.as_slice() else {
        panic!("one gap: {gaps:?}")
    };
    (filled.clone(), absent.clone(), missing.clone(), *recovered, *reason)
}

fn one(seq: u64) -> Vec<SeqRange> {
    vec![SeqRange { first: seq, last: seq }]
}

#[test]
fn a_row_of_history_that_cannot_be_read_is_missing_and_fetched_by_a_drain() {
    let mut rig = connected(true);
    rig.live_message(4);
    rig.advance(Duration::from_secs(2));
    rig.answer(HISTORY, &json!([message("c", 2), spoiled(message("c", 3)), message("c", 4)]));
    assert_eq!(gap(&rig), (one(2), vec![], one(3), false, GapReason::FillFailed));
    assert_eq!(rig.handle_all(), ["c-2", "c-4"]);
    rig.advance(Duration::from_secs(1));
    rig.answer_sync(&[spoiled(row("c", 3))]);
    let delivery = rig.deliveries.remove(0);
    assert!(matches!(delivery.body, DeliveryBody::Unreadable(_)), "{delivery:?}");
}

#[test]
fn without_acks_it_is_delivered_as_it_came() {
    let mut rig = connected(false);
    rig.live_message(3);
    rig.advance(Duration::from_secs(2));
    rig.answer(HISTORY, &json!([spoiled(message("c", 2)), message("c", 3)]));
    assert_eq!(gap(&rig), (vec![], vec![], one(2), false, GapReason::FillFailed));
    let unreadable: Vec<_> =
        rig.deliveries.iter().filter(|d| matches!(d.body, DeliveryBody::Unreadable(_))).map(|d| d.origin).collect();
    assert_eq!(unreadable, [Origin::Fill]);
    rig.handle_all();
    // The same row in a later answer is known.
    rig.live_message(5);
    rig.advance(Duration::from_secs(2));
    rig.answer(HISTORY, &json!([spoiled(message("c", 2)), message("c", 4), message("c", 5)]));
    assert_eq!(rig.handle_all(), ["c-4", "c-5"]);
}

#[test]
fn without_acks_it_is_delivered_also_if_it_was_shed_or_stepped_over() {
    let mut rig = connected(false);
    reconnect_without_acks(&mut rig, None);
    rig.answer_sync(&[row("c", 3)]);
    rig.answer(HISTORY, &json!([spoiled(message("c", 2)), message("c", 3)]));
    assert!(rig.deliveries.iter().any(|d| matches!(d.body, DeliveryBody::Unreadable(_))));
}

#[test]
fn without_acks_it_is_delivered_also_if_history_has_nothing_else() {
    let mut rig = connected(false);
    reconnect_without_acks(&mut rig, None);
    rig.answer_sync(&[row("c", 3)]);
    rig.answer(HISTORY, &json!([spoiled(message("c", 2))]));
    assert_eq!(rig.deliveries.len(), 2, "{:?}", rig.deliveries);
    rig.handle_all();
    rig.input(Input::Drain);
    assert!(!rig.has_request(HISTORY), "nothing is missing any more");
}

#[test]
fn without_acks_one_that_there_is_no_room_for_is_asked_for_again() {
    let mut rig = legacy(options().buffered_messages(2));
    rig.live_message(1);
    rig.handle_all();
    reconnect_without_acks(&mut rig, None);
    rig.answer_sync(&[row("c", 4)]);
    rig.frame(json!({"type": "message.new", "payload": message("d", 1)}));
    let history = json!([spoiled(message("c", 2)), message("c", 3)]);
    rig.answer(HISTORY, &history);
    assert!(!rig.has_request(HISTORY), "there is no room yet");
    assert_eq!(rig.handle_all(), ["c-4", "d-1"]);
    rig.answer(HISTORY, &history);
    assert_eq!(rig.deliveries.len(), 2, "{:?}", rig.deliveries);
}

#[test]
fn without_acks_a_live_one_that_there_is_no_room_for_is_fetched_from_history() {
    let mut rig = legacy(options().buffered_messages(2));
    rig.live_message(1);
    rig.handle_all();
    for seq in [1, 2] {
        rig.frame(json!({"type": "message.new", "payload": message("d", seq)}));
    }
    rig.frame(json!({"type": "message.new", "payload": spoiled(message("c", 2))}));
    assert!(rig.has_event(|e| matches!(e, Event::Shed { dropped: 1 })));
    assert!(!rig.has_request(HISTORY), "there is no room yet");
    assert_eq!(rig.handle_all(), ["d-1", "d-2"]);
    rig.answer(HISTORY, &json!([spoiled(message("c", 2))]));
    let [delivery] = &rig.deliveries[..] else { panic!("{:?}", rig.deliveries) };
    assert!(matches!(delivery.body, DeliveryBody::Unreadable(_)) && delivery.origin == Origin::Fill, "{delivery:?}");
}

#[test]
fn a_page_of_nothing_else_is_followed_by_the_next() {
    let mut rig = connected(true);
    rig.live_message(5);
    rig.advance(Duration::from_secs(2));
    rig.answer(HISTORY, &json!([spoiled(message("c", 2)), spoiled(message("c", 3))]));
    rig.answer(HISTORY, &json!([message("c", 4), message("c", 5)]));
    let missing = vec![SeqRange { first: 2, last: 3 }];
    assert_eq!(gap(&rig), (one(4), vec![], missing, false, GapReason::FillFailed));
    assert_eq!(rig.handle_all(), ["c-4", "c-5"]);
}

#[test]
fn a_page_without_any_place_to_go_on_from_is_asked_for_again_until_the_patience_ends() {
    let mut rig = connected(true);
    rig.live_message(3);
    while rig.deliveries.is_empty() {
        rig.advance(Duration::from_millis(75));
        rig.input(Input::Alive(rig.connection.unwrap()));
        if rig.has_request(HISTORY) {
            rig.answer(HISTORY, &json!([null]));
        }
    }
    assert_eq!(gap(&rig), (vec![], vec![], one(2), false, GapReason::FillFailed));
    assert_eq!(rig.handle_all(), ["c-3"]);
}

#[test]
fn a_place_in_another_conversation_says_nothing_about_this_one() {
    let mut rig = connected(true);
    rig.live_message(3);
    rig.advance(Duration::from_secs(2));
    rig.answer(HISTORY, &json!([spoiled(message("d", 2)), message("c", 3)]));
    assert_eq!(gap(&rig), (vec![], one(2), vec![], true, GapReason::Filled));
}

#[test]
fn a_row_that_is_known_costs_no_drain() {
    let mut poison = message("c", 2);
    poison["deep"] = (0..200).fold(json!(0), |inside, _| json!([inside]));
    let mut rig = connected(true);
    rig.live_message(3);
    rig.advance(Duration::from_secs(2));
    rig.answer(HISTORY, &json!([poison, message("c", 3)]));
    rig.advance(Duration::from_secs(1));
    let mut stored = poison.clone();
    stored["delivery_id"] = json!("del_2");
    rig.answer_sync(&[stored]);
    rig.handle_all();
    rig.live_message(5);
    rig.advance(Duration::from_secs(2));
    rig.answer(HISTORY, &json!([poison, message("c", 4), message("c", 5)]));
    rig.advance(Duration::from_secs(5));
    assert!(!rig.has_request("/sync"));
}

#[test]
fn one_without_an_id_is_known_by_its_place_whichever_way_it_comes() {
    let mut rig = connected(false);
    rig.live_message(3);
    rig.advance(Duration::from_secs(2));
    rig.answer(HISTORY, &json!([spoiled(row("c", 2)), message("c", 3)]));
    assert_eq!(rig.deliveries.len(), 2);
    rig.handle_all();
    rig.frame(json!({"type": "message.new", "payload": spoiled(message("c", 2))}));
    rig.input(Input::Drain);
    rig.answer_sync(&[spoiled(row("c", 2))]);
    assert!(rig.deliveries.is_empty(), "{:?}", rig.deliveries);
}

#[test]
fn without_acks_one_that_was_given_up_is_asked_of_history_with_the_next_drain() {
    let mut rig = legacy(options().redelivery(vec![]).reoffers(1));
    rig.frame(json!({"type": "message.new", "payload": spoiled(message("c", 1))}));
    assert_eq!(rig.fail_delivery().attempt, 1);
    let said = rig.events.iter().find_map(|event| match event {
        Event::GaveUp { message_id, conversation_id, seq, last, .. } => {
            Some((message_id.clone(), conversation_id.clone(), *seq, *last))
        }
        _ => None,
    });
    assert_eq!(said, Some((None, Some("c".into()), Some(1), false)), "it has no id, and its place tells which it is");
    rig.input(Input::Drain);
    rig.answer_sync(&[]);
    rig.answer(HISTORY, &json!([spoiled(message("c", 1))]));
    assert_eq!(rig.fail_delivery().attempt, 2);
    assert!(rig.has_event(|e| matches!(e, Event::GaveUp { last: true, .. })));
    rig.input(Input::Drain);
    rig.answer_sync(&[]);
    assert!(!rig.has_request(HISTORY));
}

#[test]
fn without_acks_one_that_was_given_up_is_offered_again_when_it_is_pushed_again() {
    let mut rig = legacy(options().redelivery(vec![]));
    for attempt in 1..=2 {
        rig.frame(json!({"type": "message.new", "payload": spoiled(message("c", 1))}));
        assert_eq!(rig.fail_delivery().attempt, attempt);
    }
}

#[test]
fn without_a_drain_it_is_delivered_as_it_came_and_acked_by_its_id() {
    let mut rig = Rig::greeted(options().drain(false));
    let mut nameless = message("c", 1);
    nameless["conversation_id"] = json!(null);
    for _ in 0..2 {
        rig.frame(json!({"type": "message.new", "payload": nameless}));
        assert!(rig.deliveries.len() <= 1);
        rig.handle_all();
        assert_eq!(rig.acks(), ["c-1"], "also when it comes again");
    }
    rig.live_message(2);
    rig.live_message(4);
    rig.advance(Duration::from_secs(2));
    rig.answer(HISTORY, &json!([spoiled(message("c", 3)), message("c", 4)]));
    assert_eq!(rig.deliveries.len(), 2, "{:?}", rig.deliveries);
}

#[test]
fn what_could_not_be_read_is_not_waited_for() {
    let mut rig = connected(false);
    rig.frame(json!({"type": "message.new", "payload": spoiled(message("c", 2))}));
    rig.live_message(3);
    assert_eq!(rig.deliveries.len(), 2);
}

#[test]
fn a_row_behind_full_buffers_makes_nothing_before_it_absent() {
    let mut rig = legacy(options().buffered_messages(3));
    rig.live_message(1);
    rig.handle_all();
    rig.live_message(5);
    rig.frame(json!({"type": "message.new", "payload": message("d", 1)}));
    rig.advance(Duration::from_secs(2));
    let history = json!([message("c", 2), message("c", 3), spoiled(message("c", 4)), message("c", 5)]);
    rig.answer(HISTORY, &history);
    let missing = vec![SeqRange { first: 3, last: 4 }];
    assert_eq!(gap(&rig), (one(2), vec![], missing, false, GapReason::Overflow));
    assert_eq!(rig.handle_all(), ["d-1", "c-2", "c-5"]);
    rig.answer_sync(&[]);
    rig.answer(HISTORY, &history);
    assert_eq!(rig.deliveries.len(), 2, "{:?}", rig.deliveries);
}
