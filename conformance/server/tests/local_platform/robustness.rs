//! Nothing that a caller can send makes the platform fail, or answer in another form than the contract's.

use agentchat_local::faults::ROUTES;
use agentchat_local::{LocalPlatform, RateLimit, Settings};
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use serde_json::{Value, json};

use super::client::{agent, alice_and_bob, request, start};

/// Names and ids that nothing has, in strange spellings.
const PARAMETERS: &[&str] = &[
    "%ff",
    "%00",
    "%2F",
    "%",
    "%zz",
    "%E2%82",
    "%F0%9F%A6%80",
    "..",
    "%2e%2e",
    "@",
    "@@alice",
    "grp_none",
    "conv_none",
    "msg_none",
    "null",
    "0",
    "-1",
    "%20",
    "+",
    "'",
    ";",
    "a,b",
    "%0d%0a",
];

/// All fields that any body has.
const FIELDS: &[&str] = &[
    "email",
    "handle",
    "display_name",
    "description",
    "pending_id",
    "code",
    "settings",
    "client_msg_id",
    "to",
    "conversation_id",
    "content",
    "metadata",
    "type",
    "last_delivery_id",
    "name",
    "avatar_url",
    "member_handles",
    "notes",
    "reason",
    "target_kind",
    "target_handle",
    "target_id",
    "muted_until",
    "status",
    "custom_message",
    "handles",
    "filename",
    "content_type",
    "size",
    "sha256",
    "url",
    "events",
];

fn wrong_values() -> Vec<Value> {
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    vec![
        Value::Null,
        json!(true),
        json!(-1.5e300),
        json!(u64::MAX),
        json!(""),
        json!("\u{0}\u{feff}🦀"),
        json!("x".repeat(2_000)),
        json!([]),
        json!([null, 1, "x"]),
        json!({}),
        json!({ "text": 1, "data": [], "attachment_id": {}, "inbox_mode": 5, "who_can_invite": null }),
        deep,
    ]
}

fn bodies() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = ["", "null", "[]", "{", "\"x\"", "{}", "nul", "{\"a\":1}{}"]
        .into_iter()
        .map(|text| text.as_bytes().to_vec())
        .collect();
    bodies.push(vec![0xff, 0xfe]);
    bodies.push("[".repeat(100_000).into_bytes());
    bodies.push(json!({ "content": { "text": "x".repeat(40_000) } }).to_string().into_bytes());
    bodies.push(br#"{"handle":"\ud800"}"#.to_vec());
    for value in wrong_values() {
        let all: Value = FIELDS.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
        bodies.push(all.to_string().into_bytes());
        for name in FIELDS {
            bodies.push(json!({ *name: value }).to_string().into_bytes());
        }
    }
    bodies
}

/// Limits that nothing here runs into: a refusal by them would hide what is behind.
fn boundless() -> Settings {
    let much = RateLimit { count: usize::MAX, ..Settings::default().avatar_writes };
    Settings::default()
        .sends_per_second(u32::MAX)
        .mute_writes_per_second(u32::MAX)
        .avatar_writes(much)
        .directory_searches(much)
        .directory_searches_daily(much)
        .group_invites(much)
        .webhooks_per_agent(usize::MAX)
}

async fn check(platform: &LocalPlatform, method: &str, path: &str, body: &[u8]) {
    let method: Method = method.parse().expect("a method");
    let request =
        Request::builder().method(method.clone()).uri(path).body(Body::from(body.to_vec())).expect("a request");
    let response = platform.act_as("alice", request).await.expect("alice is there");
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    let shown = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
    assert!(status.as_u16() < 500, "{status} for {method} {path} {shown}: {bytes:?}");
    if status.is_client_error() && path.starts_with("/v1/") && bytes != "404 Not Found" {
        let refusal: Value =
            serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("{method} {path} {shown}: {bytes:?}"));
        assert!(refusal["code"].is_string() && refusal["message"].is_string(), "{method} {path} {shown}: {refusal}");
    }
}

fn routes() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROUTES.iter().filter(|route| route.name != "ws").map(|route| (route.method, route.path))
}

