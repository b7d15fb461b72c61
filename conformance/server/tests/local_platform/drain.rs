//! The backlog after a connect (contract 5.4 and 5.9).

use std::time::Duration;

use agentchat_local::Settings;
use tokio::time::sleep;

use super::client::{backlog_of, texts, until};
use super::socket::Socket;

#[tokio::test]
async fn the_backlog_follows_hello_with_delivery_ids() {
    let (platform, _, bob, sent) = backlog_of(3, Settings::default()).await;
    let synced = bob.get("/v1/messages/sync").await.ok(200);
    let mut socket = Socket::with_acks(&bob).await;
    let pushed = socket.messages(3).await;
    assert_eq!(pushed, synced);
    assert_eq!(texts(&pushed), sent);
    assert_eq!(platform.undelivered("bob"), 3, "not acknowledged, not delivered");
    socket.nothing_more(&bob).await;

    let mut again = Socket::without_acks(&bob).await;
    assert_eq!(texts(&again.messages(3).await), sent);
    assert_eq!(platform.undelivered("bob"), 0);
}

#[tokio::test]
async fn a_long_backlog_comes_in_batches_without_repeats() {
    let settings = Settings::default().drain_batch(2).drain_pause(Duration::from_millis(1));
    let (platform, _, bob, sent) = backlog_of(7, settings).await;
    let mut socket = Socket::with_acks(&bob).await;
    assert_eq!(texts(&socket.messages(7).await), sent);
    socket.nothing_more(&bob).await;
    let mut legacy = Socket::without_acks(&bob).await;
    assert_eq!(texts(&legacy.messages(7).await), sent);
    until(|| platform.undelivered("bob") == 0).await;
}

#[tokio::test]
async fn a_drain_ends_after_so_many_batches() {
    let settings = Settings::default().drain_batch(2).drain_batches(2).drain_pause(Duration::from_millis(1));
    let (platform, _, bob, _) = backlog_of(7, settings).await;
    let mut socket = Socket::without_acks(&bob).await;
    socket.messages(4).await;
    sleep(Duration::from_millis(20)).await; // Many pauses, in which a third batch would come.
    socket.nothing_more(&bob).await;
    assert_eq!(platform.undelivered("bob"), 3);
}

#[tokio::test]
async fn what_is_sent_during_a_drain_is_pushed_once() {
    // The last of seven batches has room for messages that are pushed live.
    let settings = Settings::default().drain_batch(3).drain_pause(Duration::from_millis(10));
    let (_, alice, bob, mut sent) = backlog_of(20, settings).await;
    let mut socket = Socket::with_acks(&bob).await;
    for number in 0..10 {
        let text = format!("live-{number}");
        alice.send("bob", &text).await.ok(201);
        sent.push(text);
    }
    let mut received = texts(&socket.messages(30).await);
    socket.nothing_more(&bob).await;
    sent.sort();
    received.sort();
    assert_eq!(received, sent);
}

#[tokio::test]
async fn a_drain_waits_for_a_slow_reader_instead_of_closing() {
    let settings = Settings::default().send_buffer_bytes(1_000).drain_pause(Duration::from_millis(1));
    let (_, _, bob, sent) = backlog_of(20, settings).await;
    let mut socket = Socket::with_acks(&bob).await;
    assert_eq!(texts(&socket.messages(20).await), sent);
}
