//! Back-pressure: when frames are wanted, and what happens when they come all the same.

use std::time::Duration;

use agentchat_engine::realtime::{Event, Input, SessionOptions};
use serde_json::{Value, json};

use crate::rig::{Rig, options, row};

fn small() -> SessionOptions {
    options().buffered_messages(20).max_in_flight(1)
}

#[test]
fn a_flood_is_held_back_and_nothing_is_shed() {
    let mut rig = Rig::greeted(small());
    rig.answer_sync(&[]);
    let (mut next, mut handled, mut stops) = (1, Vec::new(), 0);
    while handled.len() < 500 {
        while rig.reads && next <= 500 {
            rig.live_message(next);
            next += 1;
        }
        stops += u64::from(!rig.reads);
        handled.push(rig.handle());
        rig.advance(Duration::from_millis(50));
    }
    assert_eq!(handled, (1..=500).map(|seq| format!("c-{seq}")).collect::<Vec<_>>());
    assert!(stops > 100, "it stopped {stops} times");
    let told = |e: &Event| matches!(e, Event::Shed { .. } | Event::SequenceGap { .. } | Event::Late { .. });
    assert!(!rig.has_event(told), "{:?}", rig.events);
    assert!(!rig.has_request("/sync") && !rig.has_request("/messages/c"));
}

#[test]
fn reading_goes_on_after_the_limit_and_what_does_not_fit_is_shed() {
    let mut rig = Rig::greeted(small());
    rig.answer_sync(&[]);
    for seq in 1..=16 {
        rig.live_message(seq);
    }
    assert!(!rig.reads);
    rig.advance(Duration::from_millis(9_999));
    assert!(!rig.reads);
    rig.advance(Duration::from_millis(1));
    assert!(rig.reads, "pings have to be answered");
    for seq in 17..=21 {
        rig.live_message(seq);
    }
    assert!(rig.reads && rig.has_event(|e| matches!(e, Event::Shed { dropped: 1 })));
    while rig.session.buffered().messages > 15 {
        rig.handle();
    }
    assert!(rig.reads);
}

#[test]
fn a_consumer_that_is_stuck_does_not_look_like_a_dead_link() {
    let mut rig = Rig::greeted(small().read_pause(Duration::from_secs(3_600)));
    rig.answer_sync(&[]);
    for seq in 1..=16 {
        rig.live_message(seq);
    }
    let connection = rig.connection;
    rig.advance(Duration::from_secs(600));
    assert!(!rig.reads && rig.connection == connection, "nothing is read on purpose");
}

#[test]
fn a_flood_during_a_drain_leaves_it_its_room() {
    let mut rig = Rig::greeted(small().drain_page(5));
    let mut next = 1;
    while rig.reads {
        rig.live_message(next);
        next += 1;
    }
    assert!(next <= 11, "half of the room is the drain's");
    // The peer sends on all the same.
    for seq in next..=40 {
        rig.live_message(seq);
    }
    let rows: Vec<Value> = (1..=40).map(|seq| row("c", seq)).collect();
    let mut handled = Vec::new();
    for _ in 0..200 {
        if rig.has_request("/sync") {
            let query = rig.requests[&rig.request("/sync")].uri().query().unwrap().to_owned();
            let after = query.rsplit_once("del_c_").map_or(0, |(_, seq)| seq.parse::<usize>().unwrap());
            // Handled rows are acked by cursor, and come no more.
            let page: Vec<_> = rows.iter().skip(after.max(handled.len())).take(5).cloned().collect();
            rig.answer_sync(&page);
        }
        if rig.has_request("/sync/ack") {
            rig.answer_ack();
        }
        if !rig.deliveries.is_empty() {
            handled.push(rig.handle());
        }
        rig.advance(Duration::from_millis(10));
    }
    assert_eq!(handled, (1..=40).map(|seq| format!("c-{seq}")).collect::<Vec<_>>());
    let told = |e: &Event| matches!(e, Event::Shed { .. } | Event::SequenceGap { .. } | Event::Late { .. });
    assert!(!rig.has_event(told), "{:?}", rig.events);
}

#[test]
fn rows_that_come_again_because_the_drain_began_anew_count_once() {
    let mut rig = Rig::greeted(small());
    // More than may wait for the drain: it has to bring the rest, and begins anew for that.
    for seq in 5..=20 {
        rig.live_message(seq);
    }
    let rows: Vec<Value> = (1..=20).map(|seq| row("c", seq)).collect();
    rig.answer_sync(&rows[..4]);
    assert!(!rig.has_event(|e| matches!(e, Event::CaughtUp { .. })));
    let mut handled = Vec::new();
    while !rig.has_event(|e| matches!(e, Event::CaughtUp { .. })) {
        handled.push(rig.handle());
        if rig.has_request("/sync") {
            let query = rig.requests[&rig.request("/sync")].uri().query().unwrap().to_owned();
            let after = query.rsplit_once("del_c_").map_or(0, |(_, seq)| seq.parse::<usize>().unwrap());
            // No commit has arrived yet.
            rig.answer("/sync", &json!(rows[after..]));
        }
    }
    assert!(rig.has_event(|e| matches!(e, Event::CaughtUp { drained: 20 })), "{:?}", rig.events.last());
    handled.extend(rig.handle_all());
    assert_eq!(handled, (1..=20).map(|seq| format!("c-{seq}")).collect::<Vec<_>>());
}

#[test]
fn a_conversation_that_is_crowded_waits_for_the_answer_of_history() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.handle();
    let mut next = 3;
    while rig.reads && next < 600 {
        rig.live_message(next);
        rig.log.clear();
        next += 1;
    }
    assert!(!rig.reads, "the gap is about to be asked for");
    rig.advance(Duration::from_millis(75));
    let rows: Vec<Value> = (2..=200).map(|seq| crate::rig::message("c", seq)).collect();
    rig.answer("/messages/c", &json!(rows));
    assert!(rig.reads);
    assert_eq!(rig.handle_all().len() as u64, next - 2);
    assert!(!rig.has_event(|e| matches!(e, Event::Late { .. })));
}

#[test]
fn at_the_end_of_time_nothing_is_due() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(3);
    rig.now.mono = agentchat_engine::Mono::from_micros(u64::MAX);
    rig.input(Input::Timeout);
    rig.input(Input::Timeout);
    assert_eq!(rig.wake, None);
}
