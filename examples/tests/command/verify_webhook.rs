//! `agentchat verify-webhook`.

use std::process::Stdio;

use agentchat_tokio::engine::UnixTime;
use agentchat_tokio::engine::webhook::{WebhookSecret, sign, sign_body};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use crate::run::{AGENTCHAT, platform, program};
use crate::scene::TempFile;

const BODY: &str = r#"{"event":"message.read","timestamp":"2026-04-20T10:00:00Z","data":{"read_by":"bob"}}"#;

/// The exit code, and what was printed.
async fn verify(secret: &str, signature: &str, body: &str) -> (i32, String) {
    let platform = platform().await;
    let secret = TempFile::with(&format!("verify-{}", signature.len() + body.len()), secret);
    let mut child = program(AGENTCHAT, &platform, None)
        .args(["verify-webhook", "--secret-file", secret.path(), "--signature", signature])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // It may have refused its arguments, and read nothing.
    let _ = input.write_all(body.as_bytes()).await;
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    platform.shutdown().await;
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn now() -> UnixTime {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UnixTime::from_millis(now.as_millis() as i64)
}

#[tokio::test]
async fn the_platforms_own_is_printed_and_everybody_elses_is_not() {
    let secret = WebhookSecret::new("s").unwrap();
    for signature in [sign(&secret, now(), BODY.as_bytes()), sign_body(&secret, BODY.as_bytes())] {
        let (code, said) = verify("s\n", &signature, BODY).await;
        let event: Value = serde_json::from_str(&said).unwrap();
        assert!(said.starts_with(r#"{"event":"message.read","timestamp":"#), "{said}");
        assert_eq!((code, &event["event"], &event["data"]), (0, &json!("message.read"), &json!({"read_by": "bob"})));
    }
    let signature = sign(&secret, now(), BODY.as_bytes());
    let old = sign(&secret, UnixTime::from_millis(0), BODY.as_bytes());
    for (secret, signature, body, reason) in [
        ("t", signature.as_str(), BODY, "bad_signature"),
        ("s", &signature, "{}", "bad_signature"),
        ("s", &old, BODY, "timestamp_skew"),
        ("s", "nonsense", BODY, "malformed_signature"),
        ("s", "", BODY, "missing_signature"),
    ] {
        let (code, said) = verify(secret, signature, body).await;
        assert!(code == 1 && said.starts_with(reason) && said.lines().count() == 1, "{reason}: {code} {said}");
    }
    assert_eq!(verify(" ", &signature, BODY).await.0, 2);
}
