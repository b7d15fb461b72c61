//! How sessions end and go on: close codes and reasons, big frames, shutdown with work in flight.

use agentchat_driver::{Events, SessionError};
use agentchat_engine::realtime::{ConnectionState, Event, HaltReason};
use agentchat_net::connect;
use futures_util::StreamExt;
use serde_json::json;

use super::adapter::{Adapter, spawn};
use super::platform::{agent, hear, live, online, quick, say, start, stop, until};
use agentchat_local::{RawFrame, Settings};

/// The code and reason of the next connection's end.
async fn disconnected(events: &mut Events) -> (Option<u16>, String) {
    loop {
        if let Event::Disconnected { info, .. } = events.next().await.expect("the session goes on") {
            return (info.code, info.reason);
        }
    }
}

pub(super) async fn every_other_close_is_reported_and_followed_by_a_new_connection<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let bob = agent::<A>(&platform, "bob");
    let (realtime, _deliveries) = online::<A>(&bob).await;
    let mut events = realtime.events();
    for (code, reason) in
        [(1000, ""), (1001, "Server shutting down"), (1011, "oops"), (1012, "restart"), (1013, "overload"), (4404, "?")]
    {
        until::<A>(|| platform.open_sockets("bob") == 1).await;
        assert_eq!(platform.close_sockets("bob", code, reason), 1);
        assert_eq!(disconnected(&mut events).await, (Some(code), reason.to_owned()));
        live(&realtime).await;
    }
    stop(platform).await;
}

pub(super) async fn closes_for_good_halt_the_session_and_say_why<A: Adapter>() {
    let platform = start(Settings::default()).await;
    for (code, reason) in [(1008, "Account suspended"), (4401, "key revoked"), (4403, "forbidden")] {
        let bob = agent::<A>(&platform, &format!("bob-{code}"));
        let (realtime, mut deliveries) = online::<A>(&bob).await;
        platform.close_sockets(&format!("bob-{code}"), code, reason);
        let expected = HaltReason::ClosedForGood { code, reason: reason.into() };
        assert_eq!(realtime.closed().await, Err(SessionError::Halted { reason: expected.clone() }));
        assert_eq!(realtime.state(), ConnectionState::Halted { reason: expected });
        assert!(deliveries.next().await.is_none());
    }
    stop(platform).await;
}

pub(super) async fn a_frame_of_a_megabyte_is_delivered_whole<A: Adapter>() {
    let platform = start(Settings::default().send_buffer_bytes(64 * 1024 * 1024)).await;
    let bob = agent::<A>(&platform, "bob");
    let (_realtime, mut deliveries) = online::<A>(&bob).await;
    for seq in 1..=4 {
        let text = "é".repeat(512 * 1024);
        let payload = json!({"id": format!("big-{seq}"), "conversation_id": "c", "seq": seq, "sender": "alice", "type": "text",
            "content": {"text": text}, "created_at": "2026-04-20T10:00:00.000Z"});
        let frame = json!({"type": "message.new", "payload": payload}).to_string();
        assert!(frame.len() > 1024 * 1024);
        platform.push_raw("bob", RawFrame::Text(frame));
        let delivery = deliveries.next().await.unwrap();
        assert_eq!(delivery.message().unwrap().content.text.as_deref(), Some(text.as_str()));
        delivery.handled();
    }
    stop(platform).await;
}

pub(super) async fn a_close_waits_for_the_handler_and_its_ack_arrives<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    let realtime = connect(&bob, quick());
    let (begun, mut begin) = tokio::sync::mpsc::unbounded_channel();
    let (finish, finished) = tokio::sync::watch::channel(false);
    let handling = spawn::<A, _>(realtime.on_message(move |_| {
        let (begun, mut finished) = (begun.clone(), finished.clone());
        async move {
            begun.send(()).map_err(|_| "the test is over")?;
            finished.wait_for(|done| *done).await.map_err(|_| "the test is over")?;
            Ok::<_, &str>(())
        }
    }));
    for number in 0..3 {
        say::<A>(&alice, "bob", &format!("number {number}")).await;
    }
    begin.recv().await.unwrap();
    realtime.close();
    until::<A>(|| realtime.state() == ConnectionState::Closing).await;
    finish.send(true).unwrap();
    realtime.closed().await.unwrap();
    assert_eq!(realtime.state(), ConnectionState::Closed);
    assert_eq!(handling.await.unwrap(), Ok(()));
    until::<A>(|| platform.open_sockets("bob") == 0).await;
    assert_eq!(platform.undelivered("bob"), 2, "one was handled; the others nobody has seen");
    stop(platform).await;
}

pub(super) async fn a_platform_that_shuts_down_under_load_loses_nothing_that_it_still_holds<A: Adapter>() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent::<A>(&platform, "alice"), agent::<A>(&platform, "bob"));
    let (realtime, mut deliveries) = online::<A>(&bob).await;
    for number in 0..20 {
        say::<A>(&alice, "bob", &format!("number {number}")).await;
    }
    // Half of it is handled, half is in flight or on its way.
    for _ in 0..10 {
        hear(&mut deliveries).await;
    }
    let mut events = realtime.events();
    let stopping = spawn::<A, _>(stop(platform.clone()));
    assert_eq!(disconnected(&mut events).await, (Some(1001), "Server shutting down".into()));
    stopping.await.unwrap();
    // Nobody is there any more: the session goes on trying, and ends when it is closed.
    until::<A>(|| matches!(realtime.state(), ConnectionState::Waiting { .. } | ConnectionState::Opening { .. })).await;
    realtime.close();
    drop(deliveries);
    realtime.closed().await.unwrap();
    assert!((10..=20).contains(&platform.undelivered("bob")), "what was not acked is still stored");
}
