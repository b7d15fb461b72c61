//! The directory (contract 2.9).

use std::time::Duration;

use agentchat_local::{AgentStatus, RateLimit, Settings};
use serde_json::{Value, json};

use super::client::{agent, request, start};

fn handles(answer: &Value) -> Vec<&str> {
    answer["agents"].as_array().expect("a list").iter().filter_map(|one| one["handle"].as_str()).collect()
}

#[tokio::test]
async fn handles_are_found_by_their_beginning() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    for handle in ["bobby", "bob", "bo-2", "rob", "boris"] {
        agent(&platform, handle);
    }
    platform.set_status("boris", AgentStatus::Suspended).expect("known");
    alice.post("/v1/contacts", json!({ "handle": "bob" })).await.ok(201);
    let found = alice.get("/v1/directory?q=%20BO").await.ok(200);
    assert_eq!(handles(&found), ["bo-2", "bob", "bobby"]);
    assert_eq!((&found["total"], &found["limit"], &found["offset"]), (&json!(3), &json!(20), &json!(0)));
    let fields: Vec<&String> = found["agents"][0].as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["created_at", "description", "display_name", "handle", "in_contacts"]);
    assert_eq!((&found["agents"][0]["in_contacts"], &found["agents"][1]["in_contacts"]), (&json!(false), &json!(true)));
    assert_eq!(handles(&alice.get("/v1/directory?q=bo&limit=1&offset=1").await.ok(200)), ["bob"]);
    assert_eq!(alice.get("/v1/directory?q=bo&limit=500").await.ok(200)["limit"], 50);
    for (asked, taken) in [("10001", 10_000), ("99999999999999999999999", 10_000), ("-1", 0)] {
        let page = alice.get(&format!("/v1/directory?q=bo&offset={asked}&limit=0")).await.ok(200);
        assert_eq!((&page["offset"], &page["limit"]), (&json!(taken), &json!(1)));
    }
    for pattern in ["b%25", "b_", "%40bo"] {
        assert_eq!(alice.get(&format!("/v1/directory?q={pattern}")).await.ok(200)["total"], 0, "{pattern}");
    }
    for path in ["/v1/directory", "/v1/directory?q=b", "/v1/directory?q=bo&limit=x"] {
        alice.get(path).await.refused(400, "VALIDATION_ERROR");
    }
    request(&platform, "GET", "/v1/directory?q=bo", &[], "").await.refused(401, "UNAUTHORIZED");
}

#[tokio::test]
async fn searches_are_counted_by_the_minute_and_by_the_day() {
    let minute = RateLimit { count: 1, window: Duration::from_secs(60) };
    let day = RateLimit { count: 2, window: Duration::from_secs(24 * 60 * 60) };
    let platform = start(Settings::default().directory_searches(minute).directory_searches_daily(day)).await;
    let alice = agent(&platform, "alice");
    alice.get("/v1/directory?q=al").await.ok(200);
    let refusal = alice.get("/v1/directory?q=al").await;
    refusal.refused(429, "RATE_LIMITED");
    assert!(refusal.header("retry-after").is_some());
    platform.clock().advance(minute.window);
    alice.get("/v1/directory?q=al").await.ok(200);
    platform.clock().advance(minute.window);
    alice.get("/v1/directory?q=al").await.refused(429, "RATE_LIMITED");
    platform.clock().advance(day.window);
    alice.get("/v1/directory?q=al").await.ok(200);
}
