//! `agentchat listen --forward-to`: of an answer the status decides, and nothing else; and `--exec`: of a command its exit status.

use std::process::Stdio;

use agentchat_local::RawFrame;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Duration, timeout};

use crate::run::Running;
use crate::scene::{Scene, TempFile};

/// A web server that answers the first posts with these bytes, in turn and whatever they are, and keeps the connection open
/// after the last of them; then with 204. Says when a post has come.
async fn answering(answers: Vec<Vec<u8>>) -> (String, UnboundedReceiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (seen, posts) = unbounded_channel();
    tokio::spawn(async move {
        let mut answers = answers.into_iter();
        let mut open = Vec::new();
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut request = Vec::new();
            let mut chunk = [0; 4096];
            while !request.ends_with(b"}") {
                let read = connection.read(&mut chunk).await.unwrap();
                request.extend_from_slice(&chunk[..read]);
            }
            let answer =
                answers.next().unwrap_or_else(|| b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".into());
            // It may have been hung up on in the middle of a long one.
            let _ = connection.write_all(&answer).await;
            if answer.ends_with(b"cut") {
                drop(connection);
            } else {
                open.push(connection);
            }
            seen.send(()).unwrap();
        }
    });
    (url, posts)
}

#[tokio::test]
async fn a_body_undoes_no_success() {
    let scene = Scene::new().await;
    let secret = TempFile::with("secret-of-status", "secret");
    let head = |length: usize| format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").into_bytes();
    let long = [head(100 * 1024), vec![b'x'; 100 * 1024]].concat();
    let short = [head(10), b"cut".to_vec()].concat();
    let slow = [head(10), b"slow".to_vec()].concat();
    let endless = b"HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n4\r\nmore\r\n".to_vec();
    let nonsense = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n".to_vec();
    let (url, mut posts) = answering(vec![long, short, slow, endless, nonsense]).await;
    let mut bob = scene.bob_listens(&["--json", "--forward-to", &url, "--secret-file", secret.path()]);
    bob.json("client.caught_up").await;
    for text in ["long", "short", "slow", "endless", "nonsense", "as it should be"] {
        scene.alice_says(text).await;
        assert_eq!(bob.json("message.new").await["payload"]["content"]["text"], text);
        posts.recv().await.unwrap();
        scene.settled().await;
        assert!(posts.try_recv().is_err(), "{text}: posted once");
    }
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_failure_is_told_once_and_tried_again() {
    let scene = Scene::new().await;
    let secret = TempFile::with("secret-of-failures", "secret");
    let failed = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec();
    let (url, mut posts) = answering(vec![failed.clone(), failed.clone(), failed]).await;
    let arguments = ["--json", "--forward-to", &url, "--secret-file", secret.path()];
    let mut listen = scene.bob_listens_after("true", &arguments);
    listen.stderr(Stdio::piped());
    let mut bob = Running::start(listen);
    scene.alice_says("hi").await;
    bob.json("message.new").await;
    for _ in 0..4 {
        posts.recv().await.unwrap();
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
