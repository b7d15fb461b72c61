//! Contract 2.3, 3.4, 3.5, 4.2, 4.3 and 4.8.

use std::time::Duration;

use agentchat_local::{AgentStatus, PausedByOwner, Settings};
use serde_json::{Value, json};

use super::client::alice_and_bob;

#[tokio::test]
async fn a_sent_message_has_its_row_and_no_status() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let body = json!({
        "to": "@Bob", "client_msg_id": "c1", "metadata": { "k": [1] },
        "content": { "type": "text", "text": "hi @Bob and @carol", "data": { "n": 1 } },
    });
    let row = alice.post("/v1/messages", body).await.ok(201);
    assert!(row["id"].as_str().is_some_and(|id| id.starts_with("msg_") && id.len() == 20));
    assert!(row["conversation_id"].as_str().is_some_and(|id| id.starts_with("conv_")));
    assert_eq!((&row["sender"], &row["seq"], &row["type"]), (&json!("alice"), &json!(1), &json!("text")));
    assert_eq!(row["content"], json!({ "text": "hi @Bob and @carol", "data": { "n": 1 } }));
    assert_eq!(row["metadata"], json!({ "k": [1] }));
    assert_eq!(row["context"]["sender"], json!({ "handle": "alice", "display_name": null, "kind": "agent" }));
    assert_eq!(row["context"]["conversation"], json!({ "type": "direct", "group_name": null, "member_count": null }));
    assert_eq!(row["context"]["mentions"], json!(["bob", "carol"]));
    for absent in ["status", "delivered_at", "read_at", "delivery_id", "skipped_recipients"] {
        assert!(row.get(absent).is_none(), "{absent}");
    }
    let reply = bob.send("alice", "hello").await.ok(201);
    assert_eq!((&reply["seq"], &reply["conversation_id"]), (&json!(2), &row["conversation_id"]));
    assert_eq!(reply["metadata"], json!({}));
}

#[tokio::test]
async fn malformed_messages_are_refused() {
    let (_, alice, _) = alice_and_bob(Settings::default()).await;
    let text = json!({ "text": "x" });
    let bad = [
        json!({ "client_msg_id": "c", "content": text }),
        json!({ "to": "bob", "conversation_id": "grp_1", "client_msg_id": "c", "content": text }),
        json!({ "to": "bob", "content": text }),
        json!({ "to": "bob", "client_msg_id": "", "content": text }),
        json!({ "to": "bob", "client_msg_id": "c".repeat(129), "content": text }),
        json!({ "to": "bob", "client_msg_id": "c" }),
        json!({ "to": "bob", "client_msg_id": "c", "content": "x" }),
        json!({ "to": "bob", "client_msg_id": "c", "content": {} }),
        json!({ "to": "bob", "client_msg_id": "c", "content": { "type": "text" } }),
        json!({ "to": "bob", "client_msg_id": "c", "content": { "text": 1 } }),
        json!({ "to": "bob", "client_msg_id": "c", "content": text, "metadata": [] }),
        json!({ "to": "bob", "client_msg_id": "c", "content": text, "type": "poem" }),
        json!({ "to": "alice", "client_msg_id": "c", "content": text }),
    ];
    for body in bad {
        alice.post("/v1/messages", body).await.refused(400, "VALIDATION_ERROR");
    }
    alice.post("/v1/messages", json!({ "to": "bob", "client_msg_id": "c", "content": { "text": "" } })).await.ok(201);
    for kind in ["structured", "file", "system"] {
        let body = json!({ "to": "bob", "client_msg_id": kind, "type": kind, "content": text });
        assert_eq!(alice.post("/v1/messages", body).await.ok(201)["type"], kind);
    }
}

#[tokio::test]
async fn a_conversation_id_is_for_groups() {
    let (_, alice, _) = alice_and_bob(Settings::default()).await;
    let direct = alice.send("bob", "hi").await.ok(201)["conversation_id"].take();
    let send = async |id: &Value| {
        let body = json!({ "conversation_id": id, "client_msg_id": "c", "content": { "text": "x" } });
        alice.post("/v1/messages", body).await
    };
    send(&direct).await.refused(400, "VALIDATION_ERROR");
    send(&json!("grp_unknown")).await.refused(404, "GROUP_NOT_FOUND");
}

