//! Sockets: reading goes on while writing is stuck, pongs are flushed, and an old socket has no say.

use std::time::Duration;

use agentchat_driver::{CLOSE_HANDSHAKE, SocketCommand, SocketEvent};
use agentchat_engine::realtime::{CloseInfo, ConnectionState, Event};
use futures_util::{FutureExt, StreamExt};

use crate::rig::{Session, accept, say_message};

fn disconnected(events: &mut agentchat_driver::Events) -> CloseInfo {
    match events.next().now_or_never().flatten() {
        Some(Event::Disconnected { info, .. }) => info,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_idle_socket_is_flushed_after_reading() {
    let mut session = Session::live();
    let before = session.peer.flushes();
    session.peer.event(SocketEvent::Alive);
    session.run();
    assert_eq!(session.peer.flushes(), before + 1);
}

#[test]
fn a_stuck_write_does_not_stop_reading() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.peer.stall_writes(true);
    for seq in 1..=3 {
        session.message("c", seq);
        let delivery = deliveries.next().now_or_never().flatten().unwrap();
        assert_eq!(delivery.header().unwrap().seq, Some(seq));
        delivery.handled();
        session.run();
    }
    assert!(session.peer.sent().is_empty());
}

/// What a peer that does not read makes us say does not pile up without end: reading stops, and goes on once it reads.
#[test]
fn a_peer_that_sends_and_never_reads_is_read_no_more() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.peer.stall_writes(true);
    let mut handle = |session: &mut Session| {
        let mut handled = 0;
        while let Some(delivery) = deliveries.next().now_or_never().flatten() {
            delivery.handled();
            session.run();
            handled += 1;
        }
        handled
    };
    let mut handled = 0;
    for seq in 1..=3_000 {
        session.message("c", seq);
        handled += handle(&mut session);
    }
    assert_eq!(handled, 1_024, "an ack for each waits");
    session.peer.stall_writes(false);
    session.run();
    for _ in 0..3 {
        handled += handle(&mut session);
    }
    assert_eq!(handled, 3_000);
    assert_eq!(session.peer.sent().len(), 3_000);
}

#[test]
fn the_peers_close_code_and_reason_come_through() {
    let mut session = Session::live();
    let mut events = session.realtime.events();
    session.peer.event(SocketEvent::Closed { code: Some(1012), reason: "restart".into() });
    session.run();
    let info = disconnected(&mut events);
    assert_eq!((info.code, info.reason.as_str()), (Some(1012), "restart"));
}

#[test]
fn a_failed_write_does_not_hide_the_peers_close_frame() {
    let mut session = Session::live();
    let mut events = session.realtime.events();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.message("c", 1);
    let close = SocketEvent::Closed { code: Some(4401), reason: "key revoked".into() };
    session.peer.break_writes_after(close);
    deliveries.next().now_or_never().flatten().unwrap().handled();
    let end = session.connection.run();
    assert!(matches!(end, Some(ConnectionState::Halted { .. })), "{end:?}");
    assert_eq!(disconnected(&mut events).code, Some(4401));
}

#[test]
fn a_failed_write_ends_the_connection() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.message("c", 1);
    session.peer.break_writes();
    deliveries.next().now_or_never().flatten().unwrap().handled();
    session.run();
    assert!(matches!(session.realtime.state(), ConnectionState::Waiting { .. }));
}

#[test]
fn an_old_socket_says_goodbye_in_the_background_and_is_not_heard() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    // No sign of life: a ping, then the end.
    session.advance(Duration::from_secs(20));
    assert_eq!(session.peer.sent(), [SocketCommand::Ping]);
    session.advance(Duration::from_secs(20));
    let sent = session.peer.sent();
    assert!(matches!(sent.as_slice(), [SocketCommand::Close { code: 1001, .. }]), "{sent:?}");

    session.advance(Duration::from_secs(1));
    let new = accept(&session.rig, &mut session.connection);
    session.message("old", 1);
    assert!(deliveries.next().now_or_never().is_none());
    say_message(&new, "new", 1);
    session.run();
    assert_eq!(deliveries.next().now_or_never().flatten().unwrap().header().unwrap().id.as_str(), "new-1");

    assert!(!session.peer.is_dropped(), "still within its time");
    session.advance(CLOSE_HANDSHAKE);
    assert!(session.peer.is_dropped(), "dropped");
}

#[test]
fn a_peer_that_ignores_the_close_is_dropped_in_the_end() {
    let mut session = Session::live();
    session.realtime.close();
    session.run();
    assert!(session.realtime.closed().now_or_never().is_none());
    session.rig.script.clock().advance(CLOSE_HANDSHAKE);
    assert_eq!(session.connection.run(), Some(ConnectionState::Closed));
    assert_eq!(session.realtime.closed().now_or_never(), Some(Ok(())));
}

#[test]
fn the_last_handle_closes_the_session() {
    let Session { rig, realtime, mut connection, peer } = Session::live();
    let clone = realtime.clone();
    drop(realtime);
    assert_eq!(connection.run(), None);
    assert!(peer.sent().is_empty());
    drop(clone);
    assert_eq!(connection.run(), None);
    assert!(matches!(peer.sent().as_slice(), [SocketCommand::Close { code: 1000, .. }]));
    drop(rig);
}

#[test]
fn an_opening_that_the_engine_gave_up_is_dropped() {
    let mut session = Session::live();
    session.peer.end();
    session.run();
    session.advance(Duration::from_secs(1));
    let opening = session.rig.script.next_opening().expect("a socket is asked for");
    assert!(!opening.is_given_up());
    session.advance(Duration::from_secs(10));
    assert!(opening.is_given_up());
}
