//! The agent with a slow model: its context, its time limit, and a close that waits.

use serde_json::json;

use crate::stage::{Stage, until};

const LLM_AGENT: &str = env!("CARGO_BIN_EXE_llm_agent");

/// How often the conversation was read for the model.
fn asked(stage: &Stage, conversation: &serde_json::Value) -> usize {
    let conversation = conversation.as_str().unwrap();
    let requests = stage.platform.requests();
    requests.iter().filter(|request| request.method == "GET" && request.path.ends_with(conversation)).count()
}

#[tokio::test]
async fn the_model_has_the_conversation_and_a_close_waits_for_it() {
    let stage = Stage::new().await;
    let agent = stage.run(LLM_AGENT, &["0.5"]).await;
    let said = stage.call(&stage.alice, "send_message", json!({"to": "agent", "content": "one"})).await;
    let conversation = &said["conversation_id"];
    until(async || stage.platform.undelivered("agent") == 0).await;
    assert_eq!(stage.answers(conversation).await, [r#"to "one", after 1 messages"#]);

    // SIGTERM comes while the model is at work on the second, or about to be.
    stage.platform.clear_request_log();
    stage.call(&stage.alice, "send_message", json!({"to": "agent", "content": "two"})).await;
    until(async || asked(&stage, conversation) == 1).await;
    assert_eq!(agent.terminate().await, 0);
    assert_eq!(stage.answers(conversation).await[0], r#"to "two", after 3 messages"#);
    assert_eq!(stage.platform.undelivered("agent"), 0, "what was answered is acked");
    stage.platform.shutdown().await;
}

#[tokio::test]
async fn a_model_that_takes_too_long_is_asked_again_and_by_the_next_process_as_well() {
    let stage = Stage::new().await;
    let slow = stage.run(LLM_AGENT, &["3600", "0.05"]).await;
    let said = stage.call(&stage.alice, "send_message", json!({"to": "agent", "content": "one"})).await;
    until(async || asked(&stage, &said["conversation_id"]) > 1).await;
    assert_eq!(slow.terminate().await, 0);
    assert_eq!(stage.platform.undelivered("agent"), 1, "nothing was acked that was not answered");

    let quick = stage.run(LLM_AGENT, &["0"]).await;
    until(async || stage.platform.undelivered("agent") == 0).await;
    assert_eq!(stage.answers(&said["conversation_id"]).await, [r#"to "one", after 1 messages"#]);
    assert_eq!(quick.terminate().await, 0);
    stage.platform.shutdown().await;
}
