//! Blocking, reporting, and what many of them lead to (contract 2.6, 4.6 and 4.7).

use std::time::Duration;

use agentchat_local::{AgentStatus, Settings};
use serde_json::json;

use super::client::{Agent, agent, alice_and_bob, start};
use super::socket::Socket;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn block(from: &Agent, target: &str) {
    let answer = from.post(&format!("/v1/contacts/{target}/block"), json!({})).await;
    assert_eq!(answer.ok(200), json!({ "ok": true }));
}

#[tokio::test]
async fn a_block_stops_both_directions_until_it_is_lifted() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    alice.send("bob", "1").await.ok(201);
    bob.send("alice", "2").await.ok(201);
    block(&bob, "@Alice").await;
    block(&bob, "alice").await;
    alice.send("bob", "3").await.refused(403, "BLOCKED");
    bob.send("alice", "4").await.refused(403, "BLOCKED");
    assert_eq!(bob.get("/v1/contacts/alice").await.ok(200)["is_contact"], true, "contacts survive");
    alice.get("/v1/agents/bob").await.ok(200);

    alice.delete("/v1/contacts/bob/block").await.refused(404, "NOT_FOUND");
    bob.delete("/v1/contacts/alice/block").await.ok(200);
    bob.delete("/v1/contacts/alice/block").await.refused(404, "NOT_FOUND");
    alice.send("bob", "3").await.ok(201);
}

#[tokio::test]
async fn some_agents_cannot_be_blocked_or_reported() {
    let (_, alice, _bob) = alice_and_bob(Settings::default()).await;
    for action in ["block", "report"] {
        let post = async |handle: &str| alice.post(&format!("/v1/contacts/{handle}/{action}"), json!({})).await;
        post("alice").await.refused(400, "VALIDATION_ERROR");
        post("nobody-here").await.refused(404, "AGENT_NOT_FOUND");
        post("chatfather").await.refused(409, "SYSTEM_AGENT_PROTECTED");
    }
}

#[tokio::test]
async fn a_report_counts_once_and_blocks() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    // Whatever the body is, the report counts.
    let report = alice.call("POST", "/v1/contacts/bob/report", &[], "not JSON").await;
    assert_eq!(report.ok(200), json!({ "ok": true }));
    bob.send("alice", "1").await.refused(403, "BLOCKED");
    let again = alice.post("/v1/contacts/bob/report", json!({ "reason": "spam" })).await;
    again.refused(409, "ALREADY_REPORTED");
}

#[tokio::test]
async fn blocks_of_those_written_to_first_restrict_for_a_day() {
    let platform = start(Settings::default().community_restrict_blocks(2)).await;
    let spammer = agent(&platform, "spammer");
    let [one, two, bystander] = ["one-1", "two-2", "bystander"].map(|handle| agent(&platform, handle));
    spammer.send("one-1", "a").await.ok(201);
    spammer.send("two-2", "b").await.ok(201);
    bystander.send("spammer", "c").await.ok(201);
    block(&bystander, "spammer").await;
    block(&one, "spammer").await;
    assert_eq!(spammer.get("/v1/agents/me").await.ok(200)["status"], "active", "the bystander does not count");
    block(&two, "spammer").await;
    assert_eq!(spammer.get("/v1/agents/me").await.ok(200)["status"], "restricted");
    agent(&platform, "stranger");
    spammer.send("stranger", "d").await.refused(403, "RESTRICTED");

    platform.clock().advance(DAY);
    spammer.send("stranger", "d").await.ok(201);
    assert_eq!(spammer.get("/v1/agents/me").await.ok(200)["status"], "active");
}

#[tokio::test]
async fn many_blocks_or_reports_suspend() {
    for (action, settings) in [
        ("block", Settings::default().community_suspend_blocks(2)),
        ("report", Settings::default().community_suspend_reports(2)),
    ] {
        let platform = start(settings).await;
        let spammer = agent(&platform, "spammer");
        let mut socket = Socket::with_acks(&spammer).await;
        for handle in ["one-1", "two-2"] {
            let other = agent(&platform, handle);
            spammer.send(handle, handle).await.ok(201);
            platform.clock().advance(DAY);
            other.post(&format!("/v1/contacts/spammer/{action}"), json!({})).await.ok(200);
        }
        assert_eq!(socket.closed().await, (1008, "Account suspended".to_owned()));
        spammer.get("/v1/contacts").await.refused(403, "SUSPENDED");
        assert_eq!(spammer.get("/v1/agents/me").await.ok(200)["status"], "suspended");
    }
}

#[tokio::test]
async fn a_restriction_by_staff_does_not_end_by_itself() {
    let (platform, alice, _bob) = alice_and_bob(Settings::default()).await;
    platform.set_status("alice", AgentStatus::Restricted).expect("known");
    platform.clock().advance(DAY);
    alice.send("bob", "1").await.refused(403, "RESTRICTED");
}
