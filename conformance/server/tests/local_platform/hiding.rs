//! Hiding messages and conversations, and looking at single conversations (contract 2.3, 2.4, 3.6, 4.12).

use agentchat_local::Settings;
use serde_json::{Value, json};

use super::client::{agent, alice_and_bob, texts};

fn path(row: &Value, prefix: &str, field: &str) -> String {
    format!("{prefix}/{}", row[field].as_str().expect("an id"))
}

#[tokio::test]
async fn a_hidden_message_is_gone_for_one_only() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let rows = [alice.send("bob", "1").await.ok(201), alice.send("bob", "2").await.ok(201)];
    let message = path(&rows[1], "/v1/messages", "id");
    assert!(bob.delete(&message).await.ok(200)["message"].is_string());
    bob.delete(&message).await.ok(200);
    assert_eq!((bob.backlog().await, platform.undelivered("bob")), (vec!["1".to_owned()], 1));
    let history = path(&rows[0], "/v1/messages", "conversation_id");
    assert_eq!(texts(&bob.get(&history).await.ok(200)), ["1"]);
    assert_eq!(texts(&alice.get(&history).await.ok(200)), ["2", "1"]);
    assert_eq!(bob.get(&format!("{history}?limit=1")).await.ok(200), json!([]), "hidden after the limit");

    agent(&platform, "carol").delete(&message).await.refused(403, "FORBIDDEN");
    bob.delete("/v1/messages/msg_unknown").await.refused(404, "MESSAGE_NOT_FOUND");
}

#[tokio::test]
async fn a_hidden_conversation_comes_back_with_something_new() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let first = alice.send("bob", "1").await.ok(201);
    let conversation = path(&first, "/v1/conversations", "conversation_id");
    assert_eq!(bob.delete(&conversation).await.ok(200), json!({ "hidden": true }));
    assert_eq!(bob.get("/v1/conversations").await.ok(200), json!([]));
    assert_eq!(alice.get("/v1/conversations").await.ok(200).as_array().map(Vec::len), Some(1));

    alice.send("bob", "2").await.ok(201);
    assert_eq!(bob.get("/v1/conversations").await.ok(200)[0]["last_message_preview"], "2");
    let history = path(&first, "/v1/messages", "conversation_id");
    assert_eq!(texts(&bob.get(&history).await.ok(200)), ["2"]);
    agent(&platform, "carol").delete(&conversation).await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn a_direct_conversation_shows_the_other_side() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    bob.patch_self(json!({ "display_name": "Bob" })).await.ok(200);
    let first = alice.send("bob", "1").await.ok(201);
    let conversation = path(&first, "/v1/conversations", "conversation_id");
    let other = json!({ "handle": "bob", "display_name": "Bob", "avatar_url": null });
    assert_eq!(alice.get(&format!("{conversation}/participants")).await.ok(200), json!([other]));

    let context = alice.get(&format!("{conversation}/context")).await.ok(200);
    assert_eq!(context["counterparty"], other);
    assert_eq!((&context["type"], &context["group"]), (&json!("direct"), &json!(null)));
    assert_eq!(context["relationship"], json!({ "is_contact": false, "added_at": null, "note": null }));
    let unread = bob.get(&format!("{conversation}/context")).await.ok(200)["unread"].take();
    assert_eq!(unread, json!({ "count": 1, "oldest_seq": 1, "newest_seq": 1 }));

    let carol = agent(&platform, "carol");
    for part in ["participants", "context"] {
        carol.get(&format!("{conversation}/{part}")).await.refused(404, "CONVERSATION_NOT_FOUND");
    }
}
