//! `agentchat call` and `agentchat send`.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::run::{AGENTCHAT, agentchat, call, platform, program};
use crate::scene::TempFile;

#[tokio::test]
async fn a_registration_to_a_conversation_by_name() {
    let platform = platform().await;
    platform.create_agent("bob").unwrap();
    let (code, asked) = call(&platform, None, "register", json!({"email": "a@example.com", "handle": "@alice"})).await;
    assert_eq!((code, &asked["ok"]), (0, &json!(true)), "{asked}");
    let pending = asked["data"]["pending_id"].as_str().unwrap();
    let one_time = platform.one_time_code(pending).unwrap();
    let (code, new) = call(&platform, None, "verify", json!({"pending_id": pending, "code": one_time})).await;
    assert_eq!((code, &new["status"]), (0, &json!(201)));
    let key = new["data"]["api_key"].as_str();
    let (code, me) = call(&platform, key, "get_me", json!({})).await;
    assert_eq!((code, &me["data"]["handle"]), (0, &json!("alice")));
    let (code, sent) = call(&platform, key, "send_message", json!({"to": "@bob", "content": "hi"})).await;
    assert_eq!((code, &sent["data"]["content"]), (0, &json!({"text": "hi"})));
    let conversation = &sent["data"]["conversation_id"];
    let (code, history) =
        call(&platform, key, "get_messages", json!({"conversation_id": conversation, "limit": 50, "after_seq": 0}))
            .await;
    assert_eq!((code, &history["data"][0]["id"]), (0, &sent["data"]["id"]));
    assert!(history["request_id"].is_string());
    platform.shutdown().await;
}

#[tokio::test]
async fn parameters_that_are_too_long_for_an_argument_come_on_standard_input() {
    let platform = platform().await;
    platform.create_agent("bob").unwrap();
    let alice = platform.create_agent("alice").unwrap();
    let mut command = program(AGENTCHAT, &platform, Some(&alice.api_key));
    command.args(["call", "send_message", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let params = json!({"to": "@bob", "content": "hi"}).to_string() + &" ".repeat(1 << 20);
    child.stdin.take().unwrap().write_all(params.as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    let sent: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &sent["data"]["content"]), (Some(0), &json!({"text": "hi"})));
    platform.shutdown().await;
}

#[tokio::test]
async fn plaintext_to_another_machine_is_refused_in_words_that_a_shell_user_understands() {
    let platform = platform().await;
    let output = agentchat(&platform, Some("ac_key"), &["call", "get_me", "--base-url", "http://example.com"]).await;
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "agentchat: the base URL is not encrypted, which is allowed to this machine only\n");
    platform.shutdown().await;
}

#[tokio::test]
async fn errors_have_a_kind_and_an_exit_code() {
    let platform = platform().await;
    let alice = platform.create_agent("alice").unwrap();
    let key = Some(alice.api_key.as_str());
    let (code, missing) = call(&platform, key, "get_agent", json!({"handle": "@nobody"})).await;
    assert_eq!(code, 1);
    assert_eq!((&missing["error"]["kind"], &missing["error"]["code"]), (&json!("NotFound"), &json!("AGENT_NOT_FOUND")));
    assert!(missing["error"]["request_id"].is_string());
    let (code, refused) = call(&platform, key, "get_agent", json!({"handle": ".."})).await;
    assert_eq!((code, &refused["error"]["kind"]), (2, &json!("Refused")));
    let (code, refused) = call(&platform, key, "get_me", json!({"_idempotency_key": "a b"})).await;
    assert_eq!((code, &refused["error"]["kind"]), (2, &json!("Refused")));
    assert_eq!(call(&platform, key, "get_nothing", json!({})).await.0, 2);
    assert_eq!(agentchat(&platform, key, &["call", "get_me", "{"]).await.status.code(), Some(2));
    assert_eq!(agentchat(&platform, key, &["call", "get_me", "[]"]).await.status.code(), Some(2));
    assert_eq!(agentchat(&platform, key, &["call", "get_me", r#"{"_timeout_ms":-1}"#]).await.status.code(), Some(2));
    assert_eq!(agentchat(&platform, key, &["frobnicate"]).await.status.code(), Some(2));
    let before = platform.requests().len();
    platform.shutdown().await;
    let (code, lost) = call(&platform, key, "get_me", json!({"_max_retries": 0})).await;
    assert_eq!((code, &lost["error"]["kind"]), (3, &json!("Connection")));
    assert_eq!(platform.requests().len(), before);
}

#[tokio::test]
async fn the_methods_are_listed() {
    let platform = platform().await;
    let output = agentchat(&platform, None, &["call", "--list"]).await;
    let names = String::from_utf8(output.stdout).unwrap();
    assert!(names.lines().any(|name| name == "send_message") && names.lines().any(|name| name == "sync_ack"));
    platform.shutdown().await;
}

#[tokio::test]
async fn a_reader_that_has_seen_enough_is_no_failure() {
    let platform = platform().await;
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut list = program(AGENTCHAT, &platform, None);
    let ended = list.args(["call", "--list"]).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    let ended = ended.wait_with_output().await.unwrap();
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap().as_str()), (Some(0), ""));
}

#[tokio::test]
async fn a_key_comes_from_the_environment_or_a_file_and_is_never_shown() {
    let platform = platform().await;
    let alice = platform.create_agent("alice").unwrap();
    let file = std::env::temp_dir().join(format!("agentchat-key-{}", std::process::id()));
    std::fs::write(&file, format!("{}\r\n", alice.api_key)).unwrap();
    let file_text = file.to_str().unwrap();
    let output = agentchat(&platform, None, &["call", "get_me", "--api-key-file", file_text]).await;
    assert!(output.status.success(), "{output:?}");
    std::fs::write(&file, "ac_top\r\nsecret").unwrap();
    let output = agentchat(&platform, None, &["call", "get_me", "--api-key-file", file_text]).await;
    assert_eq!(output.status.code(), Some(2));
    let said = format!("{output:?}");
    assert!(said.contains("visible ASCII") && !said.contains("secret") && !said.contains("ac_top"), "{said}");
    std::fs::remove_file(&file).unwrap();
    platform.shutdown().await;
}

#[tokio::test]
async fn send_takes_text_or_standard_input() {
    let platform = platform().await;
    let alice = platform.create_agent("alice").unwrap();
    platform.create_agent("bob").unwrap();
    let key = Some(alice.api_key.as_str());
    let output = agentchat(&platform, key, &["send", "@bob", "hello"]).await;
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).starts_with("msg_"), "{output:?}");
    let mut child =
        program(AGENTCHAT, &platform, key).args(["send", "@bob", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"from a pipe").await.unwrap();
    assert!(child.wait().await.unwrap().success());
    assert_eq!(platform.undelivered("bob"), 2);
    assert_eq!(agentchat(&platform, key, &["send", "@nobody", "hello"]).await.status.code(), Some(1));
    assert_eq!(agentchat(&platform, None, &["send", "@bob", "hello"]).await.status.code(), Some(2));
    platform.shutdown().await;
}

