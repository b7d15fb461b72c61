//! Who may call what, and under which methods (contract 1.2, 1.6 and 2).

use std::time::Duration;

use agentchat_local::faults::ROUTES;
use agentchat_local::{AgentStatus, Settings};

use super::client::{agent, request, start};

/// Routes that ask for no key.
const PUBLIC: &[&str] = &["register", "verify", "recover", "recover_verify", "get_agent", "health"];

/// The path of a template, with something in place of its parameters.
fn filled(template: &str) -> String {
    let fill = |segment| if str::starts_with(segment, '{') { "x" } else { segment };
    template.split('/').map(fill).collect::<Vec<_>>().join("/")
}

/// Whether a path can be read as one of this template.
fn covers(template: &str, path: &str) -> bool {
    let fits = |(name, segment): (&str, &str)| name == segment || name.starts_with('{');
    template.split('/').count() == path.split('/').count() && template.split('/').zip(path.split('/')).all(fits)
}

/// The routes of the REST API, with a path for each.
fn routes() -> impl Iterator<Item = (&'static str, &'static str, String)> {
    let is_rest = |name: &str| name != "ws" && !name.ends_with("_bytes");
    ROUTES.iter().filter(move |route| is_rest(route.name)).map(|route| (route.name, route.method, filled(route.path)))
}

#[tokio::test]
async fn every_route_needs_a_key_but_the_public_ones() {
    let platform = start(Settings::default()).await;
    let mut public = Vec::new();
    for (name, method, path) in routes() {
        let reply = request(&platform, method, &path, &[], "").await;
        match reply.status {
            401 => drop(reply.refused(401, "UNAUTHORIZED")),
            _ => public.push(name),
        }
    }
    assert_eq!(public, PUBLIC);
}

#[tokio::test]
async fn a_suspended_agent_is_refused_everywhere_but_before_its_own_record() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    platform.set_status("alice", AgentStatus::Suspended).expect("known");
    for (name, method, path) in routes().filter(|(name, ..)| !PUBLIC.contains(name)) {
        let reply = alice.call(method, &path, &[], "").await;
        if name == "get_me" {
            reply.ok(200);
            continue;
        }
        let refusal = reply.refused(403, "SUSPENDED");
        assert_eq!(refusal["reason"], "community_enforcement", "{name}");
        assert!(refusal["detail"].is_string() && refusal.get("details").is_none(), "{name}");
    }
}

#[tokio::test]
async fn the_own_record_shows_that_a_restriction_has_ended() {
    let platform = start(Settings::default().community_restrict_blocks(1)).await;
    let (spammer, victim) = (agent(&platform, "spammer"), agent(&platform, "victim"));
    spammer.send("victim", "1").await.ok(201);
    victim.call("POST", "/v1/contacts/spammer/block", &[], "").await.ok(200);
    assert_eq!(spammer.get("/v1/agents/me").await.ok(200)["status"], "restricted");
    platform.clock().advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(spammer.get("/v1/agents/me").await.ok(200)["status"], "active");
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_an_unknown_route() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    for (_, _, path) in routes() {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if ROUTES.iter().any(|route| route.method == method && covers(route.path, &path)) {
                continue;
            }
            let reply = alice.call(method, &path, &[], "{}").await;
            assert_eq!((reply.status, reply.body.as_slice()), (404, b"404 Not Found".as_slice()), "{method} {path}");
            assert!(reply.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")));
        }
    }
}

/// Methods of paths that have a name where others have a parameter: there, the name is a parameter too.
#[tokio::test]
async fn a_name_in_a_path_is_a_parameter_under_the_other_methods() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    for (method, path, status, code) in [
        ("DELETE", "/v1/messages/sync", 404, "MESSAGE_NOT_FOUND"),
        ("POST", "/v1/messages/sync/read", 404, "MESSAGE_NOT_FOUND"),
        ("GET", "/v1/presence/batch", 404, "NOT_FOUND"),
        ("PATCH", "/v1/groups/invites", 404, "GROUP_NOT_FOUND"),
        ("DELETE", "/v1/groups/invites", 404, "GROUP_NOT_FOUND"),
        ("DELETE", "/v1/groups/invites/members/alice", 404, "GROUP_NOT_FOUND"),
        ("POST", "/v1/groups/invites/members/alice/demote", 404, "GROUP_NOT_FOUND"),
        ("GET", "/v1/agents/recover", 404, "AGENT_NOT_FOUND"),
        ("PATCH", "/v1/agents/recover", 403, "FORBIDDEN"),
        ("DELETE", "/v1/agents/recover", 403, "FORBIDDEN"),
        ("PUT", "/v1/agents/recover/avatar", 403, "FORBIDDEN"),
        ("POST", "/v1/agents/me/rotate-key", 403, "FORBIDDEN"),
    ] {
        let reply = alice.call(method, path, &[], "{}").await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (status, Some(code)), "{method} {path}");
    }
    let malformed = alice.call("PATCH", "/v1/groups/invites", &[("idempotency-key", "short")], "{}").await;
    malformed.refused(400, "IDEMPOTENCY_KEY_INVALID");
}

#[tokio::test]
async fn nobody_changes_an_account_as_me() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    for method in ["PATCH", "DELETE"] {
        alice.call(method, "/v1/agents/me", &[], "{}").await.refused(403, "FORBIDDEN");
        request(&platform, method, "/v1/agents/me", &[], "{}").await.refused(401, "UNAUTHORIZED");
    }
    alice.put("/v1/agents/me/avatar", "x").await.refused(403, "FORBIDDEN");
}

#[tokio::test]
async fn the_kind_of_a_body_is_not_looked_at() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    agent(&platform, "bob");
    for kind in ["text/plain", "application/x-www-form-urlencoded", "nonsense", ""] {
        alice.call("POST", "/v1/contacts", &[("content-type", kind)], r#"{"handle":"bob"}"#).await.ok(201);
    }
    let reply = alice.call("POST", "/v1/contacts", &[("content-type", "application/json")], "handle=bob").await;
    assert!(reply.refused(400, "VALIDATION_ERROR").get("details").is_none(), "not even JSON");
}

#[tokio::test]
async fn a_body_without_bounds_is_refused() {
    let platform = start(Settings::default().request_body_bytes(1_000)).await;
    let alice = agent(&platform, "alice");
    alice.call("POST", "/v1/contacts", &[], "x".repeat(1_001)).await.refused(413, "PAYLOAD_TOO_LARGE");
    alice.call("POST", "/v1/contacts", &[], "x".repeat(1_000)).await.refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn no_answer_counts_down_a_limit() {
    let platform = start(Settings::default().mute_writes_per_second(0)).await;
    let alice = agent(&platform, "alice");
    for reply in [
        alice.get("/v1/agents/me").await,
        alice.send("nobody-here", "1").await,
        alice.get("/v1/directory?q=al").await,
        alice.delete("/v1/mutes/agent/alice").await,
    ] {
        assert!(reply.headers.keys().all(|name| !name.contains("ratelimit")), "{reply:?}");
    }
}
