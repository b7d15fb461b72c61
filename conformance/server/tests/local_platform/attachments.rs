//! Uploads and downloads (contract 2.10).

use std::time::Duration;

use agentchat_local::{LocalPlatform, Settings};
use serde_json::{Value, json};

use super::client::{Agent, Reply, agent, alice_and_bob, request};
use super::groups::{accept, trio};

fn upload(target: &str, id: &str) -> Value {
    json!({
        target: id, "filename": "a.bin", "content_type": "application/pdf", "size": 4, "sha256": "0a".repeat(32),
    })
}

/// The path of a link, which must be to this platform.
fn path(platform: &LocalPlatform, link: &str) -> String {
    link.strip_prefix(&platform.base_url()).expect("a link to this platform").to_owned()
}

async fn announce(agent: &Agent, body: Value) -> (String, String) {
    let answer = agent.post("/v1/uploads", body).await.ok(201);
    assert_eq!(answer["expires_in"], 7200);
    let text = |field: &str| answer[field].as_str().expect("a text").to_owned();
    (text("attachment_id"), path(&agent.platform, &text("upload_url")))
}

async fn fill(platform: &LocalPlatform, link: &str, bytes: &[u8]) -> u16 {
    request(platform, "PUT", link, &[], bytes).await.status
}

async fn find(agent: &Agent, id: &str) -> Reply {
    agent.get(&format!("/v1/attachments/{id}")).await
}

async fn send(agent: &Agent, target: &str, value: &str, attachment: &str) -> Reply {
    let content = json!({ "attachment_id": attachment });
    let body = json!({ target: value, "client_msg_id": attachment, "type": "file", "content": content });
    agent.post("/v1/messages", body).await
}

#[tokio::test]
async fn bytes_go_up_and_come_down_by_link() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let (id, link) = announce(&alice, upload("to", "@Bob")).await;
    assert_eq!(fill(&platform, &link, b"\0\x01\xfe\xff").await, 200);
    send(&alice, "to", "bob", &id).await.ok(201);
    for reader in [&alice, &bob] {
        let found = find(reader, &id).await;
        let location = path(&platform, found.header("location").expect("a location"));
        assert_eq!((found.status, location.contains("signature=")), (302, true));
        let bytes = request(&platform, "GET", &location, &[], "").await;
        assert_eq!((bytes.status, bytes.header("content-type")), (200, Some("application/pdf")));
        assert_eq!(bytes.body, b"\0\x01\xfe\xff");
        assert_eq!(fill(&platform, &location, b"x").await, 403, "a link to read is not one to write");
    }
    find(&agent(&platform, "carol"), &id).await.refused(404, "NOT_FOUND");
    find(&alice, "att_unknown").await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn links_run_out_and_cannot_be_made_up() {
    let (platform, alice, _bob) = alice_and_bob(Settings::default()).await;
    let (id, link) = announce(&alice, upload("to", "bob")).await;
    let bare = link.split('?').next().expect("a path");
    assert_eq!(fill(&platform, bare, b"x").await, 403);
    assert_eq!(fill(&platform, &format!("{link}0"), b"x").await, 403);
    let empty = path(&platform, find(&alice, &id).await.header("location").expect("a location"));
    assert_eq!(request(&platform, "GET", &empty, &[], "").await.status, 404, "nothing is there yet");
    assert_eq!(fill(&platform, &link, b"x").await, 200);
    assert_eq!(request(&platform, "GET", &empty, &[], "").await.status, 200);
    platform.clock().advance(Duration::from_secs(300));
    assert_eq!(request(&platform, "GET", &empty, &[], "").await.status, 403);
    platform.clock().advance(Duration::from_secs(7200));
    assert_eq!(fill(&platform, &link, b"x").await, 403);
}

#[tokio::test]
async fn malformed_uploads_are_refused() {
    let (_, alice, _bob) = alice_and_bob(Settings::default()).await;
    let with = |field: &str, value: Value| {
        let mut body = upload("to", "bob");
        body[field] = value;
        body
    };
    for body in [
        with("conversation_id", json!("grp_1")),
        with("to", json!(null)),
        with("to", json!("alice")),
        with("filename", json!("")),
        with("filename", json!("x".repeat(256))),
        with("content_type", json!("text/html")),
        with("size", json!(0)),
        with("size", json!(26_214_401)),
        with("size", json!("4")),
        with("size", json!(4.5)),
        with("size", json!(-4)),
        with("sha256", json!("0A".repeat(32))),
        with("sha256", json!("0a")),
    ] {
        alice.post("/v1/uploads", body).await.refused(400, "VALIDATION_ERROR");
    }
    for size in [json!(1), json!(26_214_400), json!(4.0)] {
        alice.post("/v1/uploads", with("size", size)).await.ok(201);
    }
    alice.post("/v1/uploads", upload("to", "nobody-here")).await.refused(404, "AGENT_NOT_FOUND");
    alice.post("/v1/uploads", upload("conversation_id", "grp_1")).await.refused(404, "GROUP_NOT_FOUND");
    alice.post("/v1/contacts/bob/block", json!({})).await.ok(200);
    alice.post("/v1/uploads", upload("to", "bob")).await.refused(403, "BLOCKED");
}

#[tokio::test]
async fn an_attachment_is_sent_by_its_uploader_to_where_it_is_for() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    agent(&platform, "carol");
    let (id, _) = announce(&alice, upload("to", "bob")).await;
    send(&bob, "to", "alice", &id).await.refused(404, "ATTACHMENT_NOT_FOUND");
    send(&alice, "to", "carol", &id).await.refused(400, "ATTACHMENT_WRONG_SCOPE");
    send(&alice, "to", "bob", &id).await.ok(201);
}

#[tokio::test]
async fn a_groups_attachment_is_for_its_members_of_the_day() {
    let (platform, [alice, bob, _], group) = trio(Settings::default()).await;
    let group_id = group.rsplit('/').next().expect("an id");
    let (id, _) = announce(&bob, upload("conversation_id", group_id)).await;
    send(&bob, "to", "alice", &id).await.refused(400, "ATTACHMENT_WRONG_SCOPE");
    send(&bob, "conversation_id", group_id, &id).await.ok(201);
    let dave = agent(&platform, "dave");
    find(&dave, &id).await.refused(404, "NOT_FOUND");
    alice.post(&format!("{group}/members"), json!({ "handle": "dave" })).await.ok(201);
    accept(&dave).await;
    assert_eq!(find(&dave, &id).await.status, 302, "later members too");
    dave.post(&format!("{group}/leave"), json!({})).await.ok(200);
    find(&dave, &id).await.refused(404, "NOT_FOUND");

    alice.delete(&group).await.ok(200);
    find(&alice, &id).await.refused(410, "GROUP_DELETED");
    assert_eq!(find(&bob, &id).await.status, 302, "the uploader always");
    alice.post("/v1/uploads", upload("conversation_id", group_id)).await.refused(410, "GROUP_DELETED");
}