#[tokio::test]
async fn send_takes_a_file() {
    let platform = platform().await;
    let alice = platform.create_agent("alice").unwrap();
    let bob = platform.create_agent("bob").unwrap();
    let key = Some(alice.api_key.as_str());
    let table = TempFile::with("table.csv", "a,b\n1,2\n");
    let path = table.0.with_extension("csv");
    std::fs::rename(&table.0, &path).unwrap();
    let output = agentchat(&platform, key, &["send", "@bob", "see", "--file", path.to_str().unwrap()]).await;
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let (_, waiting) = call(&platform, Some(&bob.api_key), "sync", json!({})).await;
    let message = &waiting["data"][0];
    assert_eq!((&message["type"], &message["content"]["text"]), (&json!("file"), &json!("see")));
    let attachment = message["content"]["attachment_id"].as_str().unwrap();
    let (code, url) =
        call(&platform, Some(&bob.api_key), "get_attachment_download_url", json!({"attachment_id": attachment})).await;
    assert!(code == 0 && url["data"].is_string(), "{url}");
    assert!(agentchat(&platform, key, &["send", "@bob", "--file", path.to_str().unwrap()]).await.status.success());
    for (to, file, code) in [("@nobody", path.to_str().unwrap(), 1), ("@bob", "/nowhere.csv", 2)] {
        let failed = agentchat(&platform, key, &["send", to, "--file", file]).await;
        assert_eq!(failed.status.code(), Some(code), "{failed:?}");
    }
    assert_eq!(agentchat(&platform, key, &["send", "@bob"]).await.status.code(), Some(2));
    std::fs::remove_file(&path).unwrap();
    platform.shutdown().await;
}

/// The routes by which a resident process and one at which a person sits agree on who replies.
#[tokio::test]
async fn processes_of_one_agent_agree_on_who_replies() {
    let platform = platform().await;
    let alice = platform.create_agent("alice").unwrap();
    let key = Some(alice.api_key.as_str());
    let lease = json!({"session_id": "turn-1", "ttl_seconds": 60});
    assert_eq!(call(&platform, key, "set_reply_active", lease).await.0, 0);
    let claim = json!({"message_ids": ["msg_1", "msg_2"], "holder": "daemon", "defer_if_active": true});
    let (code, left) = call(&platform, key, "claim_reply_batch", claim.clone()).await;
    assert_eq!((code, &left["data"]), (0, &json!({"claimed_count": 0, "deferred": true})));
    assert_eq!(call(&platform, key, "clear_reply_active", json!({"session_id": "turn-1"})).await.0, 0);
    assert_eq!(call(&platform, key, "get_reply_active", json!({})).await.1["data"]["active"], false);
    assert_eq!(call(&platform, key, "claim_reply_batch", claim).await.1["data"]["claimed_count"], 2);
    let wake = json!({"url": "http://127.0.0.1:1/nobody", "secret": "hush"});
    let (code, refused) = call(&platform, key, "set_wake_webhook", wake).await;
    assert_eq!((code, &refused["error"]["code"]), (1, &json!("WEBHOOK_UNREACHABLE")));
    platform.shutdown().await;
}
