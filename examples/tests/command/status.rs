//! `agentchat listen --forward-to`: of an answer the status decides, and nothing else; and `--exec`: of a command its exit status.

use std::process::Stdio;

use agentchat_local::RawFrame;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::time::{Duration, timeout};

use crate::raw_endpoint::{Answer, RawEndpoint};
use crate::run::Running;
use crate::scene::{Scene, TempFile};

#[tokio::test]
async fn a_body_undoes_no_success() {
    let scene = Scene::new().await;
    let secret = TempFile::with("secret-of-status", "secret");
    let answer = |length: usize, body: &str| format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
    let long = Answer::bytes(answer(100 * 1024, &"x".repeat(100 * 1024)));
    let [short, slow] = [Answer::cut(answer(10, "cut")), Answer::bytes(answer(10, "slow"))];
    let endless = Answer::bytes("HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n4\r\nmore\r\n");
    let mut endpoint = RawEndpoint::answering([long, short, slow, endless]).await;
    let mut bob = scene.bob_listens(&["--json", "--forward-to", &endpoint.url, "--secret-file", secret.path()]);
    bob.json("client.caught_up").await;
    for text in ["long", "short", "slow", "endless", "as it should be"] {
        scene.alice_says(text).await;
        assert_eq!(bob.json("message.new").await["payload"]["content"]["text"], text);
        endpoint.posts.recv().await.unwrap();
        scene.settled().await;
        assert!(endpoint.posts.try_recv().is_err(), "{text}: posted once");
    }
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_failure_is_reported_once_and_tried_again() {
    let scene = Scene::new().await;
    let secret = TempFile::with("secret-of-failures", "secret");
    let failed = Answer::cut("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let mut endpoint = RawEndpoint::answering([failed.clone(), failed.clone(), failed]).await;
    let arguments = ["--json", "--forward-to", &endpoint.url, "--secret-file", secret.path()];
    let mut listen = scene.bob_listens_after("true", &arguments);
    listen.stderr(Stdio::piped());
    let mut bob = Running::start(listen);
    scene.alice_says("hi").await;
    bob.json("message.new").await;
    for _ in 0..4 {
        endpoint.posts.recv().await.unwrap();
    }
    scene.settled().await;
    let mut stderr = bob.child.stderr.take().unwrap();
    assert_eq!(bob.terminate().await, 0);
    let mut said = String::new();
    stderr.read_to_string(&mut said).await.unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("503") && said.contains("message msg_"), "{said}");
    scene.platform.shutdown().await;
}

/// More than a pipe holds, to a command that reads nothing, and leaves something behind that holds the pipe open.
#[tokio::test]
async fn a_command_that_reads_nothing_may_succeed() {
    let scene = Scene::new().await;
    let mut bob = scene.bob_listens(&["--json", "--exec", "exec 3<&0; sleep 60 & exit 0"]);
    scene.alice_says("hi").await;
    let mut message = bob.json("message.new").await;
    message["payload"]["id"] = json!("msg_long");
    message["payload"]["seq"] = json!(2);
    message["payload"]["content"]["text"] = json!("x".repeat(200 * 1024));
    scene.platform.push_raw("bob", RawFrame::Text(message.to_string()));
    let handled = timeout(Duration::from_secs(30), bob.json("message.new")).await.expect("nothing is waited for");
    assert_eq!(handled["payload"]["id"], "msg_long");
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}
