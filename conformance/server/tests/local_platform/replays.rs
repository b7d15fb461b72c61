//! One message for one `client_msg_id` (contract 4.4).

use agentchat_local::Settings;
use futures_util::future::join_all;
use serde_json::json;

use super::client::{agent, alice_and_bob};

#[tokio::test]
async fn a_repeated_client_msg_id_is_the_first_message_again() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    agent(&platform, "carol");
    let first = alice.send("bob", "once").await.ok(201);
    assert_eq!(alice.send("bob", "once").await.ok(200), first);
    let elsewhere = json!({ "to": "carol", "client_msg_id": "once", "content": { "text": "other" } });
    assert_eq!(alice.post("/v1/messages", elsewhere).await.ok(200), first);
    assert_eq!((platform.undelivered("bob"), platform.undelivered("carol")), (1, 0));
    assert_eq!(alice.get("/v1/conversations").await.ok(200).as_array().map(Vec::len), Some(1));
    assert_ne!(bob.send("alice", "once").await.ok(201)["id"], first["id"], "another sender, another message");
}

#[tokio::test]
async fn of_messages_sent_at_once_under_one_id_one_is_stored() {
    let (platform, alice, _) = alice_and_bob(Settings::default()).await;
    let replies = join_all((0..8).map(|_| alice.send("bob", "once"))).await;
    let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(replies.iter().all(|reply| reply.json()["id"] == replies[0].json()["id"]));
    assert_eq!(platform.undelivered("bob"), 1);
}

#[tokio::test]
async fn the_idempotency_key_is_ignored_on_sends() {
    let (_, alice, _) = alice_and_bob(Settings::default()).await;
    let body = json!({ "to": "bob", "client_msg_id": "c", "content": { "text": "x" } }).to_string();
    alice.call("POST", "/v1/messages", &[("idempotency-key", "!")], &body).await.ok(201);
}
