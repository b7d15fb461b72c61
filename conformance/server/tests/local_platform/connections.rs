//! Contract 5.3, 5.7, 5.8 and 5.11.

use std::cell::Cell;
use std::time::Duration;

use agentchat_local::{AgentStatus, RawFrame, Settings};
use futures_util::future::join;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::client::{agent, alice_and_bob, start, until};
use super::socket::Socket;

#[tokio::test]
async fn nonsense_after_hello_is_ignored() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut socket = Socket::with_acks(&bob).await;
    for frame in ["{", "null", "[]", "5", r#"{"type":5}"#, r#"{"type":"ack"}"#, r#"{"type":"ack","message_id":1}"#] {
        socket.send(frame).await;
    }
    alice.send("bob", "still there").await.ok(201);
    socket.event("message.new").await;
}

#[tokio::test]
async fn a_large_frame_and_a_binary_one_are_no_reason_to_close() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut socket = Socket::with_acks(&bob).await;
    socket.binary(b"\0\xff").await;
    socket.send(&json!({ "type": "x", "padding": "x".repeat(17 * 1024 * 1024) }).to_string()).await;
    alice.send("bob", "still there").await.ok(201);
    socket.event("message.new").await;
}

#[tokio::test]
async fn a_client_that_answers_pings_stays() {
    let settings = Settings::default().heartbeat_interval(Duration::from_millis(20)).pong_limit(Duration::from_secs(1));
    let platform = start(settings).await;
    let alice = agent(&platform, "alice");
    let mut socket = Socket::with_acks(&alice).await;
    // More pings than fit into the limit: the first pongs must have been noticed.
    for _ in 0..60 {
        assert!(matches!(socket.frame().await, Some(Ok(Message::Ping(_)))));
    }
    assert_eq!(platform.open_sockets("alice"), 1);
}

#[tokio::test]
async fn a_client_that_does_not_is_closed() {
    let settings =
        Settings::default().heartbeat_interval(Duration::from_millis(2)).pong_limit(Duration::from_millis(2));
    let platform = start(settings).await;
    let alice = agent(&platform, "alice");
    let mut socket = Socket::with_acks(&alice).await;
    // Pongs are only written while the socket is being read, so not reading is not answering.
    until(|| platform.open_sockets("alice") == 0).await;
    assert_eq!(socket.closed().await, (1001, "Heartbeat timeout".to_owned()));
}

#[tokio::test]
async fn pings_of_the_client_are_answered_on_an_idle_socket() {
    let platform = start(Settings::default()).await;
    let mut socket = Socket::with_acks(&agent(&platform, "alice")).await;
    socket.ping(b"one").await;
    assert!(matches!(socket.frame().await, Some(Ok(Message::Pong(payload))) if payload.as_ref() == b"one"));
}

#[tokio::test]
async fn a_client_that_does_not_read_is_closed() {
    let platform = start(Settings::default().send_buffer_bytes(100_000)).await;
    let alice = agent(&platform, "alice");
    let mut socket = Socket::with_acks(&alice).await;
    let frame = RawFrame::Text("x".repeat(100_001));
    // Nothing is awaited between the two, so the first still waits to be written.
    assert_eq!(platform.push_raw("alice", frame.clone()), 1);
    assert_eq!(platform.push_raw("alice", frame), 0);
    assert_eq!(socket.closed().await, (1013, "overload".to_owned()));
}

#[tokio::test]
async fn a_client_can_leave_by_itself() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let mut polite = Socket::with_acks(&alice).await;
    let rude = Socket::with_acks(&alice).await;
    assert_eq!(platform.open_sockets("alice"), 2);
    polite.close().await;
    until(|| platform.open_sockets("alice") == 1).await;
    drop(rude);
    until(|| platform.open_sockets("alice") == 0).await;
}

#[tokio::test]
async fn losing_the_account_closes_its_sockets() {
    let platform = start(Settings::default()).await;
    for (handle, status, reason) in
        [("alice", AgentStatus::Suspended, "Account suspended"), ("bob", AgentStatus::Deleted, "Account deleted")]
    {
        let mut socket = Socket::with_acks(&agent(&platform, handle)).await;
        platform.set_status(handle, status).expect("known");
        assert_eq!(socket.closed().await, (1008, reason.to_owned()));
    }
}

#[tokio::test]
async fn a_shutdown_says_goodbye_to_every_socket() {
    let platform = start(Settings::default()).await;
    let mut live = Socket::with_acks(&agent(&platform, "alice")).await;
    let mut silent = Socket::open(&platform, &[]).await;
    let said = Cell::new(false);
    let goodbyes = async {
        let expected = (1001, "Server shutting down".to_owned());
        assert_eq!((live.closed().await, silent.closed().await), (expected.clone(), expected));
        said.set(true);
        // Reading on is what sends the answers.
        (live.frame().await, silent.frame().await)
    };
    let shutdown = async {
        platform.shutdown().await;
        assert!(said.get(), "a shutdown lasts until the goodbyes are answered");
    };
    join(shutdown, goodbyes).await;
    platform.shutdown().await;
    assert!(tokio::net::TcpStream::connect(platform.addr()).await.is_err());
}

#[tokio::test]
async fn what_a_client_says_before_it_leaves_counts() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    for number in 0..20 {
        let mut socket = Socket::with_acks(&bob).await;
        alice.send("bob", &number.to_string()).await.ok(201);
        let id = socket.event("message.new").await["id"].take();
        socket.last_word(&json!({ "type": "ack", "message_id": id }).to_string()).await;
        assert_eq!(platform.undelivered("bob"), 0);
    }
}
