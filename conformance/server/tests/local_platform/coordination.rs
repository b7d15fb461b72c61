//! Who of an agent's processes replies, and what wakes it (contract 2.12).

use std::time::Duration;

use agentchat_local::Settings;
use serde_json::{Value, json};

use super::client::{Agent, alice_and_bob};
use super::endpoint::Endpoint;

async fn is_active(agent: &Agent) -> bool {
    agent.get("/v1/reply/active").await.ok(200)["active"].as_bool().expect("a boolean")
}

async fn lease(agent: &Agent, body: Value) {
    agent.put("/v1/reply/active", body.to_string()).await.ok(200);
}

async fn release(agent: &Agent, body: &str) {
    agent.call("DELETE", "/v1/reply/active", &[], body).await.ok(200);
}

async fn claim(agent: &Agent, message: &str, holder: &str, defer: bool) -> Value {
    let body = json!({ "message_id": message, "holder": holder, "defer_if_active": defer });
    agent.post("/v1/reply/claim", body).await.ok(200)
}

#[tokio::test]
async fn a_turn_is_active_until_its_lease_ends_or_is_released() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    assert!(!is_active(&alice).await);
    lease(&alice, json!({ "session_id": "one", "ttl_seconds": 60 })).await;
    lease(&alice, json!({ "session_id": "two", "ttl_seconds": 10 })).await;
    assert!(is_active(&alice).await && !is_active(&bob).await);
    release(&alice, r#"{"session_id":"one"}"#).await;
    assert!(is_active(&alice).await, "the other turn goes on");
    platform.clock().advance(Duration::from_secs(6));
    lease(&alice, json!({ "session_id": "two", "ttl_seconds": 10 })).await;
    platform.clock().advance(Duration::from_secs(6));
    assert!(is_active(&alice).await, "the lease lasts longer now");
    platform.clock().advance(Duration::from_secs(4));
    assert!(!is_active(&alice).await);

    // The flag of the agent is a lease of its own, and programs send no body where they have nothing to say.
    alice.put("/v1/reply/active", "").await.ok(200);
    lease(&alice, json!({ "session_id": "one" })).await;
    release(&alice, "").await;
    assert!(is_active(&alice).await, "the flag is gone, and the turn goes on");
    release(&alice, r#"{"session_id":"one"}"#).await;
    assert!(!is_active(&alice).await);
    release(&alice, "{}").await;
    lease(&alice, json!({})).await;
    platform.clock().advance(Duration::from_secs(3_600));
    assert!(!is_active(&alice).await, "no lease lasts for ever");
}

#[tokio::test]
async fn the_first_holder_has_the_reply() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    assert_eq!(claim(&alice, "msg_1", "daemon", false).await, json!({ "claimed": true }));
    assert_eq!(claim(&alice, "msg_1", "session", false).await, json!({ "claimed": false }));
    assert_eq!(claim(&alice, "msg_1", "daemon", false).await, json!({ "claimed": true }), "after a restart as well");
    assert_eq!(claim(&bob, "msg_1", "session", false).await, json!({ "claimed": true }), "each agent for itself");
}

