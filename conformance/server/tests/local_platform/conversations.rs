//! Contract 2.4 and 3.6.

use std::time::Duration;

use agentchat_local::Settings;
use serde_json::{Value, json};

use super::client::{Agent, agent, alice_and_bob};

fn partners(list: &Value) -> Vec<&str> {
    let items = list.as_array().expect("an array");
    items.iter().map(|item| item["participants"][0]["handle"].as_str().expect("a handle")).collect()
}

#[tokio::test]
async fn an_item_tells_what_came_last_and_what_is_unread() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    assert_eq!(bob.get("/v1/conversations").await.ok(200), json!([]));
    let first = alice.send("bob", "one").await.ok(201);
    let last = alice.send("bob", "  two\n\n words ").await.ok(201);

    let last_delivery = bob.get("/v1/messages/sync").await.ok(200)[1]["delivery_id"].take();
    bob.post("/v1/messages/sync/ack", json!({ "last_delivery_id": last_delivery })).await.ok(200);
    let item = bob.get("/v1/conversations").await.ok(200)[0].take();
    assert_eq!((&item["id"], &item["type"]), (&first["conversation_id"], &json!("direct")));
    assert_eq!(item["participants"], json!([{ "handle": "alice", "display_name": null, "avatar_url": null }]));
    assert_eq!(item["last_message_preview"], "two words");
    assert_eq!(item["last_message_at"], last["created_at"]);
    assert_eq!((&item["last_message_type"], &item["last_message_is_own"]), (&json!("text"), &json!(false)));
    assert_eq!(item["unread_count"], 2);
    assert_eq!((&item["oldest_unread_seq"], &item["newest_unread_seq"]), (&json!(1), &json!(2)));
    assert!(item["group_name"].is_null() && item["is_muted"] == false);

    let path = format!("/v1/messages/{}/read", first["id"].as_str().expect("an id"));
    bob.post(&path, json!({})).await.ok(200);
    let item = bob.get("/v1/conversations").await.ok(200)[0].take();
    assert_eq!((&item["unread_count"], &item["oldest_unread_seq"]), (&json!(1), &json!(2)));
    let own = alice.get("/v1/conversations").await.ok(200)[0].take();
    assert_eq!((&own["last_message_is_own"], &own["unread_count"]), (&json!(true), &json!(0)));
    assert!(own["oldest_unread_seq"].is_null());
}

#[tokio::test]
async fn the_latest_conversation_comes_first_and_pages_are_offsets() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let [carol, dave] = ["carol", "dave"].map(|handle| agent(&platform, handle));
    for other in [&bob, &carol, &dave] {
        platform.clock().advance(Duration::from_millis(1));
        other.send("alice", "hi").await.ok(201);
    }
    platform.clock().advance(Duration::from_millis(1));
    alice.send("bob", "hello").await.ok(201);
    let list = async |alice: &Agent, query: &str| alice.get(&format!("/v1/conversations?{query}")).await.ok(200);
    assert_eq!(partners(&list(&alice, "").await), ["bob", "dave", "carol"]);
    assert_eq!(partners(&list(&alice, "limit=1").await), ["bob"]);
    assert_eq!(partners(&list(&alice, "limit=5&offset=1").await), ["dave", "carol"]);
    assert_eq!(list(&alice, "offset=3").await, json!([]));
}

#[tokio::test]
async fn a_page_has_at_most_fifty_conversations() {
    let (platform, alice, _) = alice_and_bob(Settings::default()).await;
    for number in 0..51 {
        agent(&platform, &format!("agent-{number}")).send("alice", "hi").await.ok(201);
    }
    for query in ["", "?limit=50", "?limit=51", "?limit=9999"] {
        let page = alice.get(&format!("/v1/conversations{query}")).await.ok(200);
        assert_eq!(page.as_array().map(Vec::len), Some(50), "{query}");
    }
    assert_eq!(alice.get("/v1/conversations?offset=50").await.ok(200).as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn within_a_millisecond_the_order_is_that_of_the_sends() {
    let (platform, alice, _) = alice_and_bob(Settings::default()).await;
    let others = ["carol", "dave", "erin", "frank", "grace"];
    for other in others {
        agent(&platform, other);
    }
    // Where time has come to its end, everything happens in the same millisecond.
    platform.clock().advance(Duration::MAX);
    for other in others {
        alice.send(other, other).await.ok(201);
    }
    let list = alice.get("/v1/conversations").await.ok(200);
    assert_eq!(partners(&list), ["grace", "frank", "erin", "dave", "carol"]);
}

#[tokio::test]
async fn previews_name_what_they_cannot_show() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let messages = [
        ("text", json!({ "text": "x".repeat(200) }), "x".repeat(140)),
        ("structured", json!({ "data": {} }), "[structured]".to_owned()),
        ("system", json!({ "text": "hi" }), "System update".to_owned()),
    ];
    for (kind, content, preview) in messages {
        let body = json!({ "to": "bob", "client_msg_id": kind, "type": kind, "content": content });
        alice.post("/v1/messages", body).await.ok(201);
        assert_eq!(bob.get("/v1/conversations").await.ok(200)[0]["last_message_preview"], preview);
    }
}
