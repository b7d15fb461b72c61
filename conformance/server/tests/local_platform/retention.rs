//! Messages that are too old to be kept (contract 4.13).

use std::time::Duration;

use agentchat_local::Settings;
use serde_json::{Value, json};

use super::client::{Agent, alice_and_bob, texts};
use super::socket::Socket;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Alice's messages `1` and `2` to Bob, and `3` when these were 300 days old: by now the first two are older than 12 months.
async fn after_a_year() -> (Agent, Agent, [Value; 3]) {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let (first, second) = (alice.send("bob", "1").await.ok(201), alice.send("bob", "2").await.ok(201));
    platform.clock().advance(300 * DAY);
    let third = alice.send("bob", "3").await.ok(201);
    platform.clock().advance(64 * DAY);
    assert_eq!(bob.backlog().await, ["1", "2", "3"], "not yet");
    platform.clock().advance(2 * DAY);
    (alice, bob, [first, second, third])
}

fn history(message: &Value) -> String {
    format!("/v1/messages/{}", message["conversation_id"].as_str().expect("an id"))
}

fn id(message: &Value) -> &str {
    message["id"].as_str().expect("an id")
}

#[tokio::test]
async fn history_is_as_if_they_had_never_been() {
    let (alice, bob, [first, _, third]) = after_a_year().await;
    let history = history(&third);
    for agent in [&alice, &bob] {
        assert_eq!(texts(&agent.get(&history).await.ok(200)), ["3"]);
        // They take no place in a page either.
        assert_eq!(texts(&agent.get(&format!("{history}?after_seq=0&limit=1")).await.ok(200)), ["3"]);
        assert_eq!(agent.get(&format!("{history}?before_seq=3")).await.ok(200), json!([]));
        let around = agent.get(&format!("{history}?around_message_id={}", id(&first))).await;
        around.refused(404, "MESSAGE_NOT_FOUND");
    }
    let fourth = alice.send("bob", "4").await.ok(201);
    assert_eq!(fourth["seq"], 4, "numbers go on");
    assert_eq!(texts(&bob.get(&format!("{history}?after_seq=3")).await.ok(200)), ["4"]);
    assert_eq!(texts(&bob.get(&history).await.ok(200)), ["4", "3"]);
    assert_eq!(texts(&bob.get(&format!("{history}?before_seq=4")).await.ok(200)), ["3"]);
}

#[tokio::test]
async fn nothing_waits_for_anybody() {
    let (_, bob, _) = after_a_year().await;
    assert_eq!(bob.platform.undelivered("bob"), 1);
    assert_eq!(bob.backlog().await, ["3"]);
    let mut socket = Socket::with_acks(&bob).await;
    assert_eq!(texts(&socket.messages(1).await), ["3"]);
    socket.nothing_more(&bob).await;
}

#[tokio::test]
async fn a_cursor_into_what_is_gone_is_unknown() {
    let (platform, alice, bob) = alice_and_bob(Settings::default().message_retention(DAY)).await;
    alice.send("bob", "1").await.ok(201);
    let cursor = bob.get("/v1/messages/sync").await.ok(200)[0]["delivery_id"].take();
    let cursor = cursor.as_str().expect("a delivery id");
    platform.clock().advance(2 * DAY);
    alice.send("bob", "2").await.ok(201);
    assert_eq!(bob.get(&format!("/v1/messages/sync?after={cursor}")).await.ok(200), json!([]));
    let acked = bob.post("/v1/messages/sync/ack", json!({ "last_delivery_id": cursor })).await.ok(200);
    assert_eq!(acked, json!({ "acked": 0 }));
    assert_eq!(bob.backlog().await, ["2"]);
}

#[tokio::test]
async fn conversations_count_and_show_what_is_left() {
    let (alice, bob, [.., third]) = after_a_year().await;
    let unread =
        |item: &Value| ["unread_count", "oldest_unread_seq", "newest_unread_seq"].map(|name| item[name].clone());
    let item = bob.get("/v1/conversations").await.ok(200)[0].take();
    assert_eq!((item["last_message_preview"].as_str(), unread(&item)), (Some("3"), [json!(1), json!(3), json!(3)]));
    let context = format!("/v1/conversations/{}/context", third["conversation_id"].as_str().expect("an id"));
    let expected = json!({ "count": 1, "oldest_seq": 3, "newest_seq": 3 });
    assert_eq!(bob.get(&context).await.ok(200)["unread"], expected);

    bob.platform.clock().advance(365 * DAY);
    for agent in [&alice, &bob] {
        let item = agent.get("/v1/conversations").await.ok(200)[0].take();
        assert_eq!((&item["last_message_preview"], &item["last_message_at"]), (&Value::Null, &Value::Null));
        assert_eq!(unread(&item), [json!(0), Value::Null, Value::Null]);
    }
}

