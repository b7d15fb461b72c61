//! Contract 2.1.

use std::time::Duration;

use agentchat_local::{AgentStatus, CodePurpose, LocalPlatform, Settings};
use serde_json::{Value, json};

use super::client::{Reply, request, start};

async fn register(platform: &LocalPlatform, email: &str, handle: &str) -> Reply {
    let body = json!({ "email": email, "handle": handle }).to_string();
    request(platform, "POST", "/v1/register", &[], &body).await
}

async fn verify(platform: &LocalPlatform, pending_id: &Value, code: &str) -> Reply {
    let body = json!({ "pending_id": pending_id, "code": code }).to_string();
    request(platform, "POST", "/v1/register/verify", &[], &body).await
}

fn code(platform: &LocalPlatform, pending_id: &Value) -> String {
    platform.one_time_code(pending_id.as_str().expect("an id")).expect("a code")
}

fn wrong(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

async fn register_fully(platform: &LocalPlatform, email: &str, handle: &str) -> Value {
    let pending_id = register(platform, email, handle).await.ok(200)["pending_id"].take();
    verify(platform, &pending_id, &code(platform, &pending_id)).await.ok(201)
}

#[tokio::test]
async fn a_code_turns_a_registration_into_an_agent() {
    let platform = start(Settings::default()).await;
    let mut codes = platform.codes();
    let body = json!({ "email": " Ann@Example.com ", "handle": "Ann-1", "display_name": null, "description": "d" });
    let answer = request(&platform, "POST", "/v1/register", &[], &body.to_string()).await.ok(200);
    assert!(answer["message"].is_string());

    let issued = codes.recv().await.expect("a code");
    assert_eq!((issued.email.as_str(), issued.handle.as_str()), ("ann@example.com", "ann-1"));
    assert_eq!((issued.purpose, &json!(issued.pending_id)), (CodePurpose::Register, &answer["pending_id"]));
    assert!(issued.pending_id.starts_with("pnd_") && issued.pending_id.len() == 20);
    assert_eq!(issued.code, code(&platform, &answer["pending_id"]));

    let account = verify(&platform, &answer["pending_id"], &issued.code).await.ok(201);
    assert_eq!(account["agent"]["handle"], "ann-1");
    assert_eq!(account["agent"]["email"], "ann@example.com");
    assert_eq!(account["agent"]["description"], "d");
    assert_eq!(account["agent"]["settings"], json!({ "inbox_mode": "open", "group_invite_policy": "open" }));
    assert!(account["agent"].get("id").is_none());

    let api_key = account["api_key"].as_str().expect("a key");
    assert!(api_key.starts_with("ac_") && api_key.len() == 46);
    let bearer = format!("Bearer {api_key}");
    let me = request(&platform, "GET", "/v1/agents/me", &[("authorization", &bearer)], "").await.ok(200);
    assert_eq!(me["handle"], "ann-1");

    verify(&platform, &answer["pending_id"], &issued.code).await.refused(400, "EXPIRED");
}

#[tokio::test]
async fn malformed_bodies_are_refused_field_by_field() {
    let platform = start(Settings::default()).await;
    let post = async |body: &str| request(&platform, "POST", "/v1/register", &[], body).await;
    let refusal = post(r#"{"email":"nobody","display_name":5}"#).await.refused(400, "VALIDATION_ERROR");
    let fields = refusal["details"]["fieldErrors"].as_object().expect("field errors");
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["display_name", "email", "handle"]);
    for no_object in ["[]", "null", "7", r#""text""#] {
        let details = &post(no_object).await.refused(400, "VALIDATION_ERROR")["details"];
        assert_eq!(details, &json!({ "formErrors": ["Expected object"], "fieldErrors": {} }), "{no_object}");
    }
    assert!(post("{").await.refused(400, "VALIDATION_ERROR").get("details").is_none());
    for email in ["", "   ", "a@b", "a b@example.com", "a..b@example.com", "@example.com"] {
        register(&platform, email, "abc").await.refused(400, "VALIDATION_ERROR");
    }
    let long = json!({ "email": "a@b.co", "handle": "abc", "description": "x".repeat(501) }).to_string();
    post(&long).await.refused(400, "VALIDATION_ERROR");
    verify(&platform, &json!("pnd_1"), "12345").await.refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn some_handles_cannot_be_had() {
    let platform = start(Settings::default()).await;
    for handle in ["ab", "1abc", "a--b", "a_b", "admin", "chatgpt", ""] {
        register(&platform, "a@example.com", handle).await.refused(400, "INVALID_HANDLE");
    }
    platform.create_agent("carol").expect("free");
    register(&platform, "a@example.com", "Carol").await.refused(409, "HANDLE_TAKEN");
    platform.set_status("carol", AgentStatus::Deleted).expect("known");
    register(&platform, "a@example.com", "carol").await.refused(409, "HANDLE_TAKEN");
}

#[tokio::test]
async fn a_handle_taken_meanwhile_is_noticed_at_the_second_step() {
    let platform = start(Settings::default()).await;
    let first = register(&platform, "a@example.com", "dora").await.ok(200);
    let second = register(&platform, "b@example.com", "dora").await.ok(200);
    verify(&platform, &first["pending_id"], &code(&platform, &first["pending_id"])).await.ok(201);
    let late = code(&platform, &second["pending_id"]);
    verify(&platform, &second["pending_id"], &late).await.refused(409, "HANDLE_TAKEN");
}

#[tokio::test]
async fn a_code_survives_five_attempts() {
    let platform = start(Settings::default()).await;
    let pending_id = register(&platform, "a@example.com", "eve").await.ok(200)["pending_id"].take();
    let right = code(&platform, &pending_id);
    for _ in 0..5 {
        verify(&platform, &pending_id, wrong(&right)).await.refused(400, "INVALID_CODE");
    }
    let sixth = verify(&platform, &pending_id, &right).await;
    sixth.refused(429, "OTP_ATTEMPTS_EXHAUSTED");
    assert_eq!(sixth.header("retry-after"), None);
    verify(&platform, &pending_id, &right).await.refused(400, "EXPIRED");
    assert_eq!(platform.one_time_code(pending_id.as_str().expect("an id")), None);
}

#[tokio::test]
async fn the_fifth_attempt_still_counts() {
    let platform = start(Settings::default()).await;
    let pending_id = register(&platform, "a@example.com", "frank").await.ok(200)["pending_id"].take();
    let right = code(&platform, &pending_id);
    for _ in 0..4 {
        verify(&platform, &pending_id, wrong(&right)).await.refused(400, "INVALID_CODE");
    }
    verify(&platform, &pending_id, &right).await.ok(201);
}

#[tokio::test]
async fn a_code_expires_after_ten_minutes() {
    let platform = start(Settings::default()).await;
    let pending_id = register(&platform, "a@example.com", "grace").await.ok(200)["pending_id"].take();
    let right = code(&platform, &pending_id);
    platform.clock().advance(Duration::from_secs(600));
    verify(&platform, &pending_id, &right).await.refused(400, "EXPIRED");
}

#[tokio::test]
async fn an_email_has_room_for_so_many_agents() {
    let settings = Settings::default().live_agents_per_email(1).lifetime_agents_per_email(2);
    let platform = start(settings).await;
    register_fully(&platform, "a@example.com", "one-1").await;
    let full = register(&platform, "A@example.com", "two-2").await.refused(409, "EMAIL_LIMIT_REACHED");
    assert_eq!(full["details"]["limit"], 1);
    platform.set_status("one-1", AgentStatus::Deleted).expect("known");
    register_fully(&platform, "a@example.com", "two-2").await;
    platform.set_status("two-2", AgentStatus::Deleted).expect("known");
    let exhausted = register(&platform, "a@example.com", "three-3").await.refused(409, "EMAIL_EXHAUSTED");
    assert_eq!(exhausted["details"]["limit"], 2);
}

#[tokio::test]
async fn codes_to_one_email_are_a_minute_apart_and_twenty_an_hour() {
    let settings = Settings::production_limits().register_per_address(None);
    let platform = start(settings).await;
    register(&platform, "a@example.com", "hal").await.ok(200);
    let early = register(&platform, "a@example.com", "hal").await;
    early.refused(429, "OTP_COOLDOWN");
    let seconds: u64 = early.header("retry-after").and_then(|value| value.parse().ok()).expect("whole seconds");
    assert!((1..=60).contains(&seconds));
    register(&platform, "b@example.com", "hal").await.ok(200);
    for _ in 1..20 {
        platform.clock().advance(Duration::from_secs(60));
        register(&platform, "a@example.com", "hal").await.ok(200);
    }
    platform.clock().advance(Duration::from_secs(60));
    let capped = register(&platform, "a@example.com", "hal").await;
    capped.refused(429, "OTP_HOURLY_CAP");
    assert!(capped.header("retry-after").is_some());
}

#[tokio::test]
async fn addresses_are_limited_in_production_and_not_here() {
    let strict = start(Settings::production_limits()).await;
    for number in 0..5 {
        register(&strict, &format!("a{number}@example.com"), "ivy").await.ok(200);
    }
    let sixth = register(&strict, "a6@example.com", "ivy").await;
    sixth.refused(429, "RATE_LIMITED");
    assert_eq!(sixth.header("retry-after"), None);
    strict.clock().advance(Duration::from_secs(3600));
    register(&strict, "a6@example.com", "ivy").await.ok(200);
    for _ in 0..10 {
        verify(&strict, &json!("pnd_unknown"), "000000").await.refused(400, "EXPIRED");
    }
    verify(&strict, &json!("pnd_unknown"), "000000").await.refused(429, "RATE_LIMITED");

    let local = start(Settings::default()).await;
    for _ in 0..20 {
        register(&local, "a@example.com", "ivy").await.ok(200);
    }
}
