//! Of several reasons not to send, the first in the documented order is the error (contract 4.3).

use agentchat_local::{AgentStatus, PausedByOwner, Settings};
use serde_json::{Value, json};

use super::client::{Agent, Reply, agent, alice_and_bob, start};
use super::groups::trio;

async fn send(sender: &Agent, target: &str, value: &str, content: Value) -> Reply {
    let body = json!({ target: value, "client_msg_id": "c", "content": content });
    sender.post("/v1/messages", body).await
}

/// A message that fails at the latest check there is before the store.
async fn with_bad_attachment(sender: &Agent, target: &str, value: &str) -> Reply {
    send(sender, target, value, json!({ "attachment_id": "att_unknown" })).await
}

async fn announce(uploader: &Agent, target: &str, value: &str) -> Value {
    let file = json!({
        target: value, "filename": "f", "content_type": "text/plain", "size": 1, "sha256": "0".repeat(64),
    });
    uploader.post("/v1/uploads", file).await.ok(201)["attachment_id"].take()
}

#[tokio::test]
async fn to_an_agent_everything_about_the_two_comes_before_the_limits() {
    let settings = Settings::default().sends_per_second(0).cold_outreach_cap(0);
    let platform = start(settings).await;
    let (alice, bob) = (agent(&platform, "alice"), agent(&platform, "bob"));
    let try_it = async || with_bad_attachment(&alice, "to", "bob").await;
    platform.set_status("alice", AgentStatus::Restricted).expect("known");
    platform.set_paused("alice", PausedByOwner::Send).expect("known");
    bob.post("/v1/contacts/alice/block", json!({})).await.ok(200);
    bob.patch_self(json!({ "settings": { "inbox_mode": "contacts_only" } })).await.ok(200);

    let huge = json!({ "text": "x".repeat(40_000) });
    send(&alice, "to", "nobody-here", huge).await.refused(413, "CONTENT_TOO_LARGE");
    with_bad_attachment(&alice, "to", "nobody-here").await.refused(404, "AGENT_NOT_FOUND");
    with_bad_attachment(&alice, "to", "alice").await.refused(400, "VALIDATION_ERROR");
    try_it().await.refused(403, "AGENT_PAUSED_BY_OWNER");
    platform.set_paused("alice", PausedByOwner::None).expect("known");
    try_it().await.refused(403, "BLOCKED");
    bob.delete("/v1/contacts/alice/block").await.ok(200);
    try_it().await.refused(403, "RESTRICTED");
    platform.set_status("alice", AgentStatus::Active).expect("known");
    try_it().await.refused(403, "INBOX_RESTRICTED");
    bob.patch_self(json!({ "settings": { "inbox_mode": "open" } })).await.ok(200);
    let limited = try_it().await;
    limited.refused(429, "RATE_LIMITED");
    assert_eq!(limited.header("retry-after"), Some("1"), "the limit a second, not that of new conversations");
}

#[tokio::test]
async fn to_an_agent_the_limits_come_before_the_attachment_and_that_before_the_reply_and_the_backlog() {
    let cold = start(Settings::default().cold_outreach_cap(0)).await;
    let alice = agent(&cold, "alice");
    agent(&cold, "bob");
    with_bad_attachment(&alice, "to", "bob").await.refused(429, "RATE_LIMITED");

    let full = start(Settings::default().backlog_cap(1)).await;
    let (alice, bob) = (agent(&full, "alice"), agent(&full, "bob"));
    alice.send("bob", "1").await.ok(201);
    with_bad_attachment(&alice, "to", "bob").await.refused(404, "ATTACHMENT_NOT_FOUND");
    alice.send("bob", "2").await.refused(403, "AWAITING_REPLY");
    bob.send("alice", "reply").await.ok(201);
    alice.send("bob", "2").await.refused(429, "RECIPIENT_BACKLOGGED");
}

