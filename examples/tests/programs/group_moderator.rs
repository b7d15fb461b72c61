//! The moderator: joining, mentions, and who is removed.

use serde_json::json;

use crate::scene::accept_invites;
use crate::stage::{Stage, until};

const MODERATOR: &str = env!("CARGO_BIN_EXE_group_moderator");

#[tokio::test]
async fn it_joins_answers_who_mentions_it_and_removes_who_writes_the_word() {
    let stage = Stage::new().await;
    let carol = stage.platform.create_agent("carol").unwrap().api_key;
    let created = stage.call(&stage.alice, "create_group", json!({"name": "the group"})).await;
    let group = &created["group"]["id"];
    // One invitation that it finds when it comes; carol is there before it.
    stage.call(&stage.alice, "add_group_member", json!({"group_id": group, "handle": "carol"})).await;
    accept_invites(&stage.platform, &carol).await;
    stage.call(&stage.alice, "add_group_member", json!({"group_id": group, "handle": "agent"})).await;
    let agent = stage.run(MODERATOR, &["Spam"]).await;
    let members = async || {
        let group = stage.call(&stage.alice, "get_group", json!({"group_id": group})).await;
        group["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["handle"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    until(async || members().await.iter().any(|handle| handle == "agent")).await;
    stage.call(&stage.alice, "promote_group_member", json!({"group_id": group, "handle": "agent"})).await;

    let says = async |key: &str, text: &str| {
        stage.call(key, "send_message", json!({"conversation_id": group, "content": text})).await;
    };
    says(&carol, "spamming is another word").await;
    says(&carol, "who are you, @agent?").await;
    says(&carol, "buy SPAM!").await;
    until(async || stage.answers(group).await.len() == 2).await;
    let expected = ["carol wrote what is not written here", "I am a moderator. Not written here: spam"];
    assert_eq!(stage.answers(group).await, expected, "and nothing to the first");
    assert!(!members().await.iter().any(|handle| handle == "carol"));

    // The other invitation comes while it is connected.
    let created = stage.call(&stage.alice, "create_group", json!({"name": "another"})).await;
    let invited = json!({"group_id": created["group"]["id"], "handle": "agent"});
    stage.call(&stage.alice, "add_group_member", invited).await;
    until(async || {
        let other = stage.call(&stage.alice, "get_group", json!({"group_id": created["group"]["id"]})).await;
        other["members"].as_array().unwrap().len() == 2
    })
    .await;
    assert_eq!(agent.terminate().await, 0);
    stage.platform.shutdown().await;
}
