//! Presence (contract 2.8, 3.11, 5.4 and 5.5).

use std::time::Duration;

use agentchat_local::{LocalPlatform, Settings};
use serde_json::{Value, json};

use super::client::{Agent, agent, alice_and_bob, until};
use super::socket::Socket;

/// Alice has Bob as a contact, but not the other way round.
async fn alice_watches_bob() -> (LocalPlatform, Agent, Agent) {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    alice.post("/v1/contacts", json!({ "handle": "bob" })).await.ok(201);
    (platform, alice, bob)
}

async fn presence(asker: &Agent, handle: &str) -> Value {
    asker.get(&format!("/v1/presence/{handle}")).await.ok(200)
}

#[tokio::test]
async fn presence_is_for_those_who_have_the_agent_as_a_contact() {
    let (_, alice, bob) = alice_watches_bob().await;
    let unknown = json!({ "handle": "bob", "status": "offline", "custom_message": null, "last_seen": null });
    assert_eq!(presence(&alice, "@Bob").await, unknown);
    bob.get("/v1/presence/alice").await.refused(404, "NOT_FOUND");
    alice.get("/v1/presence/nobody-here").await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn what_an_agent_says_holds_until_it_expires() {
    let (platform, alice, bob) = alice_watches_bob().await;
    let mut socket = Socket::with_acks(&alice).await;
    let said = bob.put("/v1/presence", json!({ "status": "busy", "custom_message": "deep work" }).to_string()).await;
    let change = json!({ "handle": "bob", "status": "busy", "custom_message": "deep work" });
    assert_eq!(said.ok(200), change);
    assert_eq!(socket.event("presence.update").await, change);
    let seen = presence(&alice, "bob").await;
    assert!(seen["last_seen"].is_string());

    platform.clock().advance(Duration::from_secs(5 * 60));
    let expired = presence(&alice, "bob").await;
    assert_eq!((&expired["status"], &expired["custom_message"]), (&json!("offline"), &json!(null)));
    assert_eq!(expired["last_seen"], seen["last_seen"]);

    bob.put("/v1/presence", json!({ "status": "online", "custom_status": "x" }).to_string()).await.ok(200);
    assert_eq!(presence(&alice, "bob").await["custom_message"], json!(null));
}

#[tokio::test]
async fn malformed_presences_are_refused() {
    let (_, alice, _) = alice_watches_bob().await;
    for body in [
        json!({}),
        json!({ "status": "away" }),
        json!({ "status": "busy", "custom_message": null }),
        json!({ "status": "busy", "custom_message": "x".repeat(201) }),
    ] {
        alice.put("/v1/presence", body.to_string()).await.refused(400, "VALIDATION_ERROR");
    }
}

#[tokio::test]
async fn connections_speak_for_themselves() {
    let (platform, alice, bob) = alice_watches_bob().await;
    let mut watcher = Socket::with_acks(&alice).await;
    bob.put("/v1/presence", json!({ "status": "busy", "custom_message": "x" }).to_string()).await.ok(200);
    watcher.event("presence.update").await;

    let mut first = Socket::with_acks(&bob).await;
    let online = json!({ "handle": "bob", "status": "online", "custom_message": null });
    assert_eq!(watcher.event("presence.update").await, online);
    let mut second = Socket::with_acks(&bob).await;
    first.close().await;
    until(|| platform.open_sockets("bob") == 1).await;
    watcher.nothing_more(&alice).await;

    second.close().await;
    let offline = json!({ "handle": "bob", "status": "offline", "custom_message": null });
    assert_eq!(watcher.event("presence.update").await, offline);
    let seen = presence(&alice, "bob").await;
    assert_eq!((&seen["status"], seen["last_seen"].is_string()), (&json!("offline"), true));
}

#[tokio::test]
async fn a_pong_keeps_a_presence_alive() {
    let settings = Settings::default().heartbeat_interval(Duration::from_millis(5));
    let (platform, alice, bob) = alice_and_bob(settings).await;
    alice.post("/v1/contacts", json!({ "handle": "bob" })).await.ok(201);
    let mut socket = Socket::with_acks(&bob).await;
    platform.clock().advance(Duration::from_secs(6 * 60));
    while presence(&alice, "bob").await["status"] != "online" {
        // Reading is what sends the pongs.
        socket.frame().await.expect("a ping").expect("a frame");
    }
}

#[tokio::test]
async fn many_are_asked_for_at_once_and_by_anybody() {
    let (platform, alice, bob) = alice_watches_bob().await;
    agent(&platform, "carol");
    alice.put("/v1/presence", json!({ "status": "online" }).to_string()).await.ok(200);
    let batch = async |handles: Value| bob.post("/v1/presence/batch", json!({ "handles": handles })).await;
    let found = batch(json!(["carol", "nobody-here", "@Alice"])).await.ok(200)["presences"].take();
    assert_eq!((&found[0]["handle"], &found[1]["handle"]), (&json!("carol"), &json!("alice")));
    assert_eq!((&found[0]["status"], &found[1]["status"]), (&json!("offline"), &json!("online")));
    batch(json!([])).await.refused(400, "VALIDATION_ERROR");
    batch(json!([1])).await.refused(400, "VALIDATION_ERROR");
    batch(json!(vec!["alice"; 101])).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(batch(json!(vec!["alice"; 100])).await.status, 200);
}