#[tokio::test]
async fn they_can_be_neither_read_nor_hidden() {
    let (_, bob, [first, second, third]) = after_a_year().await;
    for gone in [&first, &second] {
        let path = format!("/v1/messages/{}", id(gone));
        bob.post(&format!("{path}/read"), json!({})).await.refused(404, "MESSAGE_NOT_FOUND");
        bob.delete(&path).await.refused(404, "MESSAGE_NOT_FOUND");
    }
    let mut socket = Socket::with_acks(&bob).await;
    socket.messages(1).await;
    socket.ack(&first["id"]).await;
    socket.nothing_more(&bob).await;
    assert_eq!(bob.platform.undelivered("bob"), 1);
    socket.ack(&third["id"]).await;
    socket.nothing_more(&bob).await;
    assert_eq!(bob.platform.undelivered("bob"), 0);
}

#[tokio::test]
async fn a_client_msg_id_can_be_used_again() {
    let (alice, bob, [first, _, third]) = after_a_year().await;
    assert_eq!(alice.send("bob", "3").await.ok(200)["id"], third["id"]);
    let again = alice.send("bob", "1").await.ok(201);
    assert_ne!(again["id"], first["id"]);
    assert_eq!(bob.backlog().await, ["3", "1"]);
}

#[tokio::test]
async fn a_full_backlog_has_room_again() {
    let settings = Settings::default().backlog_cap(2).backlog_warning(1).message_retention(DAY);
    let (platform, alice, _) = alice_and_bob(settings).await;
    alice.send("bob", "1").await.ok(201);
    alice.send("bob", "2").await.ok(201);
    alice.send("bob", "3").await.refused(429, "RECIPIENT_BACKLOGGED");
    platform.clock().advance(2 * DAY);
    let sent = alice.send("bob", "3").await;
    assert_eq!((sent.status, sent.header("x-backlog-warning")), (201, None));
}

#[tokio::test]
async fn a_hidden_conversation_stays_hidden() {
    let (platform, alice, bob) = alice_and_bob(Settings::default().message_retention(DAY)).await;
    let sent = alice.send("bob", "1").await.ok(201);
    let path = format!("/v1/conversations/{}", sent["conversation_id"].as_str().expect("an id"));
    bob.delete(&path).await.ok(200);
    alice.send("bob", "2").await.ok(201);
    assert_eq!(bob.get("/v1/conversations").await.ok(200).as_array().map(Vec::len), Some(1));
    platform.clock().advance(2 * DAY);
    assert_eq!(bob.get("/v1/conversations").await.ok(200), json!([]));
    alice.send("bob", "3").await.ok(201);
    assert_eq!(bob.get("/v1/conversations").await.ok(200)[0]["last_message_preview"], "3");
}

#[tokio::test]
async fn groups_forget_and_go_on() {
    let (platform, alice, bob) = alice_and_bob(Settings::default().message_retention(DAY)).await;
    let made = alice.post("/v1/groups", json!({ "name": "Team", "member_handles": ["bob"] })).await.ok(201);
    let invite = made["add_results"][0]["invite_id"].as_str().expect("an invitation");
    bob.post(&format!("/v1/groups/invites/{invite}/accept"), json!({})).await.ok(200);
    let group = made["group"]["id"].as_str().expect("an id");
    let send = |text: &str| json!({ "conversation_id": group, "client_msg_id": text, "content": { "text": text } });
    alice.post("/v1/messages", send("1")).await.ok(201);
    platform.clock().advance(2 * DAY);
    assert_eq!(bob.get(&format!("/v1/messages/{group}")).await.ok(200), json!([]));
    assert_eq!(bob.get(&format!("/v1/groups/{group}")).await.ok(200)["last_message_at"], Value::Null);
    let next = bob.post("/v1/messages", send("2")).await.ok(201);
    assert_eq!(next["seq"], 3, "after the event of the join and one message");
    assert_eq!(texts(&alice.get(&format!("/v1/messages/{group}")).await.ok(200)), ["2"]);
}
