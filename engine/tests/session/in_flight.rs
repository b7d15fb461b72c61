//! Several deliveries of one conversation in flight.

use std::time::Duration;

use agentchat_engine::realtime::{Delivery, Event, Input, Outcome, SessionOptions};

use crate::rig::{Rig, id, options, row};

fn three() -> SessionOptions {
    options().max_in_flight_per_conversation(3)
}

fn in_flight(rig: &Rig) -> Vec<String> {
    rig.deliveries.iter().map(id).collect()
}

fn settle(rig: &mut Rig, which: &str, outcome: Outcome) -> Delivery {
    let at = rig.deliveries.iter().position(|delivery| id(delivery) == which).unwrap();
    let delivery = rig.deliveries.remove(at);
    rig.input(Input::Settled { delivery: delivery.token, outcome });
    delivery
}

fn failed() -> Outcome {
    Outcome::Failed { retry_after: None }
}

fn is_late(event: &Event) -> bool {
    matches!(event, Event::Late { .. })
}

#[test]
fn they_are_offered_in_order_and_settled_in_any() {
    let mut rig = Rig::greeted(three());
    rig.answer_sync(&[]);
    for seq in 1..=5 {
        rig.live_message(seq);
    }
    assert_eq!(in_flight(&rig), ["c-1", "c-2", "c-3"]);
    settle(&mut rig, "c-2", Outcome::Handled);
    assert_eq!(in_flight(&rig), ["c-1", "c-3", "c-4"]);
    settle(&mut rig, "c-1", Outcome::Handled);
    assert_eq!(in_flight(&rig), ["c-3", "c-4", "c-5"]);
    assert_eq!(rig.handle_all(), ["c-3", "c-4", "c-5"]);
    let mut acked = rig.acks();
    acked.sort();
    assert_eq!(acked, ["c-1", "c-2", "c-3", "c-4", "c-5"]);
}

#[test]
fn those_that_fail_are_offered_again_in_order_once_the_last_of_them_has_waited() {
    let mut rig = Rig::greeted(three());
    rig.answer_sync(&[]);
    for seq in 1..=4 {
        rig.live_message(seq);
    }
    settle(&mut rig, "c-3", failed());
    assert_eq!(in_flight(&rig), ["c-1", "c-2"], "4 waits behind 3");
    rig.advance(Duration::from_millis(400));
    settle(&mut rig, "c-1", failed());
    settle(&mut rig, "c-2", Outcome::Handled);
    rig.advance(Duration::from_millis(999));
    assert!(rig.deliveries.is_empty());
    rig.advance(Duration::from_millis(1));
    assert_eq!(in_flight(&rig), ["c-1", "c-3", "c-4"]);
    assert_eq!(
        rig.deliveries.iter().map(|delivery| (delivery.attempt, delivery.late)).collect::<Vec<_>>(),
        [(2, false), (2, false), (1, false)]
    );
    assert!(!rig.has_event(is_late));
    assert_eq!(rig.handle_all(), ["c-1", "c-3", "c-4"]);
}

#[test]
fn what_was_in_flight_is_offered_by_the_next_session_and_none_of_it_late() {
    let mut rig = Rig::greeted(three());
    rig.answer_sync(&[]);
    for seq in 1..=3 {
        rig.live_message(seq);
    }
    settle(&mut rig, "c-2", Outcome::Handled);
    settle(&mut rig, "c-3", failed());
    let mut rig = rig.restarted();
    rig.answer_sync(&[row("c", 1), row("c", 3)]);
    let mut offered = Vec::new();
    while let Some(delivery) = rig.deliveries.first().cloned() {
        assert!(!delivery.late);
        offered.push(id(&delivery));
        settle(&mut rig, &id(&delivery), Outcome::Handled);
    }
    assert_eq!(offered, ["c-1", "c-3"]);
    assert!(!rig.has_event(is_late));
}

#[test]
fn without_any_is_no_way_to_run() {
    let refused = options().max_in_flight_per_conversation(0).check().unwrap_err();
    assert_eq!(refused.to_string(), "max_in_flight_per_conversation must be at least 1, was 0");
}
