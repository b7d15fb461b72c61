//! Roles in groups, and the ways out of them (contract 2.5, 3.8 and 4.9).

use agentchat_local::{AgentStatus, Settings};
use serde_json::json;

use super::client::agent;
use super::groups::{accept, at, events, group_of, trio};
use super::socket::Socket;

#[tokio::test]
async fn admins_are_made_and_unmade() {
    let (platform, [alice, bob, carol], group) = trio(Settings::default()).await;
    agent(&platform, "dave");
    let act = async |who: &super::client::Agent, handle: &str, what: &str| {
        who.post(&format!("{group}/members/{handle}/{what}"), json!({})).await
    };
    act(&bob, "carol", "promote").await.refused(403, "FORBIDDEN");
    act(&alice, "nobody-here", "promote").await.refused(404, "AGENT_NOT_FOUND");
    act(&alice, "dave", "promote").await.refused(404, "NOT_MEMBER");
    assert!(act(&alice, "@Bob", "promote").await.ok(200)["message"].is_string());
    act(&alice, "bob", "promote").await.refused(404, "NOT_MEMBER");
    assert_eq!(bob.get(&group).await.ok(200)["your_role"], "admin");

    act(&bob, "alice", "demote").await.refused(403, "FORBIDDEN");
    act(&bob, "carol", "demote").await.refused(400, "NOT_ADMIN");
    act(&bob, "dave", "demote").await.refused(404, "NOT_MEMBER");
    alice.post(&format!("{group}/leave"), json!({})).await.ok(200);
    act(&bob, "bob", "demote").await.refused(400, "LAST_ADMIN");
    act(&bob, "carol", "promote").await.ok(200);
    act(&carol, "bob", "demote").await.ok(200);
    assert_eq!(bob.get(&group).await.ok(200)["your_role"], "member");

    let told = events(&bob, &group).await;
    let promoted =
        json!({ "event": "admin_promoted", "agent_handle": "bob", "actor_handle": "alice", "sender": "alice" });
    let demoted =
        json!({ "event": "admin_demoted", "agent_handle": "bob", "actor_handle": "carol", "sender": "carol" });
    assert!(told.contains(&promoted), "{told:?}");
    assert_eq!(told.last(), Some(&demoted));
}

#[tokio::test]
async fn a_removed_member_is_out() {
    let (platform, [alice, bob, carol], group) = trio(Settings::default()).await;
    let member = format!("{group}/members");
    bob.delete(&format!("{member}/carol")).await.refused(403, "FORBIDDEN");
    alice.delete(&format!("{member}/alice")).await.refused(400, "VALIDATION_ERROR");
    alice.delete(&format!("{member}/nobody-here")).await.refused(404, "AGENT_NOT_FOUND");
    agent(&platform, "dave");
    alice.delete(&format!("{member}/dave")).await.refused(404, "NOT_MEMBER");
    alice.post(&format!("{member}/bob/promote"), json!({})).await.ok(200);
    bob.delete(&format!("{member}/alice")).await.refused(403, "FORBIDDEN");

    assert!(platform.undelivered("carol") > 0);
    bob.delete(&format!("{member}/carol")).await.ok(200);
    assert_eq!(platform.undelivered("carol"), 0, "nothing waits for her any more");
    carol.get(&group).await.refused(404, "GROUP_NOT_FOUND");
    carol.get(&at("/v1/messages", &group)).await.refused(403, "FORBIDDEN");
    let removed = json!({ "event": "member_removed", "agent_handle": "carol", "actor_handle": "bob", "sender": "bob" });
    assert_eq!(events(&alice, &group).await.last(), Some(&removed));
    bob.delete(&format!("{member}/carol")).await.refused(404, "NOT_MEMBER");
}

#[tokio::test]
async fn the_last_admin_to_leave_is_replaced() {
    let (_, [alice, bob, carol], group) = trio(Settings::default()).await;
    let leave = format!("{group}/leave");
    let left = alice.post(&leave, json!({})).await.ok(200);
    assert_eq!(left["promoted_handle"], "bob");
    alice.post(&leave, json!({})).await.refused(404, "GROUP_NOT_FOUND");
    let told = events(&carol, &group).await;
    let expected = [
        json!({ "event": "member_left", "agent_handle": "alice", "sender": "alice" }),
        json!({ "event": "admin_promoted", "agent_handle": "bob", "actor_handle": null, "sender": "bob" }),
    ];
    assert_eq!(told[told.len() - 2..], expected);
    assert_eq!(carol.post(&leave, json!({})).await.ok(200)["promoted_handle"], json!(null));
    assert_eq!(bob.post(&leave, json!({})).await.ok(200)["promoted_handle"], json!(null), "nobody is left");
}

