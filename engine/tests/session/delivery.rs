//! Settling: acks, redelivery, giving up, discarding, back-pressure.

use std::time::Duration;

use agentchat_engine::realtime::{Event, Input, Outcome};
use serde_json::json;

use crate::rig::{Rig, id, message, options, row};

#[test]
fn nothing_is_delivered_or_acked_without_a_consumer() {
    let mut rig = Rig::live();
    rig.input(Input::Consumer(false));
    rig.live_message(1);
    assert!(rig.deliveries.is_empty() && rig.acks().is_empty());
    rig.input(Input::Consumer(true));
    assert_eq!(rig.handle_all(), ["c-1"]);
    assert_eq!(rig.acks(), ["c-1"]);
}

#[test]
fn an_ack_follows_handling_and_not_delivery() {
    let mut rig = Rig::live();
    rig.live_message(1);
    assert!(rig.acks().is_empty());
    rig.handle();
    assert_eq!(rig.acks(), ["c-1"]);
}

#[test]
fn a_failed_message_is_offered_again_in_place_and_then_given_up() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(2);
    for (attempt, wait) in [(1, 1), (2, 5), (3, 30)] {
        assert_eq!(rig.fail_delivery().attempt, attempt);
        rig.input(Input::Alive(rig.connection.unwrap()));
        rig.advance(Duration::from_millis(wait * 1_000 - 1));
        assert!(rig.deliveries.is_empty(), "2 waits behind 1");
        rig.advance(Duration::from_millis(1));
    }
    assert_eq!(rig.fail_delivery().attempt, 4);
    assert!(rig.has_event(|e| matches!(e, Event::GaveUp { attempts: 4, last: false, .. })));
    assert_eq!(rig.handle_all(), ["c-2"]);
    assert_eq!(rig.acks(), ["c-2"], "what was given up is not acked");
}

#[test]
fn what_was_given_up_comes_back_with_the_next_drain_a_few_times() {
    let mut rig = Rig::greeted(options().redelivery(vec![]).reoffers(2));
    rig.answer_sync(&[row("c", 1)]);
    for attempt in 1..=3 {
        assert_eq!(rig.fail_delivery().attempt, attempt);
        rig.input(Input::Drain);
        rig.answer_sync(&[row("c", 1)]);
    }
    assert!(rig.deliveries.is_empty());
    assert!(rig.has_event(|e| matches!(e, Event::GaveUp { attempts: 3, last: true, .. })));
    assert!(!rig.has_request("/sync/ack"), "the platform still holds it");
}

#[test]
fn the_application_can_choose_the_wait() {
    let mut rig = Rig::live();
    rig.live_message(1);
    let token = rig.deliveries.remove(0).token;
    let outcome = Outcome::Failed { retry_after: Some(Duration::from_millis(10)) };
    rig.input(Input::Settled { delivery: token, outcome });
    rig.advance(Duration::from_millis(10));
    assert_eq!(rig.deliveries[0].attempt, 2);
}

#[test]
fn settling_twice_or_something_unknown_changes_nothing() {
    let mut rig = Rig::live();
    rig.live_message(1);
    let token = rig.deliveries[0].token;
    rig.handle();
    rig.acks();
    rig.input(Input::Settled { delivery: token, outcome: Outcome::Failed { retry_after: None } });
    rig.input(Input::Settled { delivery: token, outcome: Outcome::Handled });
    rig.advance(Duration::from_secs(2));
    assert!(rig.deliveries.is_empty() && rig.acks().is_empty());
}

#[test]
fn a_message_being_handled_is_not_started_twice() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(1);
    rig.reconnect();
    rig.live_message(1);
    rig.answer_sync(&[row("c", 1)]);
    assert_eq!(rig.deliveries.len(), 1);
    rig.handle();
    assert!(rig.deliveries.is_empty());
    assert_eq!(rig.answer_ack(), "del_c_1");
}

#[test]
fn acks_that_could_not_be_sent_go_out_after_the_next_hello() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.close(Some(1006), "");
    rig.handle();
    assert!(rig.acks().is_empty());
    rig.next_socket();
    rig.greet(true);
    assert_eq!(rig.acks(), ["c-1"]);
}