#[tokio::test]
async fn what_nobody_holds_can_be_left_to_a_turn() {
    let (_, alice, _) = alice_and_bob(Settings::default()).await;
    claim(&alice, "msg_1", "daemon", true).await;
    lease(&alice, json!({ "session_id": "one" })).await;
    assert_eq!(claim(&alice, "msg_2", "daemon", true).await, json!({ "claimed": false, "deferred": true }));
    assert_eq!(claim(&alice, "msg_1", "daemon", true).await, json!({ "claimed": true }), "it has that one");
    assert_eq!(claim(&alice, "msg_1", "other", true).await, json!({ "claimed": false }));
    assert_eq!(claim(&alice, "msg_2", "session", false).await, json!({ "claimed": true }));
    release(&alice, r#"{"session_id":"one"}"#).await;
    assert_eq!(claim(&alice, "msg_3", "daemon", true).await, json!({ "claimed": true }));
}

#[tokio::test]
async fn of_several_the_leading_part_is_claimed() {
    let (_, alice, _) = alice_and_bob(Settings::default()).await;
    let batch = async |ids: &[&str], holder: &str, defer: bool| {
        let body = json!({ "message_ids": ids, "holder": holder, "defer_if_active": defer });
        alice.post("/v1/reply/claim-batch", body).await.ok(200)
    };
    claim(&alice, "msg_3", "session", false).await;
    assert_eq!(batch(&["msg_1", "msg_2", "msg_3", "msg_4"], "daemon", true).await, json!({ "claimed_count": 2 }));
    assert_eq!(claim(&alice, "msg_4", "session", false).await, json!({ "claimed": true }), "what follows stays free");
    assert_eq!(batch(&["msg_1", "msg_2"], "daemon", false).await, json!({ "claimed_count": 2 }));
    assert_eq!(batch(&["msg_1", "msg_2"], "session", false).await, json!({ "claimed_count": 0 }));
    assert_eq!(batch(&[], "daemon", false).await, json!({ "claimed_count": 0 }));
    lease(&alice, json!({})).await;
    let deferred = json!({ "claimed_count": 1, "deferred": true });
    assert_eq!(batch(&["msg_1", "msg_5"], "daemon", true).await, deferred);
}

#[tokio::test]
async fn odd_leases_and_claims_are_refused() {
    let (_, alice, _) = alice_and_bob(Settings::default()).await;
    for body in [
        json!({ "session_id": "" }),
        json!({ "session_id": 7 }),
        json!({ "ttl_seconds": 0 }),
        json!({ "ttl_seconds": 3_601 }),
        json!({ "ttl_seconds": 1.5 }),
        json!({ "ttl_seconds": "60" }),
        json!([]),
    ] {
        alice.put("/v1/reply/active", body.to_string()).await.refused(400, "VALIDATION_ERROR");
    }
    for body in [
        json!({}),
        json!({ "message_id": "msg_1" }),
        json!({ "message_id": "msg_1", "holder": "" }),
        json!({ "message_id": "msg_1", "holder": "me", "defer_if_active": "yes" }),
    ] {
        alice.post("/v1/reply/claim", body).await.refused(400, "VALIDATION_ERROR");
    }
    for ids in [json!(null), json!("msg_1"), json!([7])] {
        let body = json!({ "message_ids": ids, "holder": "me" });
        alice.post("/v1/reply/claim-batch", body).await.refused(400, "VALIDATION_ERROR");
    }
    assert!(!is_active(&alice).await);
}

#[tokio::test]
async fn a_wake_webhook_is_challenged_before_it_is_kept() {
    let (platform, alice, _) = alice_and_bob(Settings::default()).await;
    let set = async |url: &str| {
        let body = json!({ "url": url, "secret": "hush" }).to_string();
        alice.put("/v1/agents/me/wake-webhook", body).await
    };
    let mut endpoint = Endpoint::start(&[204]).await;
    assert_eq!(set(&endpoint.url).await.ok(200), json!({ "state": "active" }));
    let call = endpoint.call().await;
    call.verify("hush");
    assert_eq!(call.header("x-agentchat-event"), "webhook.challenge");
    assert!(call.json()["data"]["challenge"].is_string());
    assert_eq!(platform.wake_webhook("alice").as_deref(), Some(endpoint.url.as_str()));

    // One that does not answer with success is refused, and the one before stays.
    let other = Endpoint::start(&[500, 200]).await;
    set(&other.url).await.refused(422, "WEBHOOK_UNREACHABLE");
    set("https://127.0.0.1:1/no-certificates-here").await.refused(422, "WEBHOOK_UNREACHABLE");
    assert_eq!(platform.wake_webhook("alice").as_deref(), Some(endpoint.url.as_str()));
    set(&other.url).await.ok(200);
    assert_eq!(platform.wake_webhook("alice").as_deref(), Some(other.url.as_str()));
    for _ in 0..2 {
        alice.delete("/v1/agents/me/wake-webhook").await.ok(200);
        assert_eq!(platform.wake_webhook("alice"), None);
    }
}

#[tokio::test]
async fn impossible_wake_webhooks_are_refused() {
    let (platform, alice, _) = alice_and_bob(Settings::default()).await;
    let (url, long) = ("https://example.com/wake", "x".repeat(2_048));
    for body in [
        json!({}),
        json!({ "url": url }),
        json!({ "url": url, "secret": "" }),
        json!({ "url": url, "secret": "x".repeat(257) }),
        json!({ "url": "http://example.com/wake", "secret": "hush" }),
        json!({ "url": "ftp://127.0.0.1/wake", "secret": "hush" }),
        json!({ "url": "/wake", "secret": "hush" }),
        json!({ "url": format!("https://example.com/{long}"), "secret": "hush" }),
    ] {
        alice.put("/v1/agents/me/wake-webhook", body.to_string()).await.refused(400, "VALIDATION_ERROR");
    }
    assert_eq!(platform.wake_webhook("alice"), None);
}
