//! Every future of a realtime session, dropped at any of its await points: no delivery is lost.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::future::pending;
use std::pin::pin;

use agentchat_driver::SessionError;
use agentchat_engine::realtime::Signal;
use futures_util::StreamExt;
use futures_util::future::{Either, FutureExt, select};

use super::adapter::Adapter;
use super::dropping::polled;
use super::platform::{agent, beside, hear, online, quick, say, start, stop, until};
use agentchat_local::Settings;

pub(super) async fn a_session_can_be_dropped_at_any_point_and_the_next_one_hears_it_all<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    let (mut sent, mut handled) = (BTreeSet::new(), BTreeSet::new());
    for times in 0.. {
        sent.insert(say::<A>(&alice, "bob", &format!("{times}")).await);
        let (realtime, connection) = bob.realtime(quick());
        let mut deliveries = realtime.deliveries().unwrap();
        let done = {
            let consume = async {
                while let Some(delivery) = deliveries.next().await {
                    handled.insert(delivery.header().unwrap().id.to_string());
                    delivery.handled();
                }
                pending().await
            };
            let consumed = beside(until::<A>(|| platform.undelivered("bob") == 0), consume);
            matches!(select(pin!(polled(times, connection.run())), pin!(consumed)).await, Either::Right(_))
        };
        // Whichever came first, the connection is dropped now.
        assert!(deliveries.next().await.is_none(), "and its deliveries have ended");
        assert_eq!(realtime.closed().await, Err(SessionError::Dropped));
        if done {
            break;
        }
    }
    assert_eq!(handled, sent);
    until::<A>(|| platform.open_sockets("bob") == 0).await;
    stop(platform).await;
}

pub(super) async fn waits_of_a_session_can_be_dropped_and_lose_nothing<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    let (realtime, mut deliveries) = online::<A>(&bob).await;
    let (mut events, mut checkpoints) = (realtime.events(), realtime.checkpoints());
    for number in 0..30 {
        let sent = say::<A>(&alice, "bob", &format!("{number}")).await;
        let state = realtime.state();
        // Each is polled, and dropped before it is done.
        assert!(polled(0, deliveries.next()).await.is_none());
        assert!(polled(1, realtime.state_changed(&state)).await.is_none());
        assert!(polled(1, realtime.closed()).await.is_none());
        let _ = polled(1, events.next()).await;
        let _ = polled(1, checkpoints.next()).await;
        let times = number / 4 % 3;
        let _ = match number % 4 {
            0 => polled(times, realtime.typing_start("c")).await,
            1 => polled(times, realtime.typing_stop("c")).await,
            2 => polled(times, realtime.read_up_to("c", 1)).await,
            _ => polled(times, realtime.signal(Signal::TypingStart { conversation_id: "c".into() })).await,
        };
        let delivery = match polled(1, deliveries.next()).await {
            Some(delivery) => delivery,
            None => deliveries.next().await,
        };
        let delivery = delivery.expect("the session goes on");
        assert_eq!(delivery.header().unwrap().id.as_str(), sent, "none is skipped");
        delivery.handled();
    }
    until::<A>(|| platform.undelivered("bob") == 0).await;
    stop(platform).await;
}

pub(super) async fn handlers_can_be_dropped_and_their_messages_are_offered_again<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    let (realtime, deliveries) = online::<A>(&bob).await;
    drop(deliveries);
    let mut sent = BTreeSet::new();
    for number in 0..5 {
        sent.insert(say::<A>(&alice, "bob", &format!("{number}")).await);
    }
    let begun = Cell::new(0);
    for times in 1..6 {
        // A handler that never ends, dropped as soon as it has begun.
        let hang = realtime.on_message(|_| {
            begun.set(begun.get() + 1);
            pending::<Result<(), &str>>()
        });
        beside(until::<A>(|| begun.get() >= times), hang.map(|end| panic!("{end:?}"))).await;
    }
    let mut handled = BTreeSet::new();
    let mut deliveries = realtime.deliveries().unwrap();
    while handled != sent {
        handled.insert(hear(&mut deliveries).await);
    }
    until::<A>(|| platform.undelivered("bob") == 0).await;
    stop(platform).await;
}
