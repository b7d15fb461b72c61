//! Groups from their creation to what members see (contract 2.5, 3.7 and 3.8).

use std::time::Duration;

use agentchat_local::{LocalPlatform, RateLimit, Settings};
use serde_json::{Value, json};

use super::client::{Agent, agent, alice_and_bob, start};
use super::pictures::png;
use super::socket::Socket;

/// Creates a group and invites the others. Returns the path of the group.
pub(crate) async fn group_of(creator: &Agent, others: &[&Agent]) -> String {
    let handles: Vec<&str> = others.iter().map(|other| other.account.handle.as_str()).collect();
    let body = json!({ "name": "Team", "member_handles": handles });
    let id = creator.post("/v1/groups", body).await.ok(201)["group"]["id"].take();
    format!("/v1/groups/{}", id.as_str().expect("an id"))
}

/// Joins the one group that an agent is invited to.
pub(crate) async fn accept(invitee: &Agent) -> Value {
    let invite = invitee.get("/v1/groups/invites").await.ok(200)[0]["id"].take();
    let path = format!("/v1/groups/invites/{}/accept", invite.as_str().expect("an id"));
    invitee.post(&path, json!({})).await.ok(200)
}

/// The path of the same conversation under another prefix.
pub(crate) fn at(prefix: &str, group: &str) -> String {
    group.replace("/v1/groups", prefix)
}

/// The system events that an agent finds in the history, oldest first, without their version.
pub(crate) async fn events(agent: &Agent, group: &str) -> Vec<Value> {
    let rows = agent.get(&format!("{}?after_seq=0", at("/v1/messages", group))).await.ok(200);
    let system = rows.as_array().expect("rows").iter().filter(|row| row["type"] == "system");
    system
        .map(|row| {
            let mut data = row["content"]["data"].clone();
            assert_eq!(data["schema_version"], 1);
            data.as_object_mut().expect("data").remove("schema_version");
            data["sender"] = row["sender"].clone();
            data
        })
        .collect()
}

pub(crate) async fn trio(settings: Settings) -> (LocalPlatform, [Agent; 3], String) {
    let platform = start(settings).await;
    let trio = ["alice", "bob", "carol"].map(|handle| agent(&platform, handle));
    let group = group_of(&trio[0], &[&trio[1], &trio[2]]).await;
    for other in &trio[1..] {
        // Those who join in the same millisecond are ordered by their random ids.
        platform.clock().advance(Duration::from_millis(1));
        accept(other).await;
    }
    (platform, trio, group)
}

#[tokio::test]
async fn results_come_in_the_order_of_the_request() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let asked = ["mia", "zoe", "bob", "nia", "cleo", "yan"];
    for handle in ["bob", "cleo", "mia", "nia", "yan", "zoe"] {
        agent(&platform, handle);
    }
    let body = json!({ "name": "Team", "member_handles": asked.map(|handle| format!("@{}", handle.to_uppercase())) });
    let created = alice.post("/v1/groups", body).await.ok(201);
    let results = created["add_results"].as_array().expect("a list");
    let handles: Vec<_> = results.iter().map(|result| result["handle"].as_str()).collect();
    assert_eq!(handles, asked.map(Some));
}

