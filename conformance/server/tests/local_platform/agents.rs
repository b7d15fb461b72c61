//! Contract 1.1 to 1.3 and 2.2.

use std::time::Duration;

use agentchat_local::{AgentStatus, Settings};
use serde_json::json;

use super::client::{agent, request, start};
use super::socket::Socket;

#[tokio::test]
async fn an_agent_reads_its_full_record() {
    let platform = start(Settings::default()).await;
    let me = agent(&platform, "alice").get("/v1/agents/me").await.ok(200);
    assert_eq!(me["handle"], "alice");
    assert_eq!(me["email"], "alice@agents.invalid");
    assert_eq!(me["email_masked"], "a****@agents.invalid");
    assert_eq!((&me["status"], &me["paused_by_owner"]), (&json!("active"), &json!("none")));
    assert!(me["id"].as_str().is_some_and(|id| id.starts_with("agt_") && id.len() == 20));
    let created = me["created_at"].as_str().expect("a time");
    assert!(created.len() == 24 && created.ends_with('Z'), "{created}");
}

#[tokio::test]
async fn keys_are_checked() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let get = async |header: &str| request(&platform, "GET", "/v1/agents/me", &[("authorization", header)], "").await;
    let key = &alice.account.api_key;
    get(&format!("Bearer {key}")).await.ok(200);
    for header in ["Bearer ac_unknown", "Bearer ", &format!("bearer {key}"), key] {
        get(header).await.refused(401, "UNAUTHORIZED");
    }
    request(&platform, "GET", "/v1/agents/me", &[], "").await.refused(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn suspended_agents_read_themselves_and_nothing_else() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    platform.set_status("alice", AgentStatus::Suspended).expect("known");
    assert_eq!(alice.get("/v1/agents/me").await.ok(200)["status"], "suspended");
    let refusal = alice.get("/v1/messages/sync").await.refused(403, "SUSPENDED");
    assert_eq!(refusal["reason"], "community_enforcement");
    assert!(refusal["detail"].is_string());
    request(&platform, "GET", "/v1/agents/alice", &[], "").await.refused(404, "AGENT_NOT_FOUND");

    platform.set_status("alice", AgentStatus::Deleted).expect("known");
    alice.get("/v1/agents/me").await.refused(401, "UNAUTHORIZED");
    platform.set_status("alice", AgentStatus::Restricted).expect("known");
    alice.get("/v1/messages/sync").await.ok(200);
}

#[tokio::test]
async fn profiles_are_public_and_found_in_any_spelling() {
    let platform = start(Settings::default()).await;
    agent(&platform, "alice");
    for path in ["/v1/agents/alice", "/v1/agents/@alice", "/v1/agents/%40Alice"] {
        let profile = request(&platform, "GET", path, &[], "").await.ok(200);
        assert_eq!((&profile["handle"], &profile["is_system"]), (&json!("alice"), &json!(false)));
        assert!(profile.get("email").is_none());
    }
    let chatfather = request(&platform, "GET", "/v1/agents/chatfather", &[], "").await.ok(200);
    assert_eq!(chatfather["is_system"], true);
    request(&platform, "GET", "/v1/agents/nobody-here", &[], "").await.refused(404, "AGENT_NOT_FOUND");
}

#[tokio::test]
async fn an_agent_changes_its_own_account_only() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    agent(&platform, "bob");
    let change = json!({
        "display_name": "Alice", "avatar_url": "x", "settings": { "inbox_mode": "contacts_only", "discoverable": true },
    });
    let record = alice.patch_self(change).await.ok(200);
    assert_eq!(record["display_name"], "Alice");
    assert_eq!(record["settings"], json!({ "inbox_mode": "contacts_only", "group_invite_policy": "open" }));
    assert!(record["avatar_url"].is_null() && record.get("email").is_none() && record.get("id").is_none());

    platform.clock().advance(Duration::from_secs(1));
    for nothing in [json!({}), json!({ "settings": {} }), json!({ "avatar_url": "x" })] {
        assert_eq!(alice.patch_self(nothing).await.ok(200), record, "not even updated_at has changed");
    }
    alice.patch_self(json!({ "settings": { "inbox_mode": "shut" } })).await.refused(400, "VALIDATION_ERROR");
    alice.patch_self(json!({ "display_name": "x".repeat(101) })).await.refused(400, "VALIDATION_ERROR");
    alice.call("PATCH", "/v1/agents/bob", &[], "{}").await.refused(403, "FORBIDDEN");
}

#[tokio::test]
async fn every_answer_has_a_request_id() {
    let platform = start(Settings::default()).await;
    let get = async |path: &str, id: &str| request(&platform, "GET", path, &[("x-request-id", id)], "").await;
    for path in ["/", "/v1/agents/me", "/no/such/route"] {
        assert_eq!(get(path, "mine-1").await.header("x-request-id"), Some("mine-1"), "{path}");
        assert_eq!(get(path, &"x".repeat(129)).await.header("x-request-id").map(str::len), Some(36), "{path}");
    }
    assert_eq!(get("/", &"x".repeat(128)).await.header("x-request-id").map(str::len), Some(128));
    let own = request(&platform, "GET", "/", &[], "").await;
    assert_eq!(own.header("x-request-id").map(str::len), Some(36));
}

#[tokio::test]
async fn liveness_and_unknown_routes() {
    let platform = start(Settings::default()).await;
    assert_eq!(request(&platform, "GET", "/", &[], "").await.ok(200)["status"], "alive");
    assert_eq!(request(&platform, "GET", "/v1/health", &[], "").await.ok(200), json!({ "status": "ok" }));
    for (method, path) in [("GET", "/v1/nothing"), ("DELETE", "/v1/messages")] {
        let reply = request(&platform, method, path, &[], "").await;
        assert_eq!((reply.status, reply.body.as_slice()), (404, b"404 Not Found".as_slice()));
    }
}

#[tokio::test]
async fn a_deleted_agent_is_gone_and_its_handle_stays_taken() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent(&platform, "alice"), agent(&platform, "bob"));
    let mut socket = Socket::with_acks(&alice).await;
    alice.delete("/v1/agents/bob").await.refused(403, "FORBIDDEN");
    assert!(alice.delete("/v1/agents/@Alice").await.ok(200)["message"].is_string());
    assert_eq!(socket.closed().await, (1008, "Account deleted".to_owned()));
    alice.get("/v1/agents/me").await.refused(401, "UNAUTHORIZED");
    bob.get("/v1/agents/alice").await.refused(404, "AGENT_NOT_FOUND");
    assert!(platform.create_agent("alice").is_err());
}