#[tokio::test]
async fn one_who_comes_back_starts_anew() {
    let (_, [alice, bob, _], group) = trio(Settings::default()).await;
    bob.post(&format!("{group}/leave"), json!({})).await.ok(200);
    alice.post(&format!("{group}/members"), json!({ "handle": "bob" })).await.ok(201);
    let back = accept(&bob).await;
    assert_eq!(back["your_role"], "member");
    let seen = bob.get(&at("/v1/messages", &group)).await.ok(200);
    assert_eq!(seen.as_array().map(Vec::len), Some(1), "only the own return: {seen}");
}

#[tokio::test]
async fn a_deleted_group_is_announced_and_then_gone() {
    let (platform, [alice, bob, carol], group) = trio(Settings::default()).await;
    let dave = agent(&platform, "dave");
    alice.post(&format!("{group}/members"), json!({ "handle": "dave" })).await.ok(201);
    let old = bob.get("/v1/messages/sync").await.ok(200);
    assert_eq!(old.as_array().map(Vec::len), Some(2), "two joins");
    let mut socket = Socket::with_acks(&bob).await;
    socket.messages(2).await;
    let mut actor = Socket::with_acks(&alice).await;
    bob.delete(&group).await.refused(403, "FORBIDDEN");
    let deleted = alice.delete(&group).await.ok(200);
    assert!(deleted["message"].is_string());

    let row = socket.event("message.new").await;
    let data = json!({ "event": "group_deleted", "actor_handle": "alice", "schema_version": 1 });
    assert_eq!((&row["content"]["data"], &row["seq"], &row["type"]), (&data, &json!(3), &json!("system")));
    let info = socket.event("group.deleted").await;
    let id = group.rsplit('/').next().expect("an id");
    let expected = json!({ "group_id": id, "deleted_by_handle": "alice", "deleted_at": deleted["deleted_at"] });
    assert_eq!(info, expected);
    actor.nothing_more(&alice).await;

    let waiting = carol.get("/v1/messages/sync").await.ok(200);
    assert_eq!(waiting.as_array().map(Vec::len), Some(1), "older ones are flushed: {waiting}");
    assert_eq!(waiting[0]["content"]["data"], data);
    for former in [&alice, &bob] {
        for path in [group.clone(), at("/v1/messages", &group)] {
            assert_eq!(former.get(&path).await.refused(410, "GROUP_DELETED")["details"], expected);
        }
        former.delete(&group).await.refused(410, "GROUP_DELETED");
        let send = json!({ "conversation_id": id, "client_msg_id": "x", "content": { "text": "x" } });
        former.post("/v1/messages", send).await.refused(410, "GROUP_DELETED");
        former.patch(&group, json!({ "name": "x" })).await.refused(404, "GROUP_NOT_FOUND");
    }
    dave.get(&group).await.refused(404, "GROUP_NOT_FOUND");
    dave.delete(&group).await.refused(404, "GROUP_NOT_FOUND");
    assert_eq!(dave.get("/v1/groups/invites").await.ok(200), json!([]));
    assert_eq!(bob.get("/v1/conversations").await.ok(200), json!([]));
}

#[tokio::test]
async fn without_its_creator_any_admin_can_end_a_group() {
    let (platform, [alice, bob, carol], group) = trio(Settings::default()).await;
    alice.post(&format!("{group}/members/bob/promote"), json!({})).await.ok(200);
    bob.delete(&group).await.refused(403, "FORBIDDEN");
    platform.set_status("alice", AgentStatus::Suspended).expect("known");
    carol.delete(&group).await.refused(403, "FORBIDDEN");
    bob.delete(&group).await.ok(200);
}

#[tokio::test]
async fn a_group_shows_in_lists_without_participants() {
    let (_, [alice, bob, _], group) = trio(Settings::default()).await;
    let id = group.rsplit('/').next().expect("an id");
    let item = bob.get("/v1/conversations").await.ok(200)[0].take();
    for (field, value) in [
        ("id", json!(id)),
        ("type", json!("group")),
        ("participants", json!([])),
        ("group_name", json!("Team")),
        ("group_member_count", json!(3)),
        ("last_message_preview", json!("System update")),
        ("unread_count", json!(2)),
    ] {
        assert_eq!(item[field], value, "{field}");
    }
    let people = alice.get(&format!("{}/participants", at("/v1/conversations", &group))).await.ok(200);
    let mut handles: Vec<&str> =
        people.as_array().expect("a list").iter().filter_map(|one| one["handle"].as_str()).collect();
    // Those who joined in the same millisecond come in the order of their random ids.
    handles.sort_unstable();
    assert_eq!(handles, ["alice", "bob", "carol"]);
    let context = bob.get(&format!("{}/context", at("/v1/conversations", &group))).await.ok(200);
    let expected = json!({ "name": "Team", "description": null, "member_count": 3, "your_role": "member" });
    assert_eq!((&context["group"], &context["counterparty"]), (&expected, &json!(null)));
    assert_eq!(context["unread"]["count"], 2);
    let empty = group_of(&alice, &[]).await;
    let list = alice.get("/v1/conversations").await.ok(200);
    assert_eq!(list[1]["id"].as_str(), empty.rsplit('/').next(), "those without messages come last");
}
