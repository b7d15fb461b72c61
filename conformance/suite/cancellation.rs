//! Every future of the client, dropped at any of its await points: nothing leaks, nothing is lost, and the client works on.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::task::Poll;

use agentchat_driver::{Download, SocketCommand, Transport, Upload};
use agentchat_engine::rest::{GetMessages, SendMessage};
use axum::http::Request;
use bytes::Bytes;
use futures_util::future::{Either, FutureExt, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{SinkExt, StreamExt};

use super::adapter::Adapter;
use super::platform::{agent, beside, hear, online, quick, say, start, stop, until};
use crate::server::Settings;

/// Polls a future so many times, at first and whenever it is woken, and drops it; its result if it was done by then.
async fn polled<T>(times: usize, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut left) = (Box::pin(future), times);
    let counted = poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    });
    // Has a waker of its own: what else wakes this task is no poll.
    FuturesUnordered::from_iter([counted]).next().await.flatten()
}

/// Makes and drops futures, each polled once more than the one before, until one gets to its end.
async fn at_every_point<T, Fut: Future<Output = T>>(mut make: impl FnMut(usize) -> Fut) -> T {
    for times in 0.. {
        if let Some(result) = polled(times, make(times)).await {
            return result;
        }
    }
    unreachable!("the numbers do not end")
}

pub(super) async fn a_call_can_be_dropped_at_any_point_and_made_again<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    // A new connection each time, so that connecting is dropped as well.
    let mut sent = BTreeSet::new();
    let last = at_every_point(|times| {
        let id = format!("dropped-{times}");
        sent.insert(id.clone());
        let fresh = agent::<A>(&platform, &format!("alice-{times}"));
        async move { fresh.send_message(SendMessage::to("bob", "fresh").client_msg_id(id)).await }
    })
    .await;
    assert_eq!(last.unwrap().attempts, 1);

    // And over one client, whose pooled connections see it all. Whether the dropped call was carried out or not, making it
    // again with its id stores it once.
    let last = at_every_point(|times| {
        let alice = &alice;
        let send = move || SendMessage::to("bob", format!("{times}")).client_msg_id(format!("again-{times}"));
        async move {
            let first = alice.send_message(send()).await;
            assert_eq!(alice.send_message(send()).await.unwrap().id, first.unwrap().id);
            times
        }
    })
    .await;
    for times in 0..=last {
        let again = SendMessage::to("bob", format!("{times}")).client_msg_id(format!("again-{times}"));
        alice.send_message(again).await.unwrap();
    }
    let conversation = alice.send_message(SendMessage::to("bob", "the end")).await.unwrap().conversation_id.clone();
    let rows = bob.get_messages(GetMessages::new(conversation).after_seq(0_u64).limit(200_u32)).await.unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.client_msg_id.clone()).collect();
    assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(ids.len(), last + 2, "each once, and the end");
    stop(platform).await;
}

pub(super) async fn files_can_be_dropped_on_their_way_and_sent_again<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    let bytes = Bytes::from(vec![7; 300_000]);
    let upload = || Upload::to("bob", bytes.clone()).filename("note.txt");
    let uploaded = at_every_point(|_| alice.upload(upload())).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("note.txt");
    let download = || Download::new(uploaded.attachment_id.clone());
    let received = at_every_point(|_| bob.download_to(download(), &target)).await.unwrap();
    assert_eq!(received.file, uploaded.file);
    assert!(std::fs::read(&target).unwrap() == bytes);
    // What was dropped is cleared away by a thread of its own.
    until::<A>(|| std::fs::read_dir(folder.path()).unwrap().count() == 1).await;
    stop(platform).await;
}

pub(super) async fn an_opening_can_be_dropped_at_any_point_and_leaves_no_socket<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let bob = agent::<A>(&platform, "bob");
    let url = format!("ws://{}/v1/ws", platform.addr());
    let mut socket = at_every_point(|_| bob.transport().open(Request::get(&url).body(()).unwrap())).await.unwrap();
    socket.send(SocketCommand::Ping).await.unwrap();
    assert!(socket.next().await.is_some(), "the one that was not dropped works");
    drop(socket);
    stop(platform).await;
}

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
        realtime.closed().await;
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
        let _ = polled(number % 3, realtime.typing_start("c")).await;
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
