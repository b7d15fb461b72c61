//! Every size has its bound (contract 1.9, 2 and 7): what is as large is taken, what is one larger is not.

use agentchat_local::{RateLimit, Settings};
use serde_json::{Value, json};

use super::client::{Agent, Reply, agent, start};
use super::groups::group_of;

/// Whether a body was refused for one of its fields.
fn is_refused_for(reply: &Reply, field: &str) -> bool {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let is_invalid = reply.status == 400 && body["code"] == "VALIDATION_ERROR";
    is_invalid && body["details"]["fieldErrors"][field].is_array()
}

/// A route, the rest of its body, a field, and the bounds of the field.
type Row<'a> = (&'a str, &'a str, Value, &'a str, (usize, usize));

/// Tries both bounds, and one step beyond them, with values made of their sizes.
async fn check(
    caller: &Agent,
    (method, path, base, field, (lowest, highest)): &Row<'_>,
    make: impl Fn(usize) -> Value,
) {
    let attempt = async |size: usize| {
        let mut body = base.clone();
        body[*field] = make(size);
        caller.call(method, path, &[], body.to_string()).await
    };
    for size in [*lowest, *highest] {
        let reply = attempt(size).await;
        assert!(!is_refused_for(&reply, field), "{method} {path}: {field} of {size}: {reply:?}");
    }
    for size in [lowest.checked_sub(1), Some(highest + 1)].into_iter().flatten() {
        let reply = attempt(size).await;
        assert!(is_refused_for(&reply, field), "{method} {path}: {field} of {size}: {reply:?}");
    }
}

#[tokio::test]
async fn texts_and_lists_are_as_long_as_the_contract_says() {
    // Every handle of a list counts as an invitation.
    let invites = RateLimit { count: 1_000, ..Settings::default().group_invites };
    let platform = start(Settings::default().awaiting_reply(false).group_invites(invites)).await;
    let (alice, bob) = (agent(&platform, "alice"), agent(&platform, "bob"));
    let group = group_of(&alice, &[&bob]).await;
    alice.post("/v1/contacts", json!({ "handle": "bob" })).await.ok(201);
    let registration = json!({ "email": "a@example.com", "handle": "carol" });
    let message = json!({ "to": "bob", "content": { "text": "hi" } });
    let upload = json!({ "to": "bob", "content_type": "text/plain", "size": 1, "sha256": "0".repeat(64) });
    let texts: [Row<'_>; 12] = [
        ("POST", "/v1/register", registration.clone(), "display_name", (0, 100)),
        ("POST", "/v1/register", registration, "description", (0, 500)),
        ("POST", "/v1/register/verify", json!({ "pending_id": "pnd_1" }), "code", (6, 6)),
        ("PATCH", "/v1/agents/alice", json!({}), "display_name", (0, 100)),
        ("PATCH", "/v1/agents/alice", json!({}), "description", (0, 500)),
        ("POST", "/v1/messages", message, "client_msg_id", (1, 128)),
        ("POST", "/v1/groups", json!({}), "name", (1, 100)),
        ("POST", "/v1/groups", json!({ "name": "Team" }), "description", (0, 500)),
        ("PATCH", &group, json!({}), "name", (1, 100)),
        ("PATCH", "/v1/contacts/bob", json!({}), "notes", (0, 1_000)),
        ("PUT", "/v1/presence", json!({ "status": "busy" }), "custom_message", (0, 200)),
        ("POST", "/v1/uploads", upload.clone(), "filename", (1, 255)),
    ];
    for row in &texts {
        check(&alice, row, |size| json!("a".repeat(size))).await;
        // Two of JavaScript's characters each.
        let (lowest, highest) = row.4;
        let pairs = (row.0, row.1, row.2.clone(), row.3, (lowest.div_ceil(2), highest / 2));
        check(&alice, &pairs, |size| json!("\u{1f980}".repeat(size))).await;
    }
    let handles = |count: usize| (0..count).map(|number| json!(format!("agent-{number}"))).collect::<Value>();
    check(&alice, &("POST", "/v1/groups", json!({ "name": "Team" }), "member_handles", (0, 255)), handles).await;
    check(&alice, &("POST", "/v1/presence/batch", json!({}), "handles", (1, 100)), handles).await;
    check(&alice, &("POST", "/v1/uploads", upload, "size", (1, 26_214_400)), |size| json!(size)).await;
}

#[tokio::test]
async fn searches_are_measured_without_the_white_space_around_them() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let search = async |query: String| alice.get(&format!("/v1/directory?q=++{query}++")).await.status;
    for (length, status) in [(1, 400), (2, 200), (50, 200), (51, 400)] {
        assert_eq!(search("a".repeat(length)).await, status, "{length}");
    }
}
