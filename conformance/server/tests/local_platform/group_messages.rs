//! Messages in groups (contract 4.3, 4.8 and 4.9).

use std::time::Duration;

use agentchat_local::{PausedByOwner, Settings};
use serde_json::{Value, json};

use super::client::{Agent, Reply, agent, texts};
use super::groups::{at, group_of, trio};
use super::socket::Socket;

async fn send(sender: &Agent, group: &str, text: &str) -> Reply {
    let id = group.rsplit('/').next().expect("an id");
    let body = json!({ "conversation_id": id, "client_msg_id": text, "content": { "text": text } });
    sender.post("/v1/messages", body).await
}

#[tokio::test]
async fn everybody_but_the_sender_gets_a_message() {
    let (platform, [alice, bob, carol], group) = trio(Settings::default()).await;
    let mut own = Socket::with_acks(&alice).await;
    let mut live = Socket::with_acks(&bob).await;
    live.messages(2).await;
    let row = send(&alice, &group, "hi @bob").await.ok(201);
    assert_eq!(row["seq"], 3);
    assert!(row.get("skipped_recipients").is_none());
    let about = json!({ "type": "group", "group_name": "Team", "member_count": 3 });
    assert_eq!((&row["context"]["conversation"], &row["context"]["mentions"]), (&about, &json!(["bob"])));
    assert_eq!(live.event("message.new").await, row);
    own.nothing_more(&alice).await;
    assert_eq!(platform.undelivered("carol"), 2);

    let replay = send(&alice, &group, "hi @bob").await;
    assert_eq!((replay.status, replay.json()), (200, row.clone()));
    live.nothing_more(&bob).await;

    let message = format!("/v1/messages/{}/read", row["id"].as_str().expect("an id"));
    carol.post(&message, json!({})).await.ok(200);
    assert_eq!(own.event("message.read").await["read_by"], "carol");
    let history = at("/v1/messages", &group);
    let newest = async |agent: &Agent| agent.get(&history).await.ok(200)[0].take();
    assert_eq!(newest(&carol).await["status"], "read");
    assert_eq!(newest(&bob).await["status"], "stored", "everybody sees their own");
    let own_row = newest(&alice).await;
    assert_eq!((&own_row["status"], &own_row["delivery_id"]), (&json!("stored"), &json!(null)));
}

#[tokio::test]
async fn members_with_too_much_waiting_are_skipped() {
    let settings = Settings::default().backlog_cap(4).awaiting_reply(false);
    let (platform, [alice, bob, carol], group) = trio(settings).await;
    let last = carol.get("/v1/messages/sync").await.ok(200)[0]["delivery_id"].take();
    carol.post("/v1/messages/sync/ack", json!({ "last_delivery_id": last })).await.ok(200);
    alice.send("bob", "1").await.ok(201);
    alice.send("bob", "2").await.ok(201);
    assert_eq!(platform.undelivered("bob"), 4);
    let row = send(&alice, &group, "all").await;
    assert_eq!(row.header("x-backlog-warning"), None);
    assert_eq!(row.ok(201)["skipped_recipients"], json!(["bob"]));
    assert!(send(&alice, &group, "all").await.ok(200).get("skipped_recipients").is_none(), "told once");
    assert_eq!(carol.backlog().await, ["all"]);
    let seen = bob.get(&format!("{}?limit=1", at("/v1/messages", &group))).await.ok(200);
    assert_eq!((texts(&seen), &seen[0]["delivery_id"]), (vec!["all".to_owned()], &json!(null)));
}

#[tokio::test]
async fn who_may_not_send_hears_why() {
    let (platform, [alice, bob, _], group) = trio(Settings::default()).await;
    let dave = agent(&platform, "dave");
    send(&dave, &group, "x").await.refused(404, "GROUP_NOT_FOUND");
    bob.post("/v1/contacts/alice/block", json!({})).await.ok(200);
    send(&alice, &group, "blocks do not count").await.ok(201);
    platform.set_paused("alice", PausedByOwner::Send).expect("known");
    send(&alice, &group, "x").await.refused(403, "AGENT_PAUSED_BY_OWNER");
    bob.post(&format!("{group}/leave"), json!({})).await.ok(200);
    send(&bob, &group, "x").await.refused(404, "GROUP_NOT_FOUND");
}

#[tokio::test]
async fn a_group_has_a_budget_for_all_its_members() {
    let (platform, [alice, bob, _], group) = trio(Settings::default().group_sends_per_second(1)).await;
    let other = group_of(&alice, &[]).await;
    let mut number = 0;
    // Two sends can fall into two seconds; sooner or later two fall into one.
    let limited = loop {
        let sender = if number % 2 == 0 { &alice } else { &bob };
        let reply = send(sender, &group, &number.to_string()).await;
        if reply.status != 201 {
            break reply;
        }
        number += 1;
    };
    limited.refused(429, "RATE_LIMITED");
    assert_eq!(limited.header("retry-after"), Some("1"));
    send(&alice, &other, "elsewhere").await.ok(201);
    platform.clock().advance(Duration::from_secs(1));
    send(&bob, &group, "later").await.ok(201);
}

#[tokio::test]
async fn a_muted_group_is_quiet() {
    let (_, [alice, bob, _], group) = trio(Settings::default()).await;
    let mut socket = Socket::with_acks(&bob).await;
    socket.messages(2).await;
    let id = group.rsplit('/').next().expect("an id");
    bob.post("/v1/mutes", json!({ "target_kind": "conversation", "target_id": id })).await.ok(201);
    send(&alice, &group, "quiet").await.ok(201);
    socket.nothing_more(&bob).await;
    let item = bob.get("/v1/conversations").await.ok(200)[0].take();
    assert_eq!(item["is_muted"], Value::Bool(true));
}

#[tokio::test]
async fn a_muted_agent_is_not_heard_in_groups_either() {
    let (_, [alice, bob, carol], group) = trio(Settings::default()).await;
    let mut socket = Socket::with_acks(&bob).await;
    socket.messages(2).await;
    bob.post("/v1/mutes", json!({ "target_kind": "agent", "target_handle": "alice" })).await.ok(201);
    send(&alice, &group, "quiet").await.ok(201);
    send(&carol, &group, "loud").await.ok(201);
    assert_eq!(socket.event("message.new").await["content"]["text"], "loud");
    let waiting = bob.get("/v1/messages/sync").await.ok(200);
    assert_eq!(waiting[2]["content"]["text"], "quiet", "it waits all the same");
    let item = bob.get("/v1/conversations").await.ok(200)[0].take();
    assert_eq!(item["is_muted"], false, "the group itself is not muted");
}

#[tokio::test]
async fn typing_is_relayed_to_all_others() {
    let (_, [alice, bob, carol], group) = trio(Settings::default()).await;
    let (mut at_bob, mut at_carol) = (Socket::with_acks(&bob).await, Socket::with_acks(&carol).await);
    at_bob.messages(2).await;
    at_carol.messages(1).await;
    let mut typist = Socket::with_acks(&alice).await;
    let id = group.rsplit('/').next().expect("an id");
    typist.send(&json!({ "type": "typing.start", "payload": { "conversation_id": id } }).to_string()).await;
    for socket in [&mut at_bob, &mut at_carol] {
        assert_eq!(socket.event("typing.start").await, json!({ "conversation_id": id, "sender": "alice" }));
    }
}
