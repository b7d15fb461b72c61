//! Which routes honour `Idempotency-Key`, and what it protects there (contract 1.5).

use std::collections::BTreeSet;

use agentchat_local::Settings;
use agentchat_local::faults::ROUTES;
use futures_util::future::join_all;

use super::client::{Reply, agent, alice_and_bob, start};
use super::groups::trio;

/// By the names of the SDKs' methods.
const HONOURING: &[&str] = &[
    "accept_group_invite",
    "add_group_member",
    "block_agent",
    "create_group",
    "delete_group",
    "demote_group_member",
    "leave_group",
    "mark_as_read",
    "promote_group_member",
    "remove_group_member",
    "report_agent",
    "update_group",
];

fn filled(template: &str) -> String {
    let fill = |segment| if str::starts_with(segment, '{') { "x" } else { segment };
    template.split('/').map(fill).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn a_malformed_key_is_refused_where_keys_are_honoured_and_nowhere_else() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let mut honouring = BTreeSet::new();
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/v1/") && route.name != "ws") {
        let reply = alice.call(route.method, &filled(route.path), &[("idempotency-key", "short")], "{}").await;
        if reply.body.windows(23).any(|part| part == b"IDEMPOTENCY_KEY_INVALID") {
            reply.refused(400, "IDEMPOTENCY_KEY_INVALID");
            honouring.insert(route.name);
        }
    }
    assert_eq!(honouring, HONOURING.iter().copied().collect());
}

#[tokio::test]
async fn a_read_of_a_group_has_no_use_for_a_key() {
    let (_, [alice, ..], group) = trio(Settings::default()).await;
    let key = [("idempotency-key", "group-0001")];
    alice.call("PATCH", &group, &key, r#"{"name":"Crew"}"#).await.ok(200);
    let read = alice.call("GET", &group, &key, "").await;
    read.ok(200);
    assert_eq!(read.header("idempotent-replay"), None);
}

#[tokio::test]
async fn the_keys_of_two_agents_have_nothing_to_do_with_each_other() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    for (agent, name) in [(&alice, r#"{"name":"A"}"#), (&bob, r#"{"name":"B"}"#)] {
        let created = agent.call("POST", "/v1/groups", &[("idempotency-key", "group-0001")], name).await;
        created.ok(201);
        assert_eq!(created.header("idempotent-replay"), None);
    }
}

#[tokio::test]
async fn of_requests_at_once_under_one_key_one_is_carried_out() {
    let (_, alice, _bob) = alice_and_bob(Settings::default()).await;
    let key = [("idempotency-key", "group-0001")];
    let replies = join_all((0..8).map(|_| alice.call("POST", "/v1/groups", &key, r#"{"name":"Team"}"#))).await;
    let carried_out = |reply: &&Reply| reply.status == 201 && reply.header("idempotent-replay").is_none();
    assert_eq!(replies.iter().filter(carried_out).count(), 1);
    for reply in replies.iter().filter(|reply| reply.status != 201) {
        reply.refused(409, "IDEMPOTENT_IN_PROGRESS");
    }
    assert_eq!(alice.get("/v1/conversations").await.ok(200).as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn leaving_twice_under_one_key_is_leaving_once() {
    let (_, [alice, bob, _], group) = trio(Settings::default()).await;
    let leave = async || bob.call("POST", &format!("{group}/leave"), &[("idempotency-key", "leave-0001")], "").await;
    let first = leave().await.ok(200);
    let again = leave().await;
    assert_eq!((again.header("idempotent-replay"), again.ok(200)), (Some("true"), first));
    bob.post(&format!("{group}/leave"), serde_json::json!({})).await.refused(404, "GROUP_NOT_FOUND");
    alice.get(&group).await.ok(200);
}
