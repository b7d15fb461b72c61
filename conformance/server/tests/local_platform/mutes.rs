//! Muting (contract 2.7, 3.10 and 4.11).

use std::time::Duration;

use agentchat_local::Settings;
use serde_json::{Value, json};

use super::client::{Agent, agent, alice_and_bob};
use super::socket::Socket;

async fn mute(muter: &Agent, target: Value) -> Value {
    muter.post("/v1/mutes", target).await.ok(201)
}

#[tokio::test]
async fn a_muted_agent_is_stored_but_not_pushed() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut socket = Socket::without_acks(&bob).await;
    mute(&bob, json!({ "target_kind": "agent", "target_handle": "@Alice" })).await;
    alice.send("bob", "quiet").await.ok(201);
    socket.nothing_more(&bob).await;
    assert_eq!(bob.backlog().await, ["quiet"]);
    assert_eq!(platform.undelivered("bob"), 1);
    assert_eq!(bob.get("/v1/conversations").await.ok(200)[0]["is_muted"], true);
    assert_eq!(alice.get("/v1/conversations").await.ok(200)[0]["is_muted"], false);

    let mut later = Socket::without_acks(&bob).await;
    assert_eq!(later.event("message.new").await["content"]["text"], "quiet", "the drain knows no mutes");
    bob.delete("/v1/mutes/agent/alice").await.ok(200);
    alice.send("bob", "loud").await.ok(201);
    assert_eq!(socket.event("message.new").await["content"]["text"], "loud");
}

#[tokio::test]
async fn a_mute_of_a_conversation_ends_in_time() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let conversation = alice.send("bob", "1").await.ok(201)["conversation_id"].take();
    let mut socket = Socket::with_acks(&bob).await;
    socket.event("message.new").await;
    let path = format!("/v1/mutes/conversation/{}", conversation.as_str().expect("an id"));
    let target =
        json!({ "target_kind": "conversation", "target_id": conversation, "muted_until": "2099-01-01T00:00:00Z" });
    let row = mute(&bob, target).await;
    assert_eq!((&row["target_id"], &row["muted_until"]), (&conversation, &json!("2099-01-01T00:00:00.000Z")));
    assert_eq!(bob.get(&path).await.ok(200), row);
    alice.send("bob", "2").await.ok(201);
    socket.nothing_more(&bob).await;

    platform.clock().advance(Duration::from_secs(100 * 365 * 24 * 60 * 60));
    bob.get(&path).await.refused(404, "NOT_FOUND");
    assert_eq!(bob.get("/v1/mutes").await.ok(200), json!({ "mutes": [] }));
    alice.send("bob", "3").await.ok(201);
    assert_eq!(socket.event("message.new").await["content"]["text"], "3");
    bob.delete(&path).await.ok(200);
    bob.delete(&path).await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn the_end_of_a_mute_can_be_written_in_several_ways() {
    let (_, alice, _bob) = alice_and_bob(Settings::default()).await;
    for (written, shown) in [
        (json!("2099-01-01T00:00:00Z"), json!("2099-01-01T00:00:00.000Z")),
        (json!("2099-01-01T02:00:00.123456+02:00"), json!("2099-01-01T00:00:00.123Z")),
        (json!("2099-01-01T00:00:00"), json!("2099-01-01T00:00:00.000Z")),
        (json!("2099-01-01"), json!("2099-01-01T00:00:00.000Z")),
        (json!(null), json!(null)),
    ] {
        let row = mute(&alice, json!({ "target_kind": "agent", "target_handle": "bob", "muted_until": written })).await;
        assert_eq!(row["muted_until"], shown);
    }
}

#[tokio::test]
async fn mutes_are_listed_newest_first_and_keep_their_age() {
    let (platform, alice, _bob) = alice_and_bob(Settings::default()).await;
    let conversation = alice.send("bob", "1").await.ok(201)["conversation_id"].take();
    let first = mute(&alice, json!({ "target_kind": "agent", "target_handle": "bob" })).await;
    mute(&alice, json!({ "target_kind": "conversation", "target_id": conversation })).await;
    platform.clock().advance(Duration::from_secs(1));
    let by_id =
        json!({ "target_kind": "agent", "target_id": first["target_id"], "muted_until": "2099-01-01T00:00:00Z" });
    let again = mute(&alice, by_id).await;
    assert_eq!(again["created_at"], first["created_at"]);
    assert_ne!(again["muted_until"], first["muted_until"]);

    let all = alice.get("/v1/mutes").await.ok(200)["mutes"].take();
    assert_eq!((&all[0]["target_kind"], &all[1]["target_kind"]), (&json!("conversation"), &json!("agent")));
    assert_eq!(alice.get("/v1/mutes?kind=agent").await.ok(200)["mutes"], json!([again]));
    alice.get("/v1/mutes?kind=group").await.refused(400, "VALIDATION_ERROR");
    assert_eq!(alice.get("/v1/mutes/agent/bob").await.ok(200), again);
}

#[tokio::test]
async fn impossible_mutes_are_refused() {
    let (platform, alice, bob) = alice_and_bob(Settings::default().mute_writes_per_second(u32::MAX)).await;
    agent(&platform, "carol");
    let foreign = bob.send("carol", "1").await.ok(201)["conversation_id"].take();
    for (target, status, code) in [
        (json!({ "target_kind": "planet", "target_id": "x" }), 400, "VALIDATION_ERROR"),
        (json!({ "target_kind": "agent" }), 400, "VALIDATION_ERROR"),
        (json!({ "target_kind": "agent", "target_handle": 5 }), 400, "VALIDATION_ERROR"),
        (json!({ "target_kind": "conversation", "target_handle": "bob" }), 400, "VALIDATION_ERROR"),
        (json!({ "target_kind": "agent", "target_handle": "bob", "muted_until": 5 }), 400, "VALIDATION_ERROR"),
        (json!({ "target_kind": "agent", "target_handle": "bob", "muted_until": "soon" }), 400, "VALIDATION_ERROR"),
        (
            json!({ "target_kind": "agent", "target_handle": "bob", "muted_until": "2000-01-01T00:00:00Z" }),
            400,
            "VALIDATION_ERROR",
        ),
        (json!({ "target_kind": "agent", "target_handle": "alice" }), 400, "SELF_MUTE"),
        (json!({ "target_kind": "agent", "target_handle": "nobody-here" }), 404, "AGENT_NOT_FOUND"),
        (json!({ "target_kind": "conversation", "target_id": "conv_1" }), 404, "CONVERSATION_NOT_FOUND"),
        (json!({ "target_kind": "conversation", "target_id": foreign }), 403, "NOT_PARTICIPANT"),
    ] {
        alice.post("/v1/mutes", target).await.refused(status, code);
    }
    alice.get("/v1/mutes/agent/nobody-here").await.refused(404, "AGENT_NOT_FOUND");
    alice.get("/v1/mutes/agent/bob").await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn writes_are_counted_by_the_second() {
    let (_, alice, _bob) = alice_and_bob(Settings::default().mute_writes_per_second(0)).await;
    let refusal = alice.post("/v1/mutes", json!({ "target_kind": "agent", "target_handle": "bob" })).await;
    assert!(refusal.refused(429, "RATE_LIMITED")["retry_after_ms"].is_u64());
    assert_eq!(refusal.header("retry-after"), None);
    alice.delete("/v1/mutes/agent/bob").await.refused(429, "RATE_LIMITED");
    alice.get("/v1/mutes").await.ok(200);
}
