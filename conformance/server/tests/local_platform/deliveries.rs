//! Contract 5.5, 5.6 and 5.9.

use std::time::Duration;

use agentchat_local::{PausedByOwner, Settings};
use serde_json::{Value, json};

use super::client::{agent, alice_and_bob, backlog_of, until};
use super::socket::Socket;

fn signal(kind: &str, conversation_id: &Value, through_seq: u64) -> String {
    let payload = json!({ "conversation_id": conversation_id, "through_seq": through_seq });
    json!({ "type": kind, "payload": payload }).to_string()
}

#[tokio::test]
async fn a_message_goes_to_all_sockets_of_the_recipient_and_none_of_the_sender() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut sender = Socket::with_acks(&alice).await;
    let mut receivers = [Socket::with_acks(&bob).await, Socket::with_acks(&bob).await];
    let row = alice.send("bob", "hi").await.ok(201);
    for receiver in &mut receivers {
        let pushed = receiver.event("message.new").await;
        assert_eq!(pushed, row, "exactly the row of the answer, without a status");
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
    let (first, second) = (socket.event("message.new").await, socket.event("message.new").await);
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
    let legacy = Settings::default().legacy_realtime(true);
    for (settings, offered) in [(Settings::default(), json!([])), (legacy, json!(["ack"]))] {
        let (platform, alice, bob) = alice_and_bob(settings).await;
        let mut socket = Socket::hello(&bob, offered).await;
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
async fn an_ack_counts_only_where_acks_were_agreed() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let (mut alices, mut bobs) = (Socket::with_acks(&alice).await, Socket::without_acks(&bob).await);
    platform.set_paused("bob", PausedByOwner::Full).expect("known");
    let waiting = alice.send("bob", "1").await.ok(201);
    bobs.ack(&waiting["id"]).await;
    bobs.send(&signal("typing.start", &waiting["conversation_id"], 0)).await;
    alices.event("typing.start").await; // So the frame before it has been handled as well.
    assert_eq!(platform.undelivered("bob"), 1);
}

#[tokio::test]
async fn a_full_pause_silences_the_socket() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    alice.send("bob", "1").await.ok(201);
    platform.set_paused("bob", PausedByOwner::Full).expect("known");
    let mut socket = Socket::without_acks(&bob).await;
    alice.send("bob", "2").await.ok(201);
    socket.nothing_more(&bob).await;
    assert_eq!(platform.undelivered("bob"), 2);
    platform.set_paused("bob", PausedByOwner::Send).expect("known");
    alice.send("bob", "3").await.ok(201);
    assert_eq!(socket.event("message.new").await["content"]["text"], "3");
}

#[tokio::test]
async fn the_sender_hears_every_read() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    agent(&platform, "carol");
    let id = alice.send("bob", "1").await.ok(201)["id"].take();
    let (mut sender, mut reader) = (Socket::with_acks(&alice).await, Socket::with_acks(&bob).await);
    reader.messages(1).await;
    let path = format!("/v1/messages/{}/read", id.as_str().expect("an id"));
    let row = bob.post(&path, json!({})).await.ok(200);
    let expected = json!({ "message_id": id, "read_by": "bob", "read_at": row["read_at"] });
    assert_eq!(sender.event("message.read").await, expected);
    platform.clock().advance(Duration::from_secs(1));
    bob.post(&path, json!({})).await.ok(200);
    assert_eq!(sender.event("message.read").await, expected, "repeats have an event, with the first time");
    reader.nothing_more(&bob).await;

    platform.set_paused("alice", PausedByOwner::Full).expect("known");
    bob.post(&path, json!({})).await.ok(200);
    sender.nothing_more(&alice).await;
}

#[tokio::test]
async fn typing_is_relayed_within_the_conversation() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let id = alice.send("bob", "1").await.ok(201)["conversation_id"].take();
    let (mut one, mut two) = (Socket::with_acks(&alice).await, Socket::with_acks(&agent(&platform, "carol")).await);
    let mut bobs = Socket::with_acks(&bob).await;
    bobs.messages(1).await;
    two.send(&signal("typing.start", &id, 0)).await;
    two.send(&signal("typing.start", &json!("conv_unknown"), 0)).await;
    for kind in ["typing.start", "typing.stop"] {
        bobs.send(&signal(kind, &id, 0)).await;
        let relayed = one.event(kind).await;
        assert_eq!(relayed, json!({ "conversation_id": id, "sender": "bob" }), "from Bob, not from Carol");
    }
    bobs.nothing_more(&bob).await;
}

#[tokio::test]
async fn a_cursor_reads_everything_up_to_it() {
    let (platform, alice, bob, _) = backlog_of(3, Settings::default()).await;
    let rows = bob.get("/v1/messages/sync").await.ok(200);
    let (mut sender, mut reader) = (Socket::with_acks(&alice).await, Socket::with_acks(&bob).await);
    reader.send(&signal("message.read_ack", &rows[0]["conversation_id"], 2)).await;
    let event = sender.event("message.read").await;
    assert_eq!((&event["message_id"], &event["read_by"]), (&rows[1]["id"], &json!("bob")));
    assert_eq!((&event["conversation_id"], &event["through_seq"]), (&rows[0]["conversation_id"], &json!(2)));
    assert!(event["read_at"].is_string());
    sender.nothing_more(&alice).await;
    assert_eq!(platform.undelivered("bob"), 1);
}