#[tokio::test]
async fn to_a_group_membership_comes_after_the_standing_and_before_the_limits() {
    let settings = Settings::default().sends_per_second(0).group_sends_per_second(0);
    let (platform, [alice, bob, _], group) = trio(settings).await;
    let id = group.rsplit('/').next().expect("an id");
    let try_it = async |sender: &Agent| with_bad_attachment(sender, "conversation_id", id).await;
    let huge = json!({ "text": "x".repeat(40_000) });
    send(&alice, "conversation_id", "grp_unknown", huge).await.refused(413, "CONTENT_TOO_LARGE");
    bob.post(&format!("{group}/leave"), json!({})).await.ok(200);
    platform.set_paused("bob", PausedByOwner::Send).expect("known");
    with_bad_attachment(&bob, "conversation_id", "grp_unknown").await.refused(404, "GROUP_NOT_FOUND");
    try_it(&bob).await.refused(403, "AGENT_PAUSED_BY_OWNER");
    platform.set_paused("bob", PausedByOwner::None).expect("known");
    try_it(&bob).await.refused(404, "GROUP_NOT_FOUND");
    try_it(&alice).await.refused(429, "RATE_LIMITED");
    alice.delete(&group).await.ok(200);
    platform.set_paused("bob", PausedByOwner::Send).expect("known");
    try_it(&bob).await.refused(410, "GROUP_DELETED");
}

#[tokio::test]
async fn to_a_group_the_attachment_is_the_last_thing_that_is_checked() {
    let (_, [alice, ..], group) = trio(Settings::default().group_sends_per_second(0)).await;
    let id = group.rsplit('/').next().expect("an id");
    with_bad_attachment(&alice, "conversation_id", id).await.refused(429, "RATE_LIMITED");

    let (platform, [alice, ..], group) = trio(Settings::default()).await;
    let id = group.rsplit('/').next().expect("an id");
    with_bad_attachment(&alice, "conversation_id", id).await.refused(404, "ATTACHMENT_NOT_FOUND");
    let elsewhere = announce(&alice, "to", "bob").await;
    let reply = send(&alice, "conversation_id", id, json!({ "attachment_id": elsewhere })).await;
    reply.refused(400, "ATTACHMENT_WRONG_SCOPE");
    // What counts between two agents does not count among members.
    platform.set_status("alice", AgentStatus::Restricted).expect("known");
    alice.send("carol", "no").await.refused(403, "RESTRICTED");
    send(&alice, "conversation_id", id, json!({ "text": "yes" })).await.ok(201);
}

#[tokio::test]
async fn a_replay_goes_through_the_checks_again() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let first = alice.send("bob", "once").await.ok(201);
    platform.set_paused("alice", PausedByOwner::Send).expect("known");
    alice.send("bob", "once").await.refused(403, "AGENT_PAUSED_BY_OWNER");
    platform.set_paused("alice", PausedByOwner::None).expect("known");
    bob.post("/v1/contacts/alice/block", json!({})).await.ok(200);
    alice.send("bob", "once").await.refused(403, "BLOCKED");
    bob.delete("/v1/contacts/alice/block").await.ok(200);
    assert_eq!(alice.send("bob", "once").await.ok(200), first);
}

#[tokio::test]
async fn a_replay_spends_the_budget_of_a_second() {
    let (_, alice, _) = alice_and_bob(Settings::default().sends_per_second(1)).await;
    // Two sends can fall into two seconds; sooner or later two fall into one.
    for _ in 0..1_000 {
        let reply = alice.send("bob", "once").await;
        if reply.status == 429 {
            reply.refused(429, "RATE_LIMITED");
            return;
        }
    }
    panic!("a thousand replays were free");
}

#[tokio::test]
async fn the_platforms_own_agents_have_other_limits() {
    let settings = Settings::default().sends_per_second(0).cold_outreach_cap(0);
    let platform = start(settings).await;
    agent(&platform, "alice");
    let chatfather = Agent { platform: platform.clone(), account: platform.system_account() };
    let first = chatfather.send("alice", "1").await.ok(201);
    assert_eq!(first["context"]["sender"]["kind"], "system");
    chatfather.send("alice", "2").await.ok(201);
    assert_eq!(platform.undelivered("alice"), 2, "neither a cap on strangers nor a wait for a reply");

    let quiet = start(Settings::default().system_sends_per_second(0)).await;
    agent(&quiet, "alice");
    let chatfather = Agent { platform: quiet.clone(), account: quiet.system_account() };
    chatfather.send("alice", "1").await.refused(429, "RATE_LIMITED");
}
