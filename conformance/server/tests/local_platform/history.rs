//! Contract 2.3 and 3.4.

use agentchat_local::Settings;
use serde_json::{Value, json};

use super::client::{Agent, agent, alice_and_bob, texts};

/// Ten messages of the two in turn; returns the path of their history.
async fn talk(alice: &Agent, bob: &Agent) -> String {
    let mut conversation_id = Value::Null;
    for number in 1..=10 {
        let (from, to) = if number % 2 == 1 { (alice, "bob") } else { (bob, "alice") };
        conversation_id = from.send(to, &number.to_string()).await.ok(201)["conversation_id"].take();
    }
    format!("/v1/messages/{}", conversation_id.as_str().expect("an id"))
}

#[tokio::test]
async fn pages_go_backwards_or_forwards_and_leave_out_their_cursor() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let path = talk(&alice, &bob).await;
    let page = async |query: &str| texts(&alice.get(&format!("{path}?{query}")).await.ok(200));
    assert_eq!(page("limit=3").await, ["10", "9", "8"]);
    assert_eq!(page("limit=3&before_seq=8").await, ["7", "6", "5"]);
    assert_eq!(page("before_seq=2").await, ["1"]);
    assert_eq!(page("before_seq=1").await, [""; 0]);
    assert_eq!(page("before_seq=0").await, [""; 0]);
    assert_eq!(page("limit=2&after_seq=0").await, ["1", "2"]);
    assert_eq!(page("after_seq=8").await, ["9", "10"]);
    assert_eq!(page("after_seq=99").await, [""; 0]);
    assert_eq!(page("after_seq=99999999999999999999999").await, [""; 0]);
    assert_eq!(page("limit=1&before_seq=99999999999999999999999").await, ["10"]);
    assert_eq!(page("limit=0").await, ["10"], "clamped");
    assert_eq!(page("limit=999").await.len(), 10);
    assert_eq!(texts(&bob.get(&path).await.ok(200)).len(), 10);
}

#[tokio::test]
async fn a_page_can_end_with_a_message() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let path = talk(&alice, &bob).await;
    let rows = alice.get(&format!("{path}?after_seq=0")).await.ok(200);
    let fourth = rows[3]["id"].as_str().expect("an id");
    let window = alice.get(&format!("{path}?around_message_id={fourth}&limit=2")).await.ok(200);
    assert_eq!(texts(&window), ["4", "3"]);
    agent(&platform, "carol");
    let elsewhere = alice.send("carol", "other").await.ok(201)["id"].take();
    for id in ["msg_unknown", elsewhere.as_str().expect("an id")] {
        let reply = alice.get(&format!("{path}?around_message_id={id}")).await;
        reply.refused(404, "MESSAGE_NOT_FOUND");
    }
}

#[tokio::test]
async fn bad_pages_are_refused() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let path = talk(&alice, &bob).await;
    for query in
        ["before_seq=3&after_seq=1", "before_seq=3&around_message_id=x", "before_seq=-1", "after_seq=x", "limit=x"]
    {
        alice.get(&format!("{path}?{query}")).await.refused(400, "VALIDATION_ERROR");
    }
    agent(&platform, "carol").get(&path).await.refused(403, "FORBIDDEN");
    alice.get("/v1/messages/conv_unknown").await.refused(403, "FORBIDDEN");
}

#[tokio::test]
async fn both_sides_see_how_far_a_message_has_come() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let sent = alice.send("bob", "hi").await.ok(201);
    let path = format!("/v1/messages/{}", sent["conversation_id"].as_str().expect("an id"));
    let row = async |agent: &Agent| agent.get(&path).await.ok(200)[0].take();
    assert_eq!(row(&alice).await["status"], "stored");
    assert_eq!(row(&alice).await, row(&bob).await);

    let delivery_id = row(&alice).await["delivery_id"].take();
    alice.post("/v1/messages/sync/ack", json!({ "last_delivery_id": delivery_id })).await.ok(200);
    assert_eq!(row(&bob).await["status"], "stored", "the delivery is Bob's");
    bob.post("/v1/messages/sync/ack", json!({ "last_delivery_id": delivery_id })).await.ok(200);
    let delivered = row(&alice).await;
    assert_eq!(delivered["status"], "delivered");
    assert!(delivered["delivered_at"].is_string() && delivered["read_at"].is_null());
}

#[tokio::test]
async fn reading_marks_one_message_of_ones_own() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    let first = alice.send("bob", "1").await.ok(201)["id"].take();
    alice.send("bob", "2").await.ok(201);
    let path = format!("/v1/messages/{}/read", first.as_str().expect("an id"));
    let row = bob.post(&path, json!({})).await.ok(200);
    assert_eq!((&row["id"], &row["status"]), (&first, &json!("read")));
    assert!(row["read_at"].is_string() && row["delivered_at"].is_null() && row.get("delivery_id").is_none());
    assert_eq!(bob.backlog().await, ["2"]);

    assert_eq!(bob.call("POST", &path, &[], "").await.ok(200), row, "the second time changes nothing");
    alice.post(&path, json!({})).await.refused(404, "MESSAGE_NOT_FOUND");
    bob.post("/v1/messages/msg_unknown/read", json!({})).await.refused(404, "MESSAGE_NOT_FOUND");
}
