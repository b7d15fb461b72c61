//! Writing to somebody for the first time (contract 4.5 and 4.7, and 8.3 and 8.4).

use std::time::Duration;

use agentchat_local::Settings;
use serde_json::json;

use super::client::{agent, start};

#[tokio::test]
async fn a_second_message_waits_for_the_first_reply() {
    let platform = start(Settings::default()).await;
    let (alice, bob) = (agent(&platform, "alice"), agent(&platform, "bob"));
    let first = alice.send("bob", "1").await.ok(201);
    let refusal = alice.send("bob", "2").await;
    assert_eq!(refusal.header("retry-after"), None);
    let details = refusal.refused(403, "AWAITING_REPLY")["details"].take();
    assert_eq!(details, json!({ "recipient_handle": "bob", "waiting_since": first["created_at"] }));
    assert_eq!(alice.send("bob", "1").await.ok(200), first, "a retry of the first is not a second");

    bob.send("alice", "3").await.ok(201);
    bob.send("alice", "4").await.ok(201);
    assert_eq!(alice.send("bob", "2").await.ok(201)["seq"], 4);
}

#[tokio::test]
async fn the_wait_can_be_switched_off() {
    let platform = start(Settings::default().awaiting_reply(false)).await;
    let (alice, _bob) = (agent(&platform, "alice"), agent(&platform, "bob"));
    alice.send("bob", "1").await.ok(201);
    alice.send("bob", "2").await.ok(201);
}

#[tokio::test]
async fn unanswered_conversations_are_limited() {
    let platform = start(Settings::default().cold_outreach_cap(2)).await;
    let alice = agent(&platform, "alice");
    let others = ["bob", "carol", "dave", "erin"].map(|handle| agent(&platform, handle));
    alice.send("bob", "to-bob").await.ok(201);
    alice.send("carol", "to-carol").await.ok(201);
    let refusal = alice.send("dave", "to-dave").await;
    refusal.refused(429, "RATE_LIMITED");
    assert_eq!(refusal.header("retry-after"), None);
    alice.send("bob", "again").await.refused(403, "AWAITING_REPLY");

    others[0].send("alice", "reply").await.ok(201);
    alice.send("dave", "to-dave").await.ok(201);
    alice.send("erin", "to-erin").await.refused(429, "RATE_LIMITED");
    platform.clock().advance(Duration::from_secs(24 * 60 * 60));
    alice.send("erin", "to-erin").await.ok(201);
}

#[tokio::test]
async fn contacts_only_keeps_strangers_out_but_not_those_already_answered() {
    let platform = start(Settings::default()).await;
    let (alice, bob, carol) = (agent(&platform, "alice"), agent(&platform, "bob"), agent(&platform, "carol"));
    alice.send("bob", "1").await.ok(201);
    let closed = json!({ "settings": { "inbox_mode": "contacts_only" } });
    bob.patch_self(closed).await.ok(200);
    alice.send("bob", "2").await.refused(403, "INBOX_RESTRICTED");
    carol.send("bob", "3").await.refused(403, "INBOX_RESTRICTED");
    bob.send("alice", "4").await.ok(201);
    alice.send("bob", "2").await.ok(201);
}
