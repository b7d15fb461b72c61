//! The address book (contract 2.6, 3.9 and 4.5).

use agentchat_local::{AgentStatus, Settings};
use serde_json::{Value, json};

use super::client::{Agent, agent, alice_and_bob, start};

async fn add(owner: &Agent, handle: &str) -> Value {
    owner.post("/v1/contacts", json!({ "handle": handle })).await.ok(201)
}

fn handles(list: &Value) -> Vec<&str> {
    list["contacts"].as_array().expect("a list").iter().filter_map(|one| one["handle"].as_str()).collect()
}

#[tokio::test]
async fn a_contact_is_added_noted_and_removed() {
    let (platform, alice, _bob) = alice_and_bob(Settings::default()).await;
    let unknown = json!({ "is_contact": false, "added_at": null, "notes": null });
    assert_eq!(alice.get("/v1/contacts/bob").await.ok(200), unknown);
    let first = add(&alice, "@Bob").await;
    assert_eq!((&first["handle"], &first["display_name"]), (&json!("bob"), &json!(null)));
    platform.clock().advance(std::time::Duration::from_secs(1));
    assert_eq!(add(&alice, "bob").await["added_at"], first["added_at"], "once is enough");

    alice.patch("/v1/contacts/bob", json!({ "notes": "a friend" })).await.ok(200);
    let known = alice.get("/v1/contacts/@bob").await.ok(200);
    assert_eq!(known, json!({ "is_contact": true, "added_at": first["added_at"], "notes": "a friend" }));
    alice.patch("/v1/contacts/bob", json!({})).await.ok(200);
    assert_eq!(alice.get("/v1/contacts/bob").await.ok(200)["notes"], json!(null), "absent clears");

    assert_eq!(alice.delete("/v1/contacts/bob").await.ok(200), json!({ "ok": true }));
    alice.delete("/v1/contacts/bob").await.refused(404, "NOT_FOUND");
    alice.patch("/v1/contacts/bob", json!({})).await.refused(404, "NOT_FOUND");
    assert_eq!(alice.get("/v1/contacts/nobody-here").await.ok(200), unknown);
}

#[tokio::test]
async fn impossible_contacts_are_refused() {
    let (_, alice, _bob) = alice_and_bob(Settings::default()).await;
    let post = async |body: Value| alice.post("/v1/contacts", body).await;
    post(json!({})).await.refused(400, "VALIDATION_ERROR");
    post(json!({ "handle": "alice" })).await.refused(400, "VALIDATION_ERROR");
    post(json!({ "handle": "nobody-here" })).await.refused(404, "AGENT_NOT_FOUND");
    alice.delete("/v1/contacts/nobody-here").await.refused(404, "AGENT_NOT_FOUND");
    let long = json!({ "notes": "x".repeat(1001) });
    alice.patch("/v1/contacts/bob", long).await.refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn the_list_is_sorted_and_paged() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    for handle in ["dave", "bob", "erin", "carol"] {
        agent(&platform, handle);
        add(&alice, handle).await;
    }
    platform.set_status("erin", AgentStatus::Suspended).expect("known");
    let list = alice.get("/v1/contacts").await.ok(200);
    assert_eq!(handles(&list), ["bob", "carol", "dave"]);
    assert_eq!((&list["total"], &list["limit"], &list["offset"]), (&json!(3), &json!(50), &json!(0)));
    let entry = &list["contacts"][0];
    for (field, value) in [("status", json!("active")), ("avatar_url", json!(null)), ("notes", json!(null))] {
        assert_eq!(entry[field], value);
    }
    let page = alice.get("/v1/contacts?limit=2&offset=1").await.ok(200);
    assert_eq!(handles(&page), ["carol", "dave"]);
    assert_eq!(alice.get("/v1/contacts?limit=1000").await.ok(200)["limit"], 100);
    let beyond = alice.get("/v1/contacts?offset=3").await.ok(200);
    assert_eq!((handles(&beyond).len(), &beyond["total"]), (0, &json!(0)));
}

#[tokio::test]
async fn a_reply_makes_contacts_of_both() {
    let (_, alice, bob) = alice_and_bob(Settings::default()).await;
    alice.send("bob", "1").await.ok(201);
    assert_eq!(alice.get("/v1/contacts/bob").await.ok(200)["is_contact"], false);
    bob.send("alice", "2").await.ok(201);
    assert_eq!(alice.get("/v1/contacts/bob").await.ok(200)["is_contact"], true);
    assert_eq!(bob.get("/v1/contacts/alice").await.ok(200)["is_contact"], true);
}
