//! What a session says of itself in numbers.

use std::time::Duration;

use agentchat_engine::realtime::{Event, SessionStats};

use crate::fill::{HISTORY, history, with_gap};
use crate::rig::{Rig, options};

#[test]
fn a_message_is_counted_from_its_arrival_to_its_ack() {
    let mut rig = Rig::live();
    let mut connected = SessionStats::default();
    connected.connections = 1;
    assert_eq!(rig.session.stats(), connected);

    rig.live_message(1);
    rig.live_message(1);
    let SessionStats { received, offered, in_flight, buffered_messages, buffered_bytes, .. } = rig.session.stats();
    assert_eq!((received, offered, in_flight, buffered_messages), (1, 1, 1, 1), "a repeat does not count");
    assert_eq!(buffered_bytes, rig.session.buffered().bytes);

    rig.fail_delivery();
    rig.advance(Duration::from_secs(5));
    rig.handle_all();
    let SessionStats { received, offered, failed, handled, in_flight, buffered_messages, acks_pending, .. } =
        rig.session.stats();
    assert_eq!((received, offered, failed, handled), (1, 2, 1, 1));
    assert_eq!((in_flight, buffered_messages, acks_pending), (0, 0, 0));
}

#[test]
fn an_ack_waits_for_a_connection_and_connections_are_counted() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.close(Some(1006), "");
    rig.handle_all();
    assert_eq!((rig.session.stats().acks_pending, rig.session.stats().disconnects), (1, 1));
    rig.next_socket();
    rig.greet(true);
    let SessionStats { acks_pending, connections, .. } = rig.session.stats();
    assert_eq!((acks_pending, connections), (0, 2));
}

#[test]
fn gaps_are_counted_by_how_they_end_and_what_comes_after_them_is_late() {
    let mut rig = with_gap(&[3]);
    history(&mut rig, [2, 1]);
    rig.handle_all();
    assert_eq!((rig.session.stats().gaps_filled, rig.session.stats().received), (1, 3));

    rig.live_message(5);
    rig.advance(Duration::from_secs(2));
    rig.fail_for(HISTORY, Duration::from_secs(600));
    rig.live_message(4);
    rig.handle_all();
    let SessionStats { gaps_filled, gaps_given_up, late, .. } = rig.session.stats();
    assert_eq!((gaps_filled, gaps_given_up, late), (1, 1, 1), "{:?}", rig.events);
}

#[test]
fn every_message_that_is_shed_is_counted_though_the_event_comes_once() {
    let mut rig = Rig::greeted(options().buffered_messages(20).max_in_flight(1));
    rig.answer_sync(&[]);
    (1..=30).for_each(|seq| rig.live_message(seq));
    let shed = rig.events.iter().filter(|event| matches!(event, Event::Shed { .. })).count();
    assert_eq!((shed, rig.session.stats().shed), (1, 10));
}
