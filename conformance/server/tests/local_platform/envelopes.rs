//! Envelopes only move forward, whichever way they are moved (contract 4.8 and 4.10 to 4.12).

use agentchat_local::{PausedByOwner, Settings};
use serde_json::{Value, json};

use super::client::{Agent, agent, alice_and_bob, until};
use super::groups::{at, trio};
use super::socket::Socket;

async fn newest(agent: &Agent, row: &Value) -> Value {
    let path = format!("/v1/messages/{}?limit=1", row["conversation_id"].as_str().expect("an id"));
    agent.get(&path).await.ok(200)[0].take()
}

#[tokio::test]
async fn what_was_read_is_not_delivered_afterwards() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let row = alice.send("bob", "1").await.ok(201);
    let mut socket = Socket::with_acks(&bob).await;
    socket.messages(1).await;
    let delivery_id = bob.get("/v1/messages/sync").await.ok(200)[0]["delivery_id"].take();
    bob.post(&format!("/v1/messages/{}/read", row["id"].as_str().expect("an id")), json!({})).await.ok(200);
    assert_eq!(platform.undelivered("bob"), 0, "read, and so delivered");

    socket.ack(&row["id"]).await;
    let later = alice.send("bob", "2").await.ok(201);
    socket.messages(1).await;
    socket.ack(&later["id"]).await;
    until(|| platform.undelivered("bob") == 0).await; // So the first ack has been handled as well.
    let ack = bob.post("/v1/messages/sync/ack", json!({ "last_delivery_id": delivery_id })).await;
    assert_eq!(ack.ok(200), json!({ "acked": 0 }));
    let history = format!("/v1/messages/{}?after_seq=0&limit=1", row["conversation_id"].as_str().expect("an id"));
    let first = alice.get(&history).await.ok(200)[0].take();
    assert_eq!((&first["status"], &first["delivered_at"]), (&json!("read"), &json!(null)));
}

#[tokio::test]
async fn what_was_delivered_can_still_be_read() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut socket = Socket::without_acks(&bob).await;
    let row = alice.send("bob", "1").await.ok(201);
    socket.messages(1).await;
    bob.post(&format!("/v1/messages/{}/read", row["id"].as_str().expect("an id")), json!({})).await.ok(200);
    let seen = newest(&alice, &row).await;
    assert_eq!(seen["status"], "read");
    assert!(seen["delivered_at"].is_string() && seen["read_at"].is_string());
}

#[tokio::test]
async fn hiding_delivers_for_the_sender_too() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let row = alice.send("bob", "1").await.ok(201);
    bob.delete(&format!("/v1/messages/{}", row["id"].as_str().expect("an id"))).await.ok(200);
    assert_eq!(newest(&alice, &row).await["status"], "delivered");
}

#[tokio::test]
async fn who_leaves_a_group_has_nothing_waiting_and_may_still_hide() {
    let (platform, [alice, bob, _], group) = trio(Settings::default()).await;
    let id = group.rsplit('/').next().expect("an id");
    let body = json!({ "conversation_id": id, "client_msg_id": "c", "content": { "text": "x" } });
    let row = alice.post("/v1/messages", body).await.ok(201);
    assert!(platform.undelivered("bob") > 0);
    bob.post(&format!("{group}/leave"), json!({})).await.ok(200);
    assert_eq!((platform.undelivered("bob"), bob.backlog().await), (0, Vec::new()));
    bob.get(&at("/v1/messages", &group)).await.refused(403, "FORBIDDEN");
    let message = format!("/v1/messages/{}", row["id"].as_str().expect("an id"));
    bob.delete(&message).await.ok(200);
    agent(&platform, "dave").delete(&message).await.refused(403, "FORBIDDEN");
}

#[tokio::test]
async fn a_pause_of_sending_stops_nothing_that_comes_in() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    platform.set_paused("bob", PausedByOwner::Send).expect("known");
    alice.send("bob", "1").await.ok(201);
    let mut socket = Socket::with_acks(&bob).await;
    socket.messages(1).await;
    assert_eq!(bob.backlog().await, ["1"]);
    alice.send("bob", "2").await.ok(201);
    let second = socket.event("message.new").await;
    socket.ack(&second["id"]).await;
    until(|| platform.undelivered("bob") == 1).await;
}
