//! Contract 1.5, on the one route so far that honours the header.

use std::time::Duration;

use agentchat_local::Settings;
use serde_json::Value;

use super::client::{Agent, Reply, alice_and_bob};
use super::socket::Socket;

const KEY: &str = "key-0001";

async fn read(agent: &Agent, message_id: &Value, key: &str, body: &str) -> Reply {
    let path = format!("/v1/messages/{}/read", message_id.as_str().expect("an id"));
    agent.call("POST", &path, &[("idempotency-key", key)], body).await
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer_and_runs_nothing() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let id = alice.send("bob", "1").await.ok(201)["id"].take();
    let mut socket = Socket::with_acks(&alice).await;
    let first = read(&bob, &id, KEY, "{}").await;
    first.ok(200);
    assert_eq!(first.header("idempotent-replay"), None);
    socket.event("message.read").await;

    let second = read(&bob, &id, KEY, "{}").await;
    assert_eq!((second.status, &second.body), (200, &first.body));
    assert_eq!(second.header("idempotent-replay"), Some("true"));
    assert_eq!(second.header("content-type"), first.header("content-type"));
    assert_ne!(second.header("x-request-id"), first.header("x-request-id"));
    socket.nothing_more(&alice).await;
}

#[tokio::test]
async fn refusals_are_replayed_too() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let id = alice.send("bob", "1").await.ok(201)["id"].take();
    read(&alice, &id, KEY, "").await.refused(404, "MESSAGE_NOT_FOUND");
    let again = read(&alice, &id, KEY, "").await;
    again.refused(404, "MESSAGE_NOT_FOUND");
    assert_eq!(again.header("idempotent-replay"), Some("true"));
    read(&bob, &id, KEY, "").await.ok(200);
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let first = alice.send("bob", "1").await.ok(201)["id"].take();
    let second = alice.send("bob", "2").await.ok(201)["id"].take();
    read(&bob, &first, KEY, "{}").await.ok(200);
    read(&bob, &second, KEY, "{}").await.refused(422, "IDEMPOTENCY_KEY_CONFLICT");
    read(&bob, &first, KEY, "{ }").await.refused(422, "IDEMPOTENCY_KEY_CONFLICT");
    let with_query = format!("/v1/messages/{}/read?x=1", first.as_str().expect("an id"));
    let reply = bob.call("POST", &with_query, &[("idempotency-key", KEY)], "{}").await;
    assert_eq!(reply.header("idempotent-replay"), Some("true"), "the query is no part of the request");
}

#[tokio::test]
async fn keys_have_a_form_and_come_after_the_caller() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let id = alice.send("bob", "1").await.ok(201)["id"].take();
    for key in ["short-7", "with space", "dots.are.out", &"x".repeat(129)] {
        read(&bob, &id, key, "").await.refused(400, "IDEMPOTENCY_KEY_INVALID");
    }
    for key in ["12345678", "A_b-C_d-", &"x".repeat(128)] {
        read(&bob, &id, key, "").await.ok(200);
    }
    let mut stranger = bob.clone();
    stranger.account.api_key = "ac_unknown".to_owned();
    read(&stranger, &id, "!", "").await.refused(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn a_key_is_free_again_after_a_day() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let id = alice.send("bob", "1").await.ok(201)["id"].take();
    read(&bob, &id, KEY, "").await.ok(200);
    platform.clock().advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(read(&bob, &id, KEY, "").await.header("idempotent-replay"), None);
}

#[tokio::test]
async fn a_large_answer_is_not_kept() {
    let (_, alice, bob) = alice_and_bob(Settings::default().idempotency_body_bytes(10)).await;
    let id = alice.send("bob", "1").await.ok(201)["id"].take();
    read(&bob, &id, KEY, "").await.ok(200);
    assert_eq!(read(&bob, &id, KEY, "").await.header("idempotent-replay"), None);
}
