//! Wire contract sections 5.4 to 5.6 and 5.9.

use std::time::Duration;

use agentchat_conformance::server::{LocalPlatform, PausedByOwner, Settings};
use serde_json::{Value, json};

use super::{
    client::{Agent, agent, alice_and_bob, texts, until},
    socket::Socket,
};

async fn backlog_of(
    count: usize,
    settings: Settings,
) -> (LocalPlatform, Agent, Agent, Vec<String>) {
    let (platform, alice, bob) = alice_and_bob(settings).await;
    let sent: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
    for text in &sent {
        alice.send("bob", text).await.ok(201);
    }
    (platform, alice, bob, sent)
}

async fn receive(socket: &mut Socket, count: usize) -> Value {
    let mut rows = Vec::new();
    for _ in 0..count {
        rows.push(socket.event("message.new").await);
    }
    json!(rows)
}

#[tokio::test]
async fn a_message_goes_to_all_sockets_of_the_recipient_and_none_of_the_sender() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut sender = Socket::with_acks(&alice).await;
    let mut receivers = [Socket::with_acks(&bob).await, Socket::with_acks(&bob).await];
    let row = alice.send("bob", "hi").await.ok(201);
    for receiver in &mut receivers {
        let pushed = receiver.event("message.new").await;
        assert_eq!(
            pushed, row,
            "exactly the row of the answer, without a status"
        );
    }
    sender.nothing_more(&alice).await;
    alice.send("bob", "hi").await.ok(200);
    receivers[0].nothing_more(&bob).await;
    assert_eq!(platform.undelivered("bob"), 1);
}

#[tokio::test]
async fn with_acks_a_message_is_delivered_when_the_client_says_so() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut socket = Socket::with_acks(&bob).await;
    alice.send("bob", "1").await.ok(201);
    alice.send("bob", "2").await.ok(201);
    let (first, second) = (
        socket.event("message.new").await,
        socket.event("message.new").await,
    );
    assert_eq!(platform.undelivered("bob"), 2);
    socket.ack(&json!("msg_unknown")).await;
    socket.ack(&second["id"]).await;
    socket.ack(&second["id"]).await;
    until(|| platform.undelivered("bob") == 1).await;
    assert_eq!(bob.backlog().await, ["1"]);
    socket.ack(&first["id"]).await;
    until(|| platform.undelivered("bob") == 0).await;
    socket.nothing_more(&bob).await;
}

#[tokio::test]
async fn nobody_acknowledges_for_another() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let id = alice.send("bob", "1").await.ok(201)["id"].take();
    let own = bob.send("alice", "2").await.ok(201)["id"].take();
    let mut socket = Socket::with_acks(&alice).await;
    socket.event("message.new").await;
    socket.ack(&id).await;
    socket.ack(&own).await;
    until(|| platform.undelivered("alice") == 0).await;
    assert_eq!(platform.undelivered("bob"), 1);
}

#[tokio::test]
async fn without_acks_a_push_is_a_delivery() {
    for settings in [
        Settings::default(),
        Settings {
            legacy_realtime: true,
            ..Settings::default()
        },
    ] {
        let (platform, alice, bob) = alice_and_bob(settings).await;
        let mut socket = Socket::without_acks(&bob).await;
        alice.send("bob", "1").await.ok(201);
        assert_eq!(platform.undelivered("bob"), 0);
        socket.event("message.new").await;
        let cut = platform.cut_sockets("bob");
        assert_eq!(cut, 1);
        alice.send("bob", "2").await.ok(201);
        assert_eq!(platform.undelivered("bob"), 1);
    }
}

#[tokio::test]
async fn the_backlog_follows_hello_with_delivery_ids() {
    let (platform, _, bob, sent) = backlog_of(3, Settings::default()).await;
    let synced = bob.get("/v1/messages/sync").await.ok(200);
    let mut socket = Socket::with_acks(&bob).await;
    let pushed = receive(&mut socket, 3).await;
    assert_eq!(pushed, synced);
    assert_eq!(texts(&pushed), sent);
    assert_eq!(
        platform.undelivered("bob"),
        3,
        "not acknowledged, not delivered"
    );
    socket.nothing_more(&bob).await;

    let mut again = Socket::without_acks(&bob).await;
    assert_eq!(texts(&receive(&mut again, 3).await), sent);
    assert_eq!(platform.undelivered("bob"), 0);
}

#[tokio::test]
async fn a_long_backlog_comes_in_batches_without_repeats() {
    let settings = Settings {
        drain_batch: 2,
        drain_pause: Duration::from_millis(1),
        ..Settings::default()
    };
    let (platform, _, bob, sent) = backlog_of(7, settings).await;
    let mut socket = Socket::with_acks(&bob).await;
    assert_eq!(texts(&receive(&mut socket, 7).await), sent);
    socket.nothing_more(&bob).await;
    let mut legacy = Socket::without_acks(&bob).await;
    assert_eq!(texts(&receive(&mut legacy, 7).await), sent);
    until(|| platform.undelivered("bob") == 0).await;
}