#[tokio::test]
async fn a_new_group_has_its_creator_and_invitations() {
    let (_platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut socket = Socket::with_acks(&bob).await;
    let body = json!({
        "name": "Team", "description": "d", "avatar_url": "https://example.com/a.png",
        "member_handles": ["@Bob", "bob", "Alice", "nobody-here"], "settings": { "who_can_invite": "admin" },
    });
    let created = alice.post("/v1/groups", body).await.ok(201);
    let group = &created["group"];
    assert!(group["id"].as_str().is_some_and(|id| id.starts_with("grp_") && id.len() == 20));
    for (field, value) in [
        ("name", json!("Team")),
        ("description", json!("d")),
        ("avatar_url", json!("https://example.com/a.png")),
        ("created_by", json!("alice")),
        ("settings", json!({ "who_can_invite": "admin" })),
        ("member_count", json!(1)),
        ("last_message_at", json!(null)),
        ("your_role", json!("admin")),
    ] {
        assert_eq!(group[field], value, "{field}");
    }
    assert_eq!((&group["members"][0]["handle"], &group["members"][0]["role"]), (&json!("alice"), &json!("admin")));

    let invitation = socket.event("group.invite.received").await;
    let result = json!({ "handle": "bob", "outcome": "invited", "invite_id": invitation["id"] });
    assert_eq!(created["add_results"], json!([result]), "others are missing without a word");
    assert_eq!(bob.get("/v1/groups/invites").await.ok(200), json!([invitation]));
    for (field, value) in [
        ("group_id", &group["id"]),
        ("group_name", &json!("Team")),
        ("group_description", &json!("d")),
        ("group_member_count", &json!(1)),
        ("inviter_handle", &json!("alice")),
    ] {
        assert_eq!(&invitation[field], value, "{field}");
    }
}

#[tokio::test]
async fn malformed_groups_are_refused() {
    let (_, alice, _bob) = alice_and_bob(Settings::default()).await;
    for body in [
        json!({}),
        json!({ "name": "" }),
        json!({ "name": "x".repeat(101) }),
        json!({ "name": "x", "description": "x".repeat(501) }),
        json!({ "name": "x", "avatar_url": "not a url" }),
        json!({ "name": "x", "member_handles": vec!["bob"; 256] }),
        json!({ "name": "x", "settings": { "who_can_invite": "everybody" } }),
    ] {
        alice.post("/v1/groups", body).await.refused(400, "VALIDATION_ERROR");
    }
}

#[tokio::test]
async fn joining_shows_what_comes_afterwards() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let group = group_of(&alice, &[]).await;
    let id = group.rsplit('/').next().expect("an id");
    let early = json!({ "conversation_id": id, "client_msg_id": "early", "content": { "text": "early" } });
    alice.post("/v1/messages", early).await.ok(201);
    alice.post(&format!("{group}/members"), json!({ "handle": "bob" })).await.ok(201);
    let joined = accept(&bob).await;
    assert_eq!((&joined["member_count"], &joined["your_role"]), (&json!(2), &json!("member")));
    assert_eq!(joined["members"][1]["handle"], "bob");

    let join = json!({ "event": "member_joined", "agent_handle": "bob", "sender": "alice" });
    assert_eq!(events(&bob, &group).await, [join]);
    let seen = bob.get(&at("/v1/messages", &group)).await.ok(200);
    assert_eq!((seen.as_array().map(Vec::len), &seen[0]["seq"]), (Some(1), &json!(2)));
    let message_id = seen[0]["id"].as_str().expect("an id");
    assert_eq!(seen[0]["client_msg_id"], format!("sys_{message_id}"));
    assert_eq!(bob.get("/v1/groups/invites").await.ok(200), json!([]));
}

#[tokio::test]
async fn events_reach_live_sockets_only_if_switched_on() {
    for push in [false, true] {
        let (_, [alice, bob, _], group) = trio(Settings::default().push_system_events(push)).await;
        let waiting = bob.get("/v1/messages/sync").await.ok(200);
        let last = &waiting.as_array().expect("rows").last().expect("the join of Carol")["delivery_id"];
        bob.post("/v1/messages/sync/ack", json!({ "last_delivery_id": last })).await.ok(200);
        let mut socket = Socket::with_acks(&bob).await;
        alice.patch(&group, json!({ "name": "Crew" })).await.ok(200);
        if push {
            assert_eq!(socket.event("message.new").await["content"]["data"]["event"], "name_changed");
        }
        socket.nothing_more(&bob).await;
        let waiting = bob.get("/v1/messages/sync").await.ok(200);
        assert_eq!(waiting[0]["content"]["data"]["new_name"], "Crew");
    }
}

#[tokio::test]
async fn each_change_has_an_event_of_its_own() {
    let (_, [alice, bob, _], group) = trio(Settings::default()).await;
    bob.patch(&group, json!({ "name": "x" })).await.refused(403, "FORBIDDEN");
    alice.patch(&group, json!({ "name": "" })).await.refused(400, "VALIDATION_ERROR");
    let same = alice.patch(&group, json!({ "name": "Team", "description": null })).await.ok(200);
    assert_eq!(same["name"], "Team");
    let changed = json!({ "name": "Crew", "description": "d", "avatar_url": "https://example.com/b.png" });
    assert_eq!(alice.patch(&group, changed).await.ok(200)["description"], "d");
    let cleared = json!({ "description": null, "avatar_url": null });
    assert_eq!(alice.patch(&group, cleared).await.ok(200)["avatar_url"], json!(null));

    let names: Vec<Value> = events(&alice, &group).await.into_iter().map(|event| event["event"].clone()).collect();
    let expected = ["member_joined", "member_joined", "name_changed", "description_changed", "avatar_changed"];
    assert_eq!(names[..5], expected.map(Value::from));
    assert_eq!(names[5..], ["description_changed", "avatar_changed"].map(Value::from));
    let renamed = json!({ "event": "name_changed", "new_name": "Crew", "actor_handle": "alice", "sender": "alice" });
    assert_eq!(events(&bob, &group).await[2], renamed);
}

