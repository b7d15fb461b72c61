//! Checkpoints: when there is a new one, and that a session goes on from it.

use std::time::Duration;

use agentchat_driver::testkit::Task;
use agentchat_driver::{Checkpoints, Deliveries};
use agentchat_engine::realtime::{Checkpoint, ConnectionState};
use futures_util::{FutureExt, StreamExt};
use serde_json::json;

use crate::rig::Session;

fn next(checkpoints: &mut Checkpoints) -> Option<Checkpoint> {
    checkpoints.next().now_or_never().flatten()
}

fn handle_one(deliveries: &mut Deliveries) {
    deliveries.next().now_or_never().flatten().expect("a delivery").handled();
}

#[test]
fn there_is_a_new_checkpoint_whenever_something_was_settled_for_good() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    let mut checkpoints = session.realtime.checkpoints();
    session.message("c", 1);
    assert!(next(&mut checkpoints).is_none(), "arriving is not being handled");
    handle_one(&mut deliveries);
    assert!(next(&mut checkpoints).is_none(), "the loop has not heard of it");
    session.run();
    assert_eq!(next(&mut checkpoints).unwrap().handled(), 1);
    assert!(next(&mut checkpoints).is_none());
    for seq in 2..=3 {
        session.message("c", seq);
        handle_one(&mut deliveries);
        session.run();
    }
    assert_eq!(next(&mut checkpoints).unwrap().handled(), 3, "only the newest");
    assert!(next(&mut checkpoints).is_none());
}

#[test]
fn there_is_a_new_checkpoint_when_the_platform_turns_out_to_take_no_acks() {
    let mut session = Session::live();
    let mut checkpoints = session.realtime.checkpoints();
    session.peer.end();
    session.run();
    session.advance(Duration::from_secs(1));
    let peer = session.rig.script.next_opening().expect("another socket is asked for").accept();
    session.run();
    assert!(next(&mut checkpoints).is_none());
    peer.text(&json!({"type": "hello.ok"}));
    session.run();
    assert!(next(&mut checkpoints).unwrap().to_json().contains("\"legacy\":true"));
    assert!(next(&mut checkpoints).is_none());
}

#[test]
fn a_task_that_waits_for_a_checkpoint_is_woken() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    let mut checkpoints = session.realtime.checkpoints();
    let mut waiting = Task::new(async move { checkpoints.next().await.map(|checkpoint| checkpoint.handled()) });
    assert!(waiting.run().is_none());
    session.message("c", 1);
    handle_one(&mut deliveries);
    session.run();
    assert_eq!(waiting.run(), Some(Some(1)));
}

#[test]
fn a_wait_for_a_checkpoint_can_be_dropped_and_loses_none() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    let mut checkpoints = session.realtime.checkpoints();
    session.message("c", 1);
    assert!(checkpoints.next().now_or_never().is_none(), "polled once, and dropped");
    handle_one(&mut deliveries);
    session.run();
    assert!(next(&mut checkpoints).is_some());
}

#[test]
fn the_last_checkpoint_comes_before_the_end_and_the_session_goes_on_from_it() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    let mut checkpoints = session.realtime.checkpoints();
    session.message("c", 1);
    session.message("c", 2);
    handle_one(&mut deliveries);
    session.realtime.close();
    session.peer.end();
    assert!(matches!(session.connection.run(), None | Some(ConnectionState::Closed)));
    drop(session.connection);
    let last = next(&mut checkpoints).expect("one that knows of the last settlement");
    assert!(matches!(checkpoints.next().now_or_never(), Some(None)), "then the end");
    assert_eq!(session.realtime.checkpoint(), last, "it can still be asked for");

    let stored = last.to_json();
    let mut session = Session::from(Some(Checkpoint::from_json(&stored).unwrap()));
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.run();
    session.message("c", 1);
    session.message("c", 2);
    let offered = deliveries.next().now_or_never().flatten().expect("what was not handled");
    assert_eq!(offered.header().unwrap().id.as_str(), "c-2");
    assert_eq!(session.acked(), ["c-1"], "handled before, acked again, not offered");
}

#[test]
fn a_checkpoint_survives_a_dropped_connection() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.message("c", 1);
    handle_one(&mut deliveries);
    session.run();
    drop(session.connection);
    assert_eq!(session.realtime.checkpoint().handled(), 1);
}

#[test]
fn what_is_settled_after_the_end_is_not_acked_and_yet_remembered() {
    let mut session = Session::live();
    let mut deliveries = session.realtime.deliveries().unwrap();
    session.message("a", 1);
    session.message("b", 1);
    session.message("c", 1);
    let mut taken: Vec<_> = std::iter::from_fn(|| deliveries.next().now_or_never().flatten()).collect();
    assert_eq!(taken.len(), 3);
    // One that the loop did not come to take in, one that nobody listens to any more, one that fails.
    taken.remove(0).handled();
    drop(session.connection);
    taken.remove(0).handled();
    drop(taken);
    let checkpoint = session.realtime.checkpoint();
    assert_eq!(checkpoint.handled(), 2);

    let mut session = Session::from(Some(checkpoint));
    let mut deliveries = session.realtime.deliveries().unwrap();
    for conversation in ["a", "b", "c"] {
        session.message(conversation, 1);
    }
    let offered = deliveries.next().now_or_never().flatten().expect("what was not handled");
    assert_eq!(offered.header().unwrap().id.as_str(), "c-1");
    assert!(deliveries.next().now_or_never().is_none());
    assert_eq!(session.acked(), ["a-1", "b-1"], "acked when the platform offered them again");
}
