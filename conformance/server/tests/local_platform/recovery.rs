//! Lost and changed keys (contract 2.1 and 8.11).

use std::time::Duration;

use agentchat_local::{CodePurpose, LocalPlatform, RateLimit, Settings};
use serde_json::{Value, json};

use super::client::{Agent, Reply, agent, request, start};
use super::socket::Socket;

async fn recover(platform: &LocalPlatform, body: Value) -> Value {
    request(platform, "POST", "/v1/agents/recover", &[], body.to_string()).await.ok(200)["pending_id"].take()
}

async fn verify(platform: &LocalPlatform, pending_id: &Value, code: &str) -> Reply {
    let body = json!({ "pending_id": pending_id, "code": code }).to_string();
    request(platform, "POST", "/v1/agents/recover/verify", &[], body).await
}

fn code(platform: &LocalPlatform, pending_id: &Value) -> Option<String> {
    platform.one_time_code(pending_id.as_str().expect("an id"))
}

fn with_key(agent: &Agent, answer: &Value) -> Agent {
    let mut renewed = agent.clone();
    renewed.account.api_key = answer["api_key"].as_str().expect("a key").to_owned();
    renewed
}

#[tokio::test]
async fn a_recovery_replaces_the_key_and_ends_its_sockets() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let mut socket = Socket::with_acks(&alice).await;
    let mut codes = platform.codes();
    let pending_id = recover(&platform, json!({ "email": " Alice@Agents.Invalid " })).await;
    let issued = codes.recv().await.expect("a code");
    assert_eq!((issued.purpose, issued.handle.as_str()), (CodePurpose::Recover, "alice"));
    assert_eq!(json!(issued.pending_id), pending_id);
    alice.get("/v1/agents/me").await.ok(200);

    let answer = verify(&platform, &pending_id, &issued.code).await.ok(200);
    assert_eq!(answer["handle"], "alice");
    assert_eq!(socket.closed().await, (1008, "API key rotated".to_owned()));
    alice.get("/v1/agents/me").await.refused(401, "UNAUTHORIZED");
    with_key(&alice, &answer).get("/v1/agents/me").await.ok(200);
    verify(&platform, &pending_id, &issued.code).await.refused(400, "EXPIRED");
}

#[tokio::test]
async fn nobody_learns_which_addresses_have_agents() {
    let limit = Duration::from_secs(60);
    let platform = start(Settings::default().code_cooldown(limit)).await;
    agent(&platform, "alice");
    let unknown = recover(&platform, json!({ "email": "nobody@agents.invalid" })).await;
    let mismatch = recover(&platform, json!({ "email": "alice@agents.invalid", "handle": "bob" })).await;
    let real = recover(&platform, json!({ "email": "alice@agents.invalid" })).await;
    let too_soon = recover(&platform, json!({ "email": "alice@agents.invalid" })).await;
    assert!(code(&platform, &real).is_some());
    for fake in [&unknown, &mismatch, &too_soon] {
        assert_eq!(code(&platform, fake), None);
        assert_eq!(fake.as_str().map(str::len), real.as_str().map(str::len));
        for _ in 0..5 {
            verify(&platform, fake, "123456").await.refused(400, "INVALID_CODE");
        }
        verify(&platform, fake, "123456").await.refused(429, "OTP_ATTEMPTS_EXHAUSTED");
        verify(&platform, fake, "123456").await.refused(400, "EXPIRED");
    }
    let missing = request(&platform, "POST", "/v1/agents/recover", &[], "{}").await;
    missing.refused(400, "VALIDATION_ERROR");
    let null = r#"{"email":"alice@agents.invalid","handle":null}"#;
    let refusal = request(&platform, "POST", "/v1/agents/recover", &[], null).await.refused(400, "VALIDATION_ERROR");
    assert_eq!(refusal["details"]["fieldErrors"]["handle"][0], "Expected string", "left out, never null");
}

async fn register(platform: &LocalPlatform, email: &str, handle: &str) {
    let body = json!({ "email": email, "handle": handle }).to_string();
    let pending = request(platform, "POST", "/v1/register", &[], body).await.ok(200)["pending_id"].take();
    let body = json!({ "pending_id": pending, "code": code(platform, &pending) }).to_string();
    request(platform, "POST", "/v1/register/verify", &[], body).await.ok(201);
}

