//! Pulling deliveries: who is the consumer, and how each delivery ends.

use std::time::Duration;

use agentchat_driver::{ConsumerTaken, Deliveries, Delivery, SessionError};
use agentchat_engine::realtime::{ConnectionState, Event};
use futures_util::{FutureExt, StreamExt};

use crate::rig::Session;

fn next(deliveries: &mut Deliveries) -> Option<Delivery> {
    deliveries.next().now_or_never().flatten()
}

#[test]
fn handled_is_acked_and_discarded_is_acked_and_reported() {
    let mut session = Session::live();
    let mut events = session.realtime.events();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.message("c", 1);
    let delivery = next(&mut deliveries).unwrap();
    assert_eq!((delivery.attempt(), delivery.is_late()), (1, false));
    assert_eq!(delivery.message().unwrap().content.text.as_deref(), Some("hi"));
    assert!(!format!("{delivery:?}").contains("hi"), "a message is nobody else's business");
    delivery.handled();
    assert_eq!(session.acked(), ["c-1"]);

    session.message("c", 2);
    next(&mut deliveries).unwrap().discard("spam");
    assert_eq!(session.acked(), ["c-2"]);
    let event = events.next().now_or_never().flatten();
    assert!(matches!(&event, Some(Event::Discarded { reason, .. }) if reason == "spam"), "{event:?}");
}

#[test]
fn a_dropped_delivery_counts_as_failed_and_is_offered_again() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.message("c", 1);
    drop(next(&mut deliveries).unwrap());
    session.run();
    assert!(next(&mut deliveries).is_none());
    session.advance(Duration::from_secs(1));
    let again = next(&mut deliveries).unwrap();
    assert_eq!(again.attempt(), 2);
    again.retry_after(Duration::from_secs(60));
    session.run();
    assert!(session.acked().is_empty());
    session.advance(Duration::from_secs(59));
    assert!(next(&mut deliveries).is_none());
}

#[test]
fn without_a_consumer_nothing_is_dispatched() {
    let mut session = Session::live();
    session.message("c", 1);
    session.message("d", 1);
    let mut deliveries = session.realtime.deliveries().unwrap();
    assert!(next(&mut deliveries).is_none(), "the engine does not know yet");
    session.run();
    assert_eq!(next(&mut deliveries).unwrap().attempt(), 1);
}

#[test]
fn there_is_one_consumer_at_a_time() {
    let session = Session::live();
    let deliveries = session.realtime.deliveries().unwrap();
    assert_eq!(session.realtime.deliveries().unwrap_err(), ConsumerTaken);
    let second = session.realtime.on_message(|_| async { Ok::<_, String>(()) });
    assert_eq!(second.now_or_never(), Some(Err(ConsumerTaken.into())));
    drop(deliveries);
    assert!(session.realtime.deliveries().is_ok());
}

#[test]
fn what_one_consumer_left_is_the_next_ones_and_has_not_failed() {
    let mut session = Session::live();
    let mut first = session.realtime.deliveries().unwrap();
    session.message("c", 1);
    session.message("d", 1);
    next(&mut first).unwrap().handled();
    drop(first);
    session.run();
    let mut second = session.realtime.deliveries().unwrap();
    session.run();
    let left = next(&mut second).unwrap();
    assert_eq!((left.header().unwrap().id.as_str(), left.attempt()), ("d-1", 1));
}

#[test]
fn what_is_ready_together_leaves_in_one_flush() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    for conversation in ["a", "b", "c"] {
        session.message(conversation, 1);
    }
    let before = session.peer.flushes();
    while let Some(delivery) = next(&mut deliveries) {
        delivery.handled();
    }
    assert_eq!(session.acked(), ["a-1", "b-1", "c-1"]);
    assert_eq!(session.peer.flushes(), before + 1);
}

#[test]
fn a_state_can_be_waited_for() {
    let mut session = Session::live();
    let live = session.realtime.state();
    assert!(session.realtime.state_changed(&live).now_or_never().is_none());
    session.peer.end();
    session.run();
    let next = session.realtime.state_changed(&live).now_or_never().flatten();
    assert!(matches!(next, Some(ConnectionState::Waiting { .. })), "{next:?}");
}

#[test]
fn a_dropped_connection_ends_everything() {
    let session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    let mut events = session.realtime.events();
    drop(session.connection);
    assert!(matches!(deliveries.next().now_or_never(), Some(None)));
    assert!(matches!(events.next().now_or_never(), Some(None)));
    assert_eq!(session.realtime.state_changed(&session.realtime.state()).now_or_never(), Some(None));
    assert_eq!(session.realtime.closed().now_or_never(), Some(Err(SessionError::Dropped)));
}

#[test]
fn a_wait_that_is_dropped_loses_no_delivery_and_no_event() {
    let mut session = Session::live();
    let mut events = session.realtime.events();
    let mut deliveries = session.realtime.deliveries().unwrap();
    for seq in 1..=3 {
        assert!(deliveries.next().now_or_never().is_none(), "polled once, and dropped");
        assert!(events.next().now_or_never().is_none());
        session.message("c", seq);
        next(&mut deliveries).expect("the delivery is still there").discard("read");
        session.run();
        let event = events.next().now_or_never().flatten();
        assert!(matches!(event, Some(Event::Discarded { discarded, .. }) if discarded == seq), "{event:?}");
    }
    assert_eq!(session.acked(), ["c-1", "c-2", "c-3"]);
}

#[test]
fn a_wait_for_the_state_that_is_dropped_misses_no_change() {
    let mut session = Session::live();
    let live = session.realtime.state();
    assert!(session.realtime.state_changed(&live).now_or_never().is_none());
    session.peer.end();
    session.run();
    let waiting = session.realtime.state_changed(&live).now_or_never().flatten().expect("it has changed meanwhile");
    assert!(matches!(waiting, ConnectionState::Waiting { .. }));
    let events: Vec<_> = session.realtime.events().take(1).collect::<Vec<_>>().now_or_never().into_iter().collect();
    assert!(events.is_empty(), "events count from the subscription on");
}

#[test]
fn a_failure_can_say_why_and_is_no_ack() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.message("c", 1);
    next(&mut deliveries).unwrap().failed("the database is away");
    assert!(session.acked().is_empty());
    session.advance(Duration::from_secs(1));
    assert_eq!(next(&mut deliveries).unwrap().attempt(), 2);
}

#[test]
fn large_events_that_nobody_reads_are_limited_in_bytes() {
    let mut session = Session::live();
    let events = session.realtime.events();
    let large = serde_json::json!({"type": "presence.update", "payload": "x".repeat(3_900_000)});
    for _ in 0..6 {
        session.peer.text(&large);
        session.run();
    }
    assert_eq!(events.lost(), 2);
    assert_eq!(events.take(4).count().now_or_never(), Some(4));
}