#[tokio::test]
async fn admins_set_the_picture() {
    let (_, [alice, bob, _], group) = trio(Settings::default()).await;
    let avatar = format!("{group}/avatar");
    bob.put(&avatar, png(128, 128)).await.refused(403, "FORBIDDEN");
    let set = alice.put(&avatar, png(128, 128)).await.ok(200);
    assert_eq!(bob.get(&group).await.ok(200)["avatar_url"], set["avatar_url"]);
    assert_eq!(events(&bob, &group).await.last().expect("an event")["event"], "avatar_changed");
    alice.delete(&avatar).await.ok(200);
    alice.delete(&avatar).await.refused(404, "NOT_FOUND");
    alice.put("/v1/groups/grp_unknown/avatar", png(128, 128)).await.refused(404, "GROUP_NOT_FOUND");
}

#[tokio::test]
async fn to_strangers_there_is_no_group() {
    let (platform, _, group) = trio(Settings::default()).await;
    let dave = agent(&platform, "dave");
    for path in [group.as_str(), "/v1/groups/grp_unknown"] {
        dave.get(path).await.refused(404, "GROUP_NOT_FOUND");
        dave.patch(path, json!({ "name": "x" })).await.refused(404, "GROUP_NOT_FOUND");
        dave.delete(path).await.refused(404, "GROUP_NOT_FOUND");
        dave.post(&format!("{path}/leave"), json!({})).await.refused(404, "GROUP_NOT_FOUND");
        dave.post(&format!("{path}/members"), json!({})).await.refused(404, "GROUP_NOT_FOUND");
    }
    dave.get(&at("/v1/messages", &group)).await.refused(403, "FORBIDDEN");
}

#[tokio::test]
async fn invitations_follow_blocks_policies_and_limits() {
    let limit = RateLimit { count: 5, window: Duration::from_secs(60) };
    let platform = start(Settings::default().group_invites(limit).group_members(2)).await;
    let [alice, bob, carol, dave] = ["alice", "bob", "carol", "dave"].map(|handle| agent(&platform, handle));
    let group = group_of(&alice, &[]).await;
    let add = async |handle: &str| alice.post(&format!("{group}/members"), json!({ "handle": handle })).await;
    add("").await.refused(400, "VALIDATION_ERROR");
    add("alice").await.refused(400, "VALIDATION_ERROR");
    add("nobody-here").await.refused(404, "AGENT_NOT_FOUND");
    bob.post("/v1/contacts/alice/block", json!({})).await.ok(200);
    add("bob").await.refused(403, "BLOCKED");
    carol.patch_self(json!({ "settings": { "group_invite_policy": "contacts_only" } })).await.ok(200);
    add("carol").await.refused(403, "INBOX_RESTRICTED");
    carol.post("/v1/contacts", json!({ "handle": "alice" })).await.ok(201);
    let invited = add("@Carol").await.ok(201);
    assert_eq!(add("carol").await.ok(201), invited, "the same invitation again");
    let waiting = add("dave").await.ok(201)["invite_id"].take();
    accept(&carol).await;
    assert_eq!(add("carol").await.ok(201), json!({ "handle": "carol", "outcome": "already_member" }));

    let path = format!("/v1/groups/invites/{}", waiting.as_str().expect("an id"));
    dave.post(&format!("{path}/accept"), json!({})).await.refused(400, "VALIDATION_ERROR");
    alice.delete(&format!("{group}/members/carol")).await.ok(200);
    carol.delete(&path).await.refused(404, "INVITE_NOT_FOUND");
    dave.delete(&path).await.ok(200);
    dave.delete(&path).await.refused(404, "INVITE_NOT_FOUND");
    dave.post(&format!("{path}/accept"), json!({})).await.refused(404, "INVITE_NOT_FOUND");

    add("dave").await.ok(201);
    let refusal = add("dave").await;
    refusal.refused(429, "RATE_LIMITED");
    assert_eq!(refusal.header("retry-after"), None);
    platform.clock().advance(limit.window);
    add("dave").await.ok(201);
}

#[tokio::test]
async fn repeating_a_creation_with_its_key_makes_one_group() {
    let (_, alice, _bob) = alice_and_bob(Settings::default()).await;
    let create = async || {
        let headers = [("idempotency-key", "group-0001")];
        alice.call("POST", "/v1/groups", &headers, r#"{"name":"Team"}"#).await.ok(201)["group"]["id"].take()
    };
    assert_eq!(create().await, create().await);
}
