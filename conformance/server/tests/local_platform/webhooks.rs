//! Webhooks and their deliveries (contract 2.11 and 6, and 8.9 and 8.24).

use std::time::Duration;

use agentchat_local::{LocalPlatform, PausedByOwner, Settings};
use serde_json::{Value, json};

use super::client::{Agent, agent, alice_and_bob, request, start, until};
use super::endpoint::{Call, Endpoint};
use super::groups::trio;

async fn subscribe(agent: &Agent, url: &str, events: &[&str]) -> Value {
    agent.post("/v1/webhooks", json!({ "url": url, "events": events })).await.ok(201)
}

/// Waits of milliseconds instead of minutes.
fn hasty() -> Settings {
    Settings::default().webhook_time_factor(1e-6).awaiting_reply(false)
}

#[tokio::test]
async fn webhooks_are_made_listed_and_deleted() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let events = ["message.new", "message.read", "presence.update", "contact.blocked", "group.invite.received"];
    let mut created = subscribe(&alice, "https://example.com/hook?x=1", &events).await;
    let secret = created.as_object_mut().expect("an object").remove("secret").expect("a secret");
    assert_eq!(secret.as_str().map(str::len), Some(64));
    assert!(created["id"].as_str().is_some_and(|id| id.starts_with("whk_")));
    assert_eq!((&created["active"], &created["events"]), (&json!(true), &json!(events)));
    assert_eq!(alice.get("/v1/webhooks").await.ok(200), json!({ "webhooks": [created] }));
    let path = format!("/v1/webhooks/{}", created["id"].as_str().expect("an id"));
    assert_eq!(alice.get(&path).await.ok(200), created);

    for refusal in [bob.get(&path).await, bob.delete(&path).await, alice.get("/v1/webhooks/whk_1").await] {
        refusal.refused(404, "NOT_FOUND");
    }
    assert_eq!(alice.delete(&path).await.ok(200), json!({ "ok": true }));
    alice.delete(&path).await.refused(404, "NOT_FOUND");
    assert_eq!(alice.get("/v1/webhooks").await.ok(200), json!({ "webhooks": [] }));
}

#[tokio::test]
async fn impossible_webhooks_are_refused() {
    let (_, alice, _) = alice_and_bob(Settings::default()).await;
    let url = "http://127.0.0.1:1/hook";
    for (url, events) in [
        ("", json!(["message.new"])),
        ("ftp://example.com", json!(["message.new"])),
        ("/hook", json!(["message.new"])),
        (url, json!([])),
        (url, json!("message.new")),
        (url, json!(["message.old"])),
    ] {
        let body = json!({ "url": url, "events": events });
        alice.post("/v1/webhooks", body).await.refused(400, "VALIDATION_ERROR");
    }
    let system = json!({ "url": url, "events": ["agent.created"] });
    alice.post("/v1/webhooks", system).await.refused(403, "FORBIDDEN");
    for _ in 0..5 {
        subscribe(&alice, url, &["message.new"]).await;
    }
    let sixth = json!({ "url": url, "events": ["message.new"] });
    alice.post("/v1/webhooks", sixth).await.refused(400, "LIMIT_REACHED");
}

#[tokio::test]
async fn a_delivery_is_signed_twice_and_marks_the_message() {
    let (platform, alice, bob) = alice_and_bob(hasty()).await;
    let mut endpoint = Endpoint::start(&[200]).await;
    let secret = subscribe(&bob, &endpoint.url, &["message.new"]).await["secret"].take();
    let row = alice.send("bob", "hi").await.ok(201);
    let call = endpoint.call().await;
    let payload = call.json();
    assert_eq!((&payload["event"], &payload["data"]), (&json!("message.new"), &row));
    assert!(payload["timestamp"].is_string());
    assert_eq!(call.header("x-agentchat-event"), "message.new");
    assert!(call.header("x-agentchat-delivery").starts_with("whd_"));
    call.verify(secret.as_str().expect("a secret"));
    until(|| platform.undelivered("bob") == 0).await;
}