#[test]
fn a_platform_without_the_capability_gets_no_acks() {
    let mut rig = Rig::idle(options());
    rig.input(Input::Consumer(true));
    rig.input(Input::Start { api_key: None });
    rig.greet(false);
    assert!(rig.has_event(|e| matches!(e, Event::Connected { ack_mode: false, .. })));
    rig.answer_sync(&[row("c", 1)]);
    rig.live_message(2);
    assert_eq!(rig.handle_all(), ["c-1", "c-2"]);
    assert!(rig.acks().is_empty());
    assert_eq!(rig.answer_ack(), "del_c_1");
}

#[test]
fn discarding_acks_and_reports() {
    let mut rig = Rig::live();
    rig.live_message(1);
    let token = rig.deliveries.remove(0).token;
    rig.input(Input::Settled { delivery: token, outcome: Outcome::Discarded { reason: "spam".into() } });
    assert_eq!(rig.acks(), ["c-1"]);
    assert!(rig.has_event(|e| matches!(e, Event::Discarded { reason, .. } if reason == "spam")));
}

#[test]
fn deliveries_in_flight_are_limited_over_all_conversations() {
    let mut rig = Rig::greeted(options().max_in_flight(2));
    rig.answer_sync(&[]);
    for conversation in ["a", "b", "c"] {
        rig.frame(json!({"type": "message.new", "payload": message(conversation, 1)}));
    }
    assert_eq!(rig.deliveries.iter().map(id).collect::<Vec<_>>(), ["a-1", "b-1"]);
    rig.handle();
    assert_eq!(rig.deliveries.iter().map(id).collect::<Vec<_>>(), ["b-1", "c-1"]);
}

#[test]
fn other_events_of_the_platform_are_passed_on_as_they_came() {
    let mut rig = Rig::live();
    let frame = r#"{"type":"message.read","payload":{"message_id":"m"},"new":1}"#;
    rig.text(frame);
    let passed =
        |e: &Event| matches!(e, Event::Server(server) if server.kind == "message.read" && server.text == frame);
    assert!(rig.has_event(passed));
}

#[test]
fn every_offer_says_which_attempt_it_is_over_all_ways_that_it_comes() {
    let mut rig = Rig::live();
    rig.input(Input::Consumer(true));
    rig.live_message(1);
    for attempt in 1..=3 {
        assert_eq!(rig.fail_delivery().attempt, attempt);
        rig.input(Input::Alive(rig.connection.unwrap()));
        rig.advance(Duration::from_secs([1, 5, 30][attempt as usize - 1]));
    }
    rig.fail_delivery();
    rig.reconnect();
    rig.answer_sync(&[row("c", 1)]);
    assert_eq!(rig.deliveries[0].attempt, 5);
    rig.handle();
    assert_eq!(rig.answer_ack(), "del_c_1");
}

#[test]
fn a_message_given_up_for_good_is_neither_offered_nor_acked() {
    let mut rig = Rig::greeted(options().redelivery(vec![]).reoffers(0));
    rig.answer_sync(&[row("c", 1), row("d", 1)]);
    rig.fail_delivery();
    assert!(rig.has_event(|e| matches!(e, Event::GaveUp { attempts: 1, last: true, .. })));
    assert_eq!(rig.handle(), "d-1");
    rig.live_message(1);
    rig.input(Input::Drain);
    rig.answer_sync(&[row("c", 1), row("d", 1)]);
    assert!(rig.deliveries.is_empty() && !rig.has_request("/sync/ack"));
    assert_eq!(rig.acks(), ["d-1", "d-1"], "behind it rows are acked by frame");
}

#[test]
fn a_conversation_whose_message_failed_holds_up_no_other() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(2);
    rig.fail_delivery();
    rig.frame(json!({"type": "message.new", "payload": message("d", 1)}));
    assert_eq!(rig.handle_all(), ["d-1"]);
    rig.advance(Duration::from_secs(1));
    assert_eq!(rig.handle_all(), ["c-1", "c-2"]);
}

#[test]
fn discards_are_counted() {
    let mut rig = Rig::live();
    for seq in 1..=2 {
        rig.live_message(seq);
        let delivery = rig.deliveries.remove(0).token;
        rig.input(Input::Settled { delivery, outcome: Outcome::Discarded { reason: "spam".into() } });
        assert!(rig.has_event(|e| matches!(e, Event::Discarded { discarded, .. } if *discarded == seq)));
    }
}
