//! Contract 2.3, 3.14 and 4.8.

use agentchat_local::{PausedByOwner, Settings};
use serde_json::{Value, json};

use super::client::{Agent, alice_and_bob, texts};

async fn ack(agent: &Agent, last_delivery_id: &Value) -> Value {
    agent.post("/v1/messages/sync/ack", json!({ "last_delivery_id": last_delivery_id })).await.ok(200)["acked"].take()
}

#[tokio::test]
async fn a_backlog_is_read_in_order_and_stays_until_acknowledged() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    for text in ["1", "2", "3"] {
        alice.send("bob", text).await.ok(201);
    }
    let rows = bob.get("/v1/messages/sync").await.ok(200);
    assert_eq!(texts(&rows), ["1", "2", "3"]);
    let row = &rows[0];
    assert!(row["delivery_id"].as_str().is_some_and(|id| id.starts_with("del_") && id.len() == 36));
    assert_eq!(row["status"], "stored");
    assert!(row["delivered_at"].is_null() && row["read_at"].is_null() && row["context"].is_object());
    assert_eq!(bob.get("/v1/messages/sync").await.ok(200), rows, "reading changes nothing");
    assert_eq!(alice.get("/v1/messages/sync").await.ok(200), json!([]), "own messages are not deliveries");

    let cursor = rows[0]["delivery_id"].as_str().expect("an id");
    let rest = bob.get(&format!("/v1/messages/sync?after={cursor}&limit=1")).await.ok(200);
    assert_eq!(texts(&rest), ["2"]);

    assert_eq!(ack(&bob, &rows[1]["delivery_id"]).await, 2);
    assert_eq!(ack(&bob, &rows[1]["delivery_id"]).await, 0);
    assert_eq!(platform.undelivered("bob"), 1);
    assert_eq!(bob.backlog().await, ["3"]);
    let after_acked = bob.get(&format!("/v1/messages/sync?after={cursor}")).await.ok(200);
    assert_eq!(texts(&after_acked), ["3"], "an acknowledged row is still a cursor");
}

#[tokio::test]
async fn cursors_of_others_lead_nowhere() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    alice.send("bob", "1").await.ok(201);
    bob.send("alice", "2").await.ok(201);
    let foreign = alice.get("/v1/messages/sync").await.ok(200)[0]["delivery_id"].take();
    for cursor in [foreign, json!("del_00000000000000000000000000000000"), json!("nonsense")] {
        let after = cursor.as_str().expect("a text");
        assert_eq!(bob.get(&format!("/v1/messages/sync?after={after}")).await.ok(200), json!([]));
        assert_eq!(ack(&bob, &cursor).await, 0);
    }
    assert_eq!(platform.undelivered("bob"), 1);
}

#[tokio::test]
async fn limits_and_cursors_are_validated() {
    let (_, _, bob) = alice_and_bob(Settings::default()).await;
    for limit in ["0", "-1", "many", "1.5"] {
        let reply = bob.get(&format!("/v1/messages/sync?limit={limit}")).await;
        reply.refused(400, "VALIDATION_ERROR");
    }
    for limit in ["1", "500", "501", "100000", "99999999999999999999999"] {
        bob.get(&format!("/v1/messages/sync?limit={limit}")).await.ok(200);
    }
    for body in [json!({}), json!({ "last_delivery_id": "" }), json!({ "last_delivery_id": 5 })] {
        bob.post("/v1/messages/sync/ack", body).await.refused(400, "VALIDATION_ERROR");
    }
}

#[tokio::test]
async fn a_page_has_at_most_five_hundred_rows() {
    let (_, alice, bob) = alice_and_bob(Settings::default().sends_per_second(u32::MAX)).await;
    for number in 0..501 {
        alice.send("bob", &number.to_string()).await.ok(201);
    }
    let count = async |path: &str| bob.get(path).await.ok(200).as_array().map(Vec::len);
    assert_eq!(count("/v1/messages/sync").await, Some(200));
    assert_eq!(count("/v1/messages/sync?limit=1000").await, Some(500));
}

#[tokio::test]
async fn a_full_pause_holds_everything_back() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    platform.set_paused("bob", PausedByOwner::Full).expect("known");
    alice.send("bob", "1").await.ok(201);
    assert_eq!(bob.get("/v1/messages/sync").await.ok(200), json!([]));
    assert_eq!(bob.post("/v1/messages/sync/ack", json!({})).await.ok(200), json!({ "acked": 0 }));
    platform.set_paused("bob", PausedByOwner::Send).expect("known");
    assert_eq!(bob.backlog().await, ["1"]);
}