#[tokio::test]
async fn a_failed_delivery_is_tried_again_under_the_same_id() {
    let (platform, alice, bob) = alice_and_bob(hasty()).await;
    // A redirect is not followed, and so a failure.
    let mut endpoint = Endpoint::start(&[500, 302, 204]).await;
    subscribe(&bob, &endpoint.url, &["message.new"]).await;
    alice.send("bob", "hi").await.ok(201);
    let calls = [endpoint.call().await, endpoint.call().await, endpoint.call().await];
    for again in &calls[1..] {
        assert_eq!(again.body, calls[0].body);
        assert_eq!(again.header("x-agentchat-delivery"), calls[0].header("x-agentchat-delivery"));
    }
    until(|| platform.undelivered("bob") == 0).await;
    assert_eq!(platform.dead_letters(), []);
}

#[tokio::test]
async fn after_nine_attempts_a_delivery_is_given_up() {
    let (platform, alice, bob) = alice_and_bob(hasty()).await;
    let mut endpoint = Endpoint::start(&[503; 9]).await;
    let webhook = subscribe(&bob, &endpoint.url, &["message.new"]).await;
    alice.send("bob", "hi").await.ok(201);
    let mut last = None;
    for _ in 0..9 {
        last = Some(endpoint.call().await);
    }
    until(|| platform.dead_letters().len() == 1).await;
    let letter = &platform.dead_letters()[0];
    assert_eq!((letter.attempts, letter.event.as_str()), (9, "message.new"));
    assert_eq!(json!(letter.webhook_id), webhook["id"]);
    assert_eq!(letter.delivery_id, last.expect("a call").header("x-agentchat-delivery"));
    assert_eq!(platform.undelivered("bob"), 1, "the message still waits");
}

#[tokio::test]
async fn waits_between_attempts_pass_with_the_platforms_clock() {
    let settings = Settings::default().webhook_circuit_consecutive(2);
    let (platform, alice, bob) = alice_and_bob(settings).await;
    let mut endpoint = Endpoint::start(&[500, 500, 500, 204]).await;
    subscribe(&bob, &endpoint.url, &["message.new"]).await;
    alice.send("bob", "hi").await.ok(201);
    endpoint.call().await;
    assert_eq!(endpoint.waiting(), 0);
    // Whether the next wait has begun cannot be seen, so the clock is moved until it has and is over.
    for _ in 0..3 {
        until(|| {
            platform.clock().advance(Duration::from_secs(300));
            endpoint.waiting() > 0
        })
        .await;
        endpoint.call().await;
    }
    until(|| platform.undelivered("bob") == 0).await;
}

#[tokio::test]
async fn a_broken_endpoint_is_left_alone() {
    let settings = hasty().webhook_circuit_consecutive(1).webhook_circuit_pause(Duration::MAX);
    let (platform, alice, bob) = alice_and_bob(settings).await;
    let mut endpoint = Endpoint::start(&[500, 200]).await;
    let webhook = subscribe(&bob, &endpoint.url, &["message.new"]).await;
    alice.send("bob", "1").await.ok(201);
    endpoint.call().await;
    alice.send("bob", "2").await.ok(201);
    // Another webhook has a circuit of its own.
    let mut other = Endpoint::start(&[200]).await;
    subscribe(&bob, &other.url, &["message.read", "message.new"]).await;
    alice.send("bob", "3").await.ok(201);
    assert_eq!(other.call().await.json()["data"]["content"]["text"], "3");
    assert_eq!(endpoint.waiting(), 0);
    bob.delete(&format!("/v1/webhooks/{}", webhook["id"].as_str().expect("an id"))).await.ok(200);
    assert_eq!(platform.dead_letters(), []);
}

#[tokio::test]
async fn an_endpoint_that_does_not_answer_in_time_has_failed() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let settings = hasty().webhook_timeout(Duration::from_millis(1)).webhook_retry_delays(Vec::new());
    let (platform, alice, bob) = alice_and_bob(settings).await;
    subscribe(&bob, &url, &["message.new"]).await;
    alice.send("bob", "hi").await.ok(201);
    until(|| platform.dead_letters().len() == 1).await;
    assert_eq!((platform.dead_letters()[0].attempts, platform.undelivered("bob")), (1, 1));
}

#[tokio::test]
async fn an_endpoint_hears_what_it_asked_for_and_every_block() {
    let (_, alice, bob) = alice_and_bob(hasty()).await;
    let mut endpoint = Endpoint::start(&[200; 3]).await;
    subscribe(&bob, &endpoint.url, &["contact.blocked", "presence.update"]).await;
    bob.put("/v1/presence", json!({ "status": "busy" }).to_string()).await.ok(200);
    alice.send("bob", "not asked for").await.ok(201);
    for _ in 0..2 {
        alice.post("/v1/contacts/bob/block", json!({})).await.ok(200);
        assert_eq!(endpoint.call().await.json()["event"], "contact.blocked", "and no presence");
    }
    assert_eq!(endpoint.waiting(), 0);
}