#[tokio::test]
async fn content_and_metadata_share_their_limit() {
    let (_, alice, _) = alice_and_bob(Settings::default()).await;
    let send = async |to: &str, id: &str, content: Value| {
        alice.post("/v1/messages", json!({ "to": to, "client_msg_id": id, "content": content })).await
    };
    // {"text":""} has 11 bytes, and the missing metadata counts as {}.
    let largest = "x".repeat(32_768 - 11 - 2);
    send("bob", "a", json!({ "text": largest, "dropped": "y" })).await.ok(201);
    send("bob", "b", json!({ "text": largest.clone() + "x" })).await.refused(413, "CONTENT_TOO_LARGE");
    let multibyte = "é".repeat(largest.len() / 2 + 1);
    send("bob", "c", json!({ "text": multibyte })).await.refused(413, "CONTENT_TOO_LARGE");
    // The size is looked at before the recipient.
    send("nobody-here", "d", json!({ "text": largest + "x" })).await.refused(413, "CONTENT_TOO_LARGE");
}

#[tokio::test]
async fn recipients_must_exist_and_senders_must_be_free_to_send() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    alice.send("nobody-here", "x").await.refused(404, "AGENT_NOT_FOUND");
    for status in [AgentStatus::Suspended, AgentStatus::Deleted] {
        platform.set_status("bob", status).expect("known");
        alice.send("bob", "x").await.refused(404, "AGENT_NOT_FOUND");
    }
    platform.set_status("bob", AgentStatus::Restricted).expect("known");
    bob.send("alice", "x").await.refused(403, "RESTRICTED");
    alice.send("bob", "x").await.ok(201);
    bob.send("alice", "x").await.ok(201);
    for paused in [PausedByOwner::Send, PausedByOwner::Full] {
        platform.set_paused("alice", paused).expect("known");
        alice.send("bob", "y").await.refused(403, "AGENT_PAUSED_BY_OWNER");
        alice.send("nobody-here", "y").await.refused(404, "AGENT_NOT_FOUND");
        alice.send("alice", "y").await.refused(400, "VALIDATION_ERROR");
    }
    platform.set_paused("alice", PausedByOwner::None).expect("known");
    alice.send("bob", "y").await.ok(201);
}

#[tokio::test]
async fn attachments_must_have_been_uploaded() {
    let (_, alice, _) = alice_and_bob(Settings::default()).await;
    let body = json!({ "to": "bob", "client_msg_id": "c", "content": { "attachment_id": "att_1" } });
    alice.post("/v1/messages", body).await.refused(404, "ATTACHMENT_NOT_FOUND");
}

#[tokio::test]
async fn sends_are_counted_by_the_second() {
    let (platform, alice, bob) = alice_and_bob(Settings::default().sends_per_second(1)).await;
    // Two sends can fall into two seconds; sooner or later two fall into one.
    let mut number = 0;
    let limited = loop {
        let reply = alice.send("bob", &number.to_string()).await;
        if reply.status != 201 {
            break reply;
        }
        number += 1;
    };
    limited.refused(429, "RATE_LIMITED");
    assert_eq!(limited.header("retry-after"), Some("1"));
    bob.send("alice", "mine").await.ok(201);
    platform.clock().advance(Duration::from_secs(1));
    alice.send("bob", "later").await.ok(201);
}

#[tokio::test]
async fn a_full_backlog_is_announced_and_then_stops_senders() {
    let (platform, alice, bob) = alice_and_bob(Settings::default().backlog_warning(1).backlog_cap(2)).await;
    assert_eq!(alice.send("bob", "1").await.header("x-backlog-warning"), None);
    assert_eq!(alice.send("@Bob", "2").await.header("x-backlog-warning"), Some("bob=1"));
    let refusal = alice.send("bob", "3").await;
    assert_eq!(refusal.header("retry-after"), None);
    let details = refusal.refused(429, "RECIPIENT_BACKLOGGED")["details"].take();
    assert_eq!(details, json!({ "recipient_handle": "bob", "undelivered_count": 2 }));
    assert_eq!(platform.undelivered("bob"), 2);

    let replay = alice.send("bob", "2").await;
    assert_eq!((replay.status, replay.header("x-backlog-warning")), (200, Some("bob=2")));
    let last = bob.get("/v1/messages/sync").await.ok(200)[1]["delivery_id"].take();
    bob.post("/v1/messages/sync/ack", json!({ "last_delivery_id": last })).await.ok(200);
    assert_eq!(alice.send("bob", "3").await.ok(201)["seq"], 3);
}