#[tokio::test]
async fn a_drain_ends_after_so_many_batches() {
    let settings = Settings {
        drain_batch: 2,
        drain_batches: 2,
        drain_pause: Duration::from_millis(1),
        ..Settings::default()
    };
    let (platform, _, bob, _) = backlog_of(7, settings).await;
    let mut socket = Socket::without_acks(&bob).await;
    receive(&mut socket, 4).await;
    socket.nothing_more(&bob).await;
    assert_eq!(platform.undelivered("bob"), 3);
}

#[tokio::test]
async fn what_is_sent_during_a_drain_is_pushed_once() {
    let settings = Settings {
        drain_batch: 1,
        drain_pause: Duration::from_millis(1),
        ..Settings::default()
    };
    let (_, alice, bob, mut sent) = backlog_of(20, settings).await;
    let mut socket = Socket::with_acks(&bob).await;
    for number in 0..10 {
        let text = format!("live-{number}");
        alice.send("bob", &text).await.ok(201);
        sent.push(text);
    }
    let mut received = texts(&receive(&mut socket, 30).await);
    socket.nothing_more(&bob).await;
    sent.sort();
    received.sort();
    assert_eq!(received, sent);
}

#[tokio::test]
async fn a_drain_waits_for_a_slow_reader_instead_of_closing() {
    let settings = Settings {
        send_buffer_bytes: 1_000,
        drain_pause: Duration::from_millis(1),
        ..Settings::default()
    };
    let (_, _, bob, sent) = backlog_of(20, settings).await;
    let mut socket = Socket::with_acks(&bob).await;
    assert_eq!(texts(&receive(&mut socket, 20).await), sent);
}

#[tokio::test]
async fn a_full_pause_silences_the_socket() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    alice.send("bob", "1").await.ok(201);
    platform
        .set_paused("bob", PausedByOwner::Full)
        .expect("known");
    let mut socket = Socket::without_acks(&bob).await;
    alice.send("bob", "2").await.ok(201);
    socket.nothing_more(&bob).await;
    assert_eq!(platform.undelivered("bob"), 2);
    platform
        .set_paused("bob", PausedByOwner::Send)
        .expect("known");
    alice.send("bob", "3").await.ok(201);
    assert_eq!(socket.event("message.new").await["content"]["text"], "3");
}

#[tokio::test]
async fn the_sender_hears_every_read() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    agent(&platform, "carol");
    let id = alice.send("bob", "1").await.ok(201)["id"].take();
    let (mut sender, mut reader) = (
        Socket::with_acks(&alice).await,
        Socket::with_acks(&bob).await,
    );
    receive(&mut reader, 1).await;
    let path = format!("/v1/messages/{}/read", id.as_str().expect("an id"));
    let row = bob.post(&path, json!({})).await.ok(200);
    let expected = json!({ "message_id": id, "read_by": "bob", "read_at": row["read_at"] });
    assert_eq!(sender.event("message.read").await, expected);
    platform.clock().advance(Duration::from_secs(1));
    bob.post(&path, json!({})).await.ok(200);
    assert_eq!(
        sender.event("message.read").await,
        expected,
        "repeats are told, with the first time"
    );
    reader.nothing_more(&bob).await;

    platform
        .set_paused("alice", PausedByOwner::Full)
        .expect("known");
    bob.post(&path, json!({})).await.ok(200);
    sender.nothing_more(&alice).await;
}

fn signal(kind: &str, conversation_id: &Value, through_seq: u64) -> String {
    let payload = json!({ "conversation_id": conversation_id, "through_seq": through_seq });
    json!({ "type": kind, "payload": payload }).to_string()
}

#[tokio::test]
async fn typing_is_relayed_within_the_conversation() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let id = alice.send("bob", "1").await.ok(201)["conversation_id"].take();
    let (mut one, mut two) = (
        Socket::with_acks(&alice).await,
        Socket::with_acks(&agent(&platform, "carol")).await,
    );
    let mut bobs = Socket::with_acks(&bob).await;
    receive(&mut bobs, 1).await;
    two.send(&signal("typing.start", &id, 0)).await;
    two.send(&signal("typing.start", &json!("conv_unknown"), 0))
        .await;
    for kind in ["typing.start", "typing.stop"] {
        bobs.send(&signal(kind, &id, 0)).await;
        let relayed = one.event(kind).await;
        assert_eq!(
            relayed,
            json!({ "conversation_id": id, "sender": "bob" }),
            "from Bob, not from Carol"
        );
    }
    bobs.nothing_more(&bob).await;
}

#[tokio::test]
async fn a_cursor_reads_everything_up_to_it() {
    let (platform, alice, bob, _) = backlog_of(3, Settings::default()).await;
    let rows = bob.get("/v1/messages/sync").await.ok(200);
    let (mut sender, mut reader) = (
        Socket::with_acks(&alice).await,
        Socket::with_acks(&bob).await,
    );
    reader
        .send(&signal("message.read_ack", &rows[0]["conversation_id"], 2))
        .await;
    let event = sender.event("message.read").await;
    assert_eq!(
        (&event["message_id"], &event["read_by"]),
        (&rows[1]["id"], &json!("bob"))
    );
    assert_eq!(
        (&event["conversation_id"], &event["through_seq"]),
        (&rows[0]["conversation_id"], &json!(2))
    );
    assert!(event["read_at"].is_string());
    sender.nothing_more(&alice).await;
    assert_eq!(platform.undelivered("bob"), 1);
}