async fn mute(agent: &Agent, handle: &str) {
    agent.post("/v1/mutes", json!({ "target_kind": "agent", "target_handle": handle })).await.ok(201);
}

#[tokio::test]
async fn mutes_silence_messages_and_a_full_pause_the_rest() {
    let (platform, alice, bob) = alice_and_bob(hasty()).await;
    let mut endpoint = Endpoint::start(&[200; 3]).await;
    subscribe(&bob, &endpoint.url, &["message.new", "message.read", "contact.blocked"]).await;
    let sent = bob.send("alice", "1").await.ok(201);
    let read = format!("/v1/messages/{}/read", sent["id"].as_str().expect("an id"));
    platform.set_paused("bob", PausedByOwner::Full).expect("known");
    alice.post(&read, json!({})).await.ok(200);
    alice.post("/v1/contacts/bob/block", json!({})).await.ok(200);
    alice.delete("/v1/contacts/bob/block").await.ok(200);
    alice.send("bob", "paused").await.ok(201);
    assert_eq!(endpoint.call().await.json()["data"]["content"]["text"], "paused", "messages know no pause");

    platform.set_paused("bob", PausedByOwner::None).expect("known");
    mute(&bob, "alice").await;
    alice.send("bob", "muted").await.ok(201);
    alice.post(&read, json!({})).await.ok(200);
    let receipt = endpoint.call().await.json();
    assert_eq!((&receipt["event"], &receipt["data"]["read_by"]), (&json!("message.read"), &json!("alice")));
    alice.post("/v1/contacts/bob/block", json!({})).await.ok(200);
    let blocked = endpoint.call().await.json();
    assert_eq!((&blocked["event"], &blocked["data"]), (&json!("contact.blocked"), &json!({ "blocked_by": "bob" })));
}

#[tokio::test]
async fn groups_tell_their_events() {
    let (_, [alice, bob, _], group) = trio(hasty()).await;
    let mut endpoint = Endpoint::start(&[200; 3]).await;
    subscribe(&bob, &endpoint.url, &["message.new", "group.deleted"]).await;
    alice.patch(&group, json!({ "name": "Crew" })).await.ok(200);
    assert_eq!(endpoint.call().await.json()["data"]["content"]["data"]["event"], "name_changed");
    alice.delete(&group).await.ok(200);
    let mut told = [endpoint.call().await.json(), endpoint.call().await.json()];
    told.sort_by_key(|payload| payload["event"].to_string());
    assert_eq!((&told[0]["event"], &told[0]["data"]["deleted_by_handle"]), (&json!("group.deleted"), &json!("alice")));
    assert_eq!(told[1]["data"]["content"]["data"]["event"], "group_deleted");
}

#[tokio::test]
async fn invitations_and_new_agents_have_their_events() {
    let platform = start(hasty()).await;
    let (alice, bob) = (agent(&platform, "alice"), agent(&platform, "bob"));
    let mut endpoint = Endpoint::start(&[200; 2]).await;
    subscribe(&bob, &endpoint.url, &["group.invite.received"]).await;
    alice.post("/v1/groups", json!({ "name": "Team", "member_handles": ["bob"] })).await.ok(201);
    assert_eq!(endpoint.call().await.json()["data"]["inviter_handle"], "alice");

    let chatfather = Agent { platform: platform.clone(), account: platform.system_account() };
    subscribe(&chatfather, &endpoint.url, &["agent.created"]).await;
    let body = json!({ "email": "a@b.co", "handle": "newcomer" }).to_string();
    let pending = request(&platform, "POST", "/v1/register", &[], body).await.ok(200)["pending_id"].take();
    let code = code(&platform, &pending);
    let body = json!({ "pending_id": pending, "code": code }).to_string();
    request(&platform, "POST", "/v1/register/verify", &[], body).await.ok(201);
    let call: Call = endpoint.call().await;
    assert_eq!(call.json()["data"]["handle"], "newcomer");
}

fn code(platform: &LocalPlatform, pending: &Value) -> String {
    platform.one_time_code(pending.as_str().expect("an id")).expect("a code")
}
