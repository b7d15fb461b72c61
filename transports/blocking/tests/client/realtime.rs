//! Sessions without async.

use std::cell::Cell;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use agentchat_blocking::{ApiKey, Client, ConnectionState, Event, SendMessage, SessionError, SessionOptions};

use crate::platform::Scene;

/// Time that is never over in these tests.
const LONG: Duration = Duration::from_secs(60);

fn say(client: &Client, to: &str, text: &str) {
    client.send_message(SendMessage::to(to, text)).unwrap();
}

fn options() -> SessionOptions {
    SessionOptions::default().redelivery(vec![Duration::from_millis(1); 3])
}

#[test]
fn deliveries_are_waited_for_settled_and_iterated() {
    let scene = Scene::new();
    let (alice, bob) = (scene.agent("alice"), scene.agent("bob"));
    let realtime = bob.realtime(options()).unwrap();
    let mut deliveries = realtime.deliveries().unwrap();
    assert!(realtime.deliveries().is_err(), "one consumer at a time");
    assert!(matches!(deliveries.recv_timeout(Duration::from_millis(1)), Err(RecvTimeoutError::Timeout)));
    for text in ["one", "two", "three"] {
        say(&alice, "bob", text);
    }
    let first = deliveries.recv_timeout(LONG).unwrap();
    assert_eq!((first.message().unwrap().content.text.as_deref(), first.attempt()), (Some("one"), 1));
    first.failed("not yet");
    let again = deliveries.next().unwrap();
    assert_eq!((again.message().unwrap().content.text.as_deref(), again.attempt()), (Some("one"), 2));
    again.handled();
    deliveries.next().unwrap().discard("not for me");
    let third = deliveries.next().unwrap();
    assert_eq!(third.message().unwrap().content.text.as_deref(), Some("three"));
    third.handled();
    scene.settled("bob");

    realtime.close();
    assert!(matches!(deliveries.recv_timeout(LONG), Err(RecvTimeoutError::Disconnected)));
    assert!(deliveries.next().is_none());
    assert_eq!(realtime.closed(), Ok(()));
    assert_eq!(realtime.state(), ConnectionState::Closed);
}

#[test]
fn a_handler_may_call_and_its_result_settles() {
    let scene = Scene::new();
    let (alice, bob) = (scene.agent("alice"), scene.agent("bob"));
    let (to_bob, to_alice) = (bob.realtime(options()).unwrap(), alice.realtime(options()).unwrap());
    say(&alice, "bob", "ping");
    let attempts = Cell::new(0);
    to_bob
        .on_message(|delivery| {
            attempts.set(attempts.get() + 1);
            match attempts.get() {
                1 => return Err("not yet".to_owned()),
                2 => panic!("a handler's panic is a failure"),
                _ => {}
            }
            bob.send_message(SendMessage::to("alice", "pong")).map_err(|error| error.to_string())?;
            assert_eq!(delivery.attempt(), 3);
            to_bob.close();
            Ok(())
        })
        .unwrap();
    assert_eq!(attempts.get(), 3);
    scene.settled("bob");
    let pong = to_alice.deliveries().unwrap().next().unwrap();
    assert_eq!(pong.message().unwrap().content.text.as_deref(), Some("pong"));
    pong.handled();
}

#[test]
fn dropping_the_last_handle_acks_what_was_handled_and_ends_the_session() {
    let scene = Scene::new();
    let (alice, bob) = (scene.agent("alice"), scene.agent("bob"));
    say(&alice, "bob", "hi");
    // Only the consumer is left: the session goes on.
    let mut deliveries = bob.realtime(options()).unwrap().deliveries().unwrap();
    deliveries.next().unwrap().handled();
    drop(deliveries);
    assert_eq!(scene.platform.undelivered("bob"), 0, "the drop waited for the ack");
}

#[test]
fn a_drop_does_not_wait_for_ever_for_what_is_in_hand() {
    let scene = Scene::new();
    let (alice, bob) = (scene.agent("alice"), scene.agent("bob"));
    say(&alice, "bob", "hi");
    let realtime = bob.realtime(options().close_wait(Duration::from_millis(1))).unwrap();
    let in_hand = realtime.deliveries().unwrap().next().unwrap();
    drop(realtime);
    in_hand.handled();
    assert_eq!(scene.platform.undelivered("bob"), 1, "too late: it is offered again");
}

#[test]
fn events_and_states_can_be_waited_for() {
    let scene = Scene::new();
    let bob = scene.agent("bob");
    let realtime = bob.realtime(options()).unwrap();
    let mut state = realtime.state();
    while state != ConnectionState::Live {
        state = realtime.state_changed(&state).unwrap();
    }
    assert!(!realtime.closed_timeout(Duration::ZERO));
    let (mut from_the_start, mut from_now_on) = (realtime.events(), realtime.events());
    scene.platform.close_sockets("bob", 1008, "API key rotated");
    assert!(from_the_start.by_ref().any(|event| matches!(event, Event::Connected { .. })));
    assert!(from_the_start.any(|event| matches!(event, Event::Halted { .. })));
    assert_eq!(from_the_start.get_ref().lost(), 0);
    assert!(from_now_on.all(|event| !matches!(event, Event::Connected { .. })));
    assert!(realtime.closed_timeout(LONG));
    assert!(realtime.typing_start("conv_1").is_err());
}

#[test]
fn who_asks_after_the_end_still_hears_why() {
    let scene = Scene::new();
    let bob = scene.agent("bob").with_api_key(ApiKey::new("ac_unknown").unwrap());
    let realtime = bob.realtime(options()).unwrap();
    assert!(matches!(realtime.closed(), Err(SessionError::Halted { .. })));
    assert!(realtime.events().any(|event| matches!(event, Event::Halted { .. })));
    assert_eq!(realtime.events().count(), 0, "kept once");
}