#[tokio::test]
async fn an_address_with_several_agents_has_to_name_one() {
    let platform = start(Settings::default()).await;
    register(&platform, "both@example.com", "zoe").await;
    platform.clock().advance(Duration::from_secs(1));
    register(&platform, "both@example.com", "amy").await;

    let pending_id = recover(&platform, json!({ "email": "both@example.com" })).await;
    let right = code(&platform, &pending_id).expect("a code");
    let refusal = verify(&platform, &pending_id, &right).await.refused(409, "HANDLE_REQUIRED");
    assert_eq!(refusal["details"]["handles"], json!(["zoe", "amy"]), "oldest first");
    verify(&platform, &pending_id, &right).await.refused(400, "EXPIRED");

    let pending_id = recover(&platform, json!({ "email": "both@example.com", "handle": "@Amy" })).await;
    let right = code(&platform, &pending_id).expect("a code");
    assert_eq!(verify(&platform, &pending_id, &right).await.ok(200)["handle"], "amy");
}

#[tokio::test]
async fn an_agent_can_change_its_own_key() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent(&platform, "alice"), agent(&platform, "bob"));
    let mut socket = Socket::with_acks(&alice).await;
    alice.post("/v1/agents/bob/rotate-key", json!({})).await.refused(403, "FORBIDDEN");
    let pending_id = alice.post("/v1/agents/@Alice/rotate-key", json!({})).await.ok(200)["pending_id"].take();
    let right = code(&platform, &pending_id).expect("a code");
    let attempt = json!({ "pending_id": pending_id, "code": right });

    let guess = json!({ "pending_id": pending_id, "code": "guess!" });
    for foreign in [attempt.clone()].into_iter().chain(vec![guess; 6]) {
        // Whatever the code is, and without an effect on the owner's attempts.
        bob.post("/v1/agents/bob/rotate-key/verify", foreign).await.refused(403, "FORBIDDEN");
    }
    verify(&platform, &pending_id, &right).await.refused(400, "EXPIRED");
    let answer = alice.post("/v1/agents/alice/rotate-key/verify", attempt).await.ok(200);
    assert_eq!(answer["handle"], "alice");
    assert_eq!(socket.closed().await, (1008, "API key rotated".to_owned()));
    alice.get("/v1/agents/me").await.refused(401, "UNAUTHORIZED");
    with_key(&alice, &answer).get("/v1/agents/me").await.ok(200);
}

#[tokio::test]
async fn codes_for_keys_are_counted_like_those_for_registrations() {
    let settings = Settings::default().code_cooldown(Duration::from_secs(60));
    let platform = start(settings).await;
    let alice = agent(&platform, "alice");
    alice.post("/v1/agents/alice/rotate-key", json!({})).await.ok(200);
    let refusal = alice.post("/v1/agents/alice/rotate-key", json!({})).await;
    refusal.refused(429, "OTP_COOLDOWN");
    assert!(refusal.header("retry-after").is_some());
    platform.clock().advance(Duration::from_secs(60));
    alice.post("/v1/agents/alice/rotate-key", json!({})).await.ok(200);
}

#[tokio::test]
async fn addresses_are_counted_for_every_step() {
    let limit = Some(RateLimit { count: 1, window: Duration::from_secs(60) });
    let settings = Settings::default()
        .recover_per_address(limit)
        .recover_verify_per_address(limit)
        .rotate_per_address(limit)
        .rotate_verify_per_address(limit);
    let platform = start(settings).await;
    let alice = agent(&platform, "alice");
    let body = json!({ "email": "a@b.co", "pending_id": "pnd_1", "code": "123456" });
    for path in ["recover", "recover/verify", "alice/rotate-key", "alice/rotate-key/verify"] {
        let path = format!("/v1/agents/{path}");
        assert_ne!(alice.post(&path, body.clone()).await.status, 429, "{path}");
        let refusal = alice.post(&path, body.clone()).await;
        refusal.refused(429, "RATE_LIMITED");
        assert_eq!(refusal.header("retry-after"), None);
    }
}

#[tokio::test]
async fn the_platforms_own_agent_keeps_its_key_and_its_life() {
    let platform = start(Settings::default()).await;
    let chatfather = Agent { platform: platform.clone(), account: platform.system_account() };
    assert_eq!(chatfather.get("/v1/agents/me").await.ok(200)["is_system"], true);
    chatfather.delete("/v1/agents/chatfather").await.refused(409, "SYSTEM_AGENT_PROTECTED");
    let pending_id = chatfather.post("/v1/agents/chatfather/rotate-key", json!({})).await.ok(200)["pending_id"].take();
    let attempt = json!({ "pending_id": pending_id, "code": code(&platform, &pending_id) });
    let refusal = chatfather.post("/v1/agents/chatfather/rotate-key/verify", attempt).await;
    refusal.refused(409, "SYSTEM_AGENT_PROTECTED");
}
