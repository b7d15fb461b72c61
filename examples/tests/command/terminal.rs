//! What strangers wrote does not reach a terminal as it came: no control character, nothing that turns the direction of
//! writing, no separator of lines, nothing hidden; and what goes wrong is said in a line, not in pages.

use std::process::Stdio;

use agentchat_local::RawFrame;
use agentchat_tokio::engine::UnixTime;
use agentchat_tokio::engine::webhook::{WebhookSecret, sign};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader};

use crate::hostile::answering;
use crate::run::{AGENTCHAT, agentchat, platform, program};
use crate::scene::{Scene, TempFile};

/// ESC, C1, a paragraph separator, overrides, isolates, tags, a private character, a blank.
const ODD: &str = "\u{1b}\u{9b}2J\u{85}\u{2028}\u{2029}\u{202e}\u{2066}\u{200b}\u{e0041}\u{e000}\u{2800}";

fn is_fit(text: &str) -> bool {
    !text.chars().any(|c| c != '\n' && !"2J".contains(c) && ODD.contains(c))
}

#[tokio::test]
async fn messages_are_fit_for_a_terminal_and_say_the_same_as_json() {
    let scene = Scene::new().await;
    let text = format!("a{ODD}b");
    for arguments in [&["--json"][..], &[]] {
        let mut bob = scene.bob_listens(arguments);
        scene.alice_says(&text).await;
        let line = loop {
            let line = bob.line().await;
            assert!(is_fit(&line), "{line:?}");
            if line.contains("message.new") || line.contains("@alice") {
                break line;
            }
        };
        match arguments {
            [] => assert!(line.contains("a\u{fffd}\u{fffd}2J\u{fffd}"), "{line}"),
            _ => assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["payload"]["content"]["text"], json!(text)),
        }
        scene.settled().await;
        assert_eq!(bob.terminate().await, 0);
    }
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn events_are_fit_for_a_terminal() {
    let scene = Scene::new().await;
    for arguments in [&["--json"][..], &[]] {
        // As JSON they are on standard output, in words on standard error.
        let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
        command.args(["listen", "--reconnect-base-ms", "10"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stream: Box<dyn AsyncRead + Unpin> = match arguments {
            [] => Box::new(child.stderr.take().unwrap()),
            _ => Box::new(child.stdout.take().unwrap()),
        };
        let mut lines = BufReader::new(stream).lines();
        let mut line_with = async |part: &str| loop {
            let line = lines.next_line().await.unwrap().expect("another line");
            assert!(is_fit(&line), "{line:?}");
            if line.contains(part) {
                return;
            }
        };
        line_with("drained").await;
        let kind = format!("odd{ODD}");
        scene.platform.push_raw("bob", RawFrame::Text(json!({"type": kind, "payload": {"x": ODD}}).to_string()));
        line_with("odd").await;
        assert_eq!(scene.platform.close_sockets("bob", 1001, &format!("reason{ODD}")), 1);
        line_with("reason").await;
        child.kill().await.unwrap();
    }
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_webhook_is_printed_fit_for_a_terminal_and_says_the_same() {
    let platform = platform().await;
    let secret = TempFile::with("terminal-secret", "s");
    let body = json!({"event": format!("message.new{ODD}"), "timestamp": ODD, "data": {"text": ODD}}).to_string();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = UnixTime::from_millis(now.as_millis() as i64);
    let signature = sign(&WebhookSecret::new("s").unwrap(), now, body.as_bytes());
    let mut child = program(AGENTCHAT, &platform, None)
        .args(["verify-webhook", "--secret-file", secret.path(), "--signature", &signature])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(body.as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(is_fit(&said), "{said:?}");
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap(), serde_json::from_str::<Value>(&body).unwrap());
    platform.shutdown().await;
}

#[tokio::test]
async fn what_goes_wrong_is_reported_in_a_line() {
    let platform = platform().await;
    let body = json!({"code": ODD, "message": format!("{ODD}{}", "m".repeat(900_000))}).to_string();
    let base = answering(400, &[("x-request-id", "r".repeat(30_000))], body).await;
    for arguments in [&["call", "get_me"][..], &["send", "@bob", "hi"]] {
        let output = agentchat(&platform, Some("ac_key"), &[arguments, &["--base-url", &base]].concat()).await;
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(said.contains("mmm") && said.lines().count() == 1 && is_fit(&said), "{said:?}");
        assert!(said.len() < 10_000, "{} bytes", said.len());
    }
    platform.shutdown().await;
}