/// The path of a template with the same text for each parameter.
fn filled(template: &str, parameter: &str) -> String {
    let fill = |segment: &str| if segment.starts_with('{') { parameter.to_owned() } else { segment.to_owned() };
    template.split('/').map(fill).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn no_body_is_too_strange() {
    let platform = start(boundless()).await;
    agent(&platform, "alice");
    let bodies = bodies();
    for (method, template) in routes().filter(|(method, _)| *method != "GET") {
        for body in &bodies {
            check(&platform, method, &filled(template, "no-such-one"), body).await;
        }
    }
}

#[tokio::test]
async fn no_path_and_no_query_is_too_strange() {
    let platform = start(boundless()).await;
    agent(&platform, "alice");
    let long = "x".repeat(10_000);
    for (method, template) in routes() {
        for parameter in PARAMETERS.iter().copied().chain([long.as_str()]) {
            check(&platform, method, &filled(template, parameter), b"{}").await;
        }
    }
    let values =
        ["%ff", "%", "-1", "0", "1e3", "1.5", "99999999999999999999999", "", "%00", "null", "18446744073709551615"];
    let names = [
        "limit",
        "offset",
        "after",
        "before_seq",
        "after_seq",
        "around_message_id",
        "kind",
        "q",
        "expires",
        "signature",
    ];
    for (_, template) in routes().filter(|(method, _)| *method == "GET") {
        for value in values {
            for name in names {
                check(&platform, "GET", &format!("{}?{name}={value}&{name}", filled(template, "x")), b"").await;
            }
        }
    }
}

#[tokio::test]
async fn malformed_names_are_unknown_ones() {
    let (platform, alice, _) = alice_and_bob(Settings::default()).await;
    for odd in ["%ff", "%", "no-such-agent"] {
        request(&platform, "GET", &format!("/v1/agents/{odd}"), &[], "").await.refused(404, "AGENT_NOT_FOUND");
        alice.get(&format!("/v1/groups/{odd}")).await.refused(404, "GROUP_NOT_FOUND");
        alice.delete(&format!("/v1/messages/{odd}")).await.refused(404, "MESSAGE_NOT_FOUND");
        alice.get(&format!("/v1/messages/{odd}")).await.refused(403, "FORBIDDEN");
        alice.get(&format!("/v1/webhooks/{odd}")).await.refused(404, "NOT_FOUND");
    }
    alice.get("/v1/messages/sync?after=%ff").await.ok(200);
}

#[tokio::test]
async fn numbers_that_are_too_large_are_moved_to_the_nearest_bound() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let sent = alice.send("bob", "1").await.ok(201);
    let history = format!("/v1/messages/{}", sent["conversation_id"].as_str().expect("an id"));
    for limit in ["99999999999999999999999", "%2B5", "-99999999999999999999999"] {
        assert_eq!(
            bob.get(&format!("{history}?limit={limit}")).await.ok(200).as_array().map(Vec::len),
            Some(1),
            "{limit}"
        );
    }
    for limit in ["x", "", "1x", "--1"] {
        bob.get(&format!("{history}?limit={limit}")).await.refused(400, "VALIDATION_ERROR");
    }
}

#[tokio::test]
async fn time_can_be_moved_as_far_as_there_are_years() {
    let (platform, alice, _) = alice_and_bob(Settings::default()).await;
    for step in [std::time::Duration::MAX, std::time::Duration::MAX] {
        platform.clock().advance(step);
        let sent = alice.send("bob", &format!("{step:?}{}", platform.clock().unix_millis())).await;
        assert!([200, 201, 429].contains(&sent.status), "{sent:?}");
        assert!(alice.get("/v1/agents/me").await.ok(200)["created_at"].is_string());
    }
    assert_eq!(platform.clock().unix_millis(), 253_402_300_799_999, "the last millisecond of the year 9999");
}

#[tokio::test]
async fn strange_keys_are_unknown_keys() {
    let platform = start(Settings::default()).await;
    for value in ["", "Bearer", "Bearer ", "bearer ac_x", "Basic YTpi", "Bearer ac_\u{fc}", "Bearer  ac_x"] {
        let reply = request(&platform, "GET", "/v1/agents/me", &[("authorization", value)], "").await;
        reply.refused(401, "UNAUTHORIZED");
    }
}

#[tokio::test]
async fn the_routes_are_described_for_programs() {
    let platform = start(Settings::default()).await;
    let document = request(&platform, "GET", "/v1/openapi.json", &[], "").await.ok(200);
    assert_eq!(document["openapi"], "3.1.0");
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/v1/") && route.name != "ws") {
        let operation = &document["paths"][route.path][route.method.to_lowercase()];
        assert!(operation["operationId"].is_string(), "{}", route.name);
        let named = route.path.matches('{').count();
        assert_eq!(operation["parameters"].as_array().map(Vec::len), Some(named), "{}", route.name);
    }
    let security = |path: &str, method: &str| document["paths"][path][method]["security"].clone();
    assert_eq!(security("/v1/register", "post"), json!([]));
    assert_eq!(security("/v1/agents/{handle}", "get"), json!([]));
    assert_eq!(security("/v1/agents/{handle}", "patch"), json!([{ "api_key": [] }]));
}
