//! What is on the command line, in the environment and on standard input, taken for what it is.

use std::process::{Output, Stdio};

use agentchat_local::faults::{RequestFault, Requests, Rule};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

use crate::run::{AGENTCHAT, agentchat, call, program};
use crate::scene::{Scene, TempFile};

/// Runs `agentchat` with this on its standard input.
async fn with_input(scene: &Scene, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.alice));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It may have refused its arguments, and read nothing.
    let _ = child.stdin.take().unwrap().write_all(input).await;
    child.wait_with_output().await.unwrap()
}

/// The messages that wait for bob.
async fn waiting(scene: &Scene) -> Vec<Value> {
    let (_, waiting) = call(&scene.platform, Some(&scene.bob), "sync", json!({})).await;
    waiting["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_text_is_sent_whatever_it_begins_with() {
    let scene = Scene::new().await;
    let secret = TempFile::with("not-to-be-sent", "secret");
    let option = format!("--file={}", secret.path());
    let texts = ["--help", "-h", "--version", &option, "--", "-x", "---", "--json", "--base-url=http://127.0.0.1:1"];
    for text in texts {
        let sent = agentchat(&scene.platform, Some(&scene.alice), &["send", "@bob", text]).await;
        assert!(sent.status.success(), "{text}: {sent:?}");
    }
    // Options beside it, on either side, and the dashes that scripts know.
    for arguments in [
        &["send", "--json", "@bob", "--help"][..],
        &["send", "@bob", &option, "--json"],
        &["send", "@bob", "--json", "--json", "--runtime", "smol"],
        &["send", "@bob", "--", "--help"],
        &["send", "--json", "--", "@bob", "--help"],
    ] {
        let sent = agentchat(&scene.platform, Some(&scene.alice), arguments).await;
        assert!(
            sent.status.success() && String::from_utf8_lossy(&sent.stdout).contains("msg_"),
            "{arguments:?}: {sent:?}"
        );
    }
    let sent = waiting(&scene).await;
    let sent: Vec<_> = sent.iter().map(|message| message["content"]["text"].as_str().unwrap()).collect();
    assert_eq!(sent[..texts.len()], texts);
    assert_eq!(sent[texts.len()..], ["--help", &option, "--json", "--help", "--help"]);

    for arguments in [
        &["send", "@bob"][..],
        &["send", "--frobnicate", "@bob", "hi"],
        &["send", "@bob", "two", "texts"],
        &["send", "@bob", "hi", "--file"],
        &["send", "@bob", "hi", "--reply-to"],
        &["send", "@bob", "hi", "--frobnicate"],
        &["send", "@bob", "hi", "--json", "more"],
        &["send", "@bob", ""],
    ] {
        let refused = agentchat(&scene.platform, Some(&scene.alice), arguments).await;
        assert!(refused.status.code() == Some(2) && !refused.stderr.is_empty(), "{arguments:?}: {refused:?}");
    }
    assert_eq!(waiting(&scene).await.len(), texts.len() + 5);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn the_value_of_an_option_is_the_next_word() {
    let scene = Scene::new().await;
    let sent =
        agentchat(&scene.platform, Some(&scene.alice), &["send", "--client-msg-id", "--help", "@bob", "hi"]).await;
    assert!(sent.status.success(), "{sent:?}");
    assert_eq!(waiting(&scene).await[0]["client_msg_id"], "--help");
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn what_is_sent_has_an_id_of_ones_own_and_may_answer_another() {
    let scene = Scene::new().await;
    let file = TempFile::with("data", "a,b");
    for _ in 0..2 {
        let arguments = ["send", "@bob", "hi", "--client-msg-id", "order-17", "--reply-to", "msg_1", "--json"];
        let output = agentchat(&scene.platform, Some(&scene.alice), &arguments).await;
        let sent: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&sent["client_msg_id"], &sent["metadata"]), (&json!("order-17"), &json!({"reply_to": "msg_1"})));
    }
    let arguments = ["send", "--file", file.path(), "--content-type", "text/csv", "@bob"];
    assert!(agentchat(&scene.platform, Some(&scene.alice), &arguments).await.status.success());
    let waiting = waiting(&scene).await;
    assert_eq!(waiting.len(), 2, "the second was the first again");
    assert_eq!(waiting[1]["type"], "file");
    let uploads = scene.platform.requests().into_iter().filter(|request| request.path == "/v1/uploads");
    let announced: Vec<Value> = uploads.map(|upload| serde_json::from_slice(&upload.body).unwrap()).collect();
    assert_eq!(announced[0]["content_type"], "text/csv");
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn an_option_out_of_its_range_is_named() {
    let scene = Scene::new().await;
    for option in ["--max-in-flight", "--reconnect-base-ms", "--reconnect-max-ms", "--count"] {
        for value in ["0", "-1", "some"] {
            let arguments = ["listen", option, value];
            let refused = agentchat(&scene.platform, Some(&scene.bob), &arguments).await;
            let said = String::from_utf8(refused.stderr).unwrap();
            assert!(refused.status.code() == Some(2) && said.contains(option), "{option} {value}: {said}");
        }
    }
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn nothing_is_not_sent() {
    let scene = Scene::new().await;
    for input in [&b""[..], b"\n", b"\r\n", b"\xff\xfe"] {
        let refused = with_input(&scene, &["send", "@bob", "-"], input).await;
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    }
    assert_eq!(scene.platform.undelivered("bob"), 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_line_that_is_not_text_is_reported_and_the_chat_goes_on() {
    let scene = Scene::new().await;
    let output = with_input(&scene, &["chat", "@bob"], b"before\n\xff\xfe\nafter\n").await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("not sent: the line is not UTF-8"), "{said}");
    let sent = waiting(&scene).await;
    let sent: Vec<_> = sent.iter().map(|message| &message["content"]["text"]).collect();
    assert_eq!(sent, ["before", "after"]);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn what_is_set_but_empty_is_not_set() {
    let scene = Scene::new().await;
    let file = TempFile::with("key-beside-empty", &scene.alice);
    let mut command = program(AGENTCHAT, &scene.platform, Some(""));
    command.args(["call", "get_me", "--api-key-file", file.path(), "--base-url", &scene.platform.base_url()]);
    for name in ["AGENTCHAT_BASE_URL", "AGENTCHAT_RUNTIME", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "NO_PROXY"] {
        command.env(name, "");
    }
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    // Without the option it is the real platform's address, which no test asks: a wrong value is refused before.
    let mut command = program(AGENTCHAT, &scene.platform, None);
    command.args(["call", "nosuch"]).env("AGENTCHAT_BASE_URL", "");
    let said = String::from_utf8(command.output().await.unwrap().stderr).unwrap();
    assert!(said.contains("nosuch"), "{said}");
    let empty = agentchat(&scene.platform, None, &["call", "get_me", "--base-url", ""]).await;
    assert_eq!(empty.status.code(), Some(2), "given on purpose, it is wrong: {empty:?}");
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_wait_is_reported() {
    let scene = Scene::new().await;
    let busy =
        RequestFault::respond(429).header("retry-after", "60").json(json!({"code": "RATE_LIMITED", "message": "slow"}));
    scene.platform.faults().add(Rule::request(Requests::route("get_me"), busy).times(1)).unwrap();
    let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.alice));
    let mut child = command.args(["call", "get_me"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).await.unwrap();
    assert!(line.contains("get_me") && line.contains("RATE_LIMITED") && line.contains("60 s"), "{line}");
    child.kill().await.unwrap();
    scene.platform.shutdown().await;
}
