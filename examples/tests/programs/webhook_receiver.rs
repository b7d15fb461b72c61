//! The webhook receiver: good, tampered, old and repeated deliveries.

use std::time::{SystemTime, UNIX_EPOCH};

use agentchat_local::{LocalPlatform, Settings};
use agentchat_tokio::engine::UnixTime;
use agentchat_tokio::engine::webhook::{SIGNATURE_HEADER, WebhookSecret, sign};
use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::run::{Running, call, program};
use crate::stage::until;

const RECEIVER: &str = env!("CARGO_BIN_EXE_webhook_receiver");

/// The status that a delivery is answered with, signed so many seconds ago.
async fn deliver(url: &str, secret: &str, age: i64, signed: &str, sent: &str) -> u16 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    let time = UnixTime::from_millis(i64::try_from(now).unwrap() - age * 1_000);
    let header = sign(&WebhookSecret::new(secret).unwrap(), time, signed.as_bytes());
    let (url, sent) = (url.to_owned(), sent.to_owned());
    let post = move || {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        agent.post(&url).header(SIGNATURE_HEADER, &header).send(sent.as_bytes()).unwrap().status().as_u16()
    };
    tokio::task::spawn_blocking(post).await.unwrap()
}

#[tokio::test]
async fn good_deliveries_are_taken_once_and_others_refused() {
    let platform = LocalPlatform::start(Settings::default()).await.unwrap();
    let folder = tempdir().unwrap();
    let mut command = program(RECEIVER, &platform, None);
    command.current_dir(folder.path()).args(["127.0.0.1:0", "events"]).env("AGENTCHAT_WEBHOOK_SECRET", "secret");
    let mut receiver = Running::start(command);
    let url = receiver.line().await;

    let (one, two) = (r#"{"event":"message.read","data":{"n":1}}"#, r#"{"event":"message.read","data":{"n":2}}"#);
    assert_eq!(deliver(&url, "secret", 0, one, one).await, 200);
    assert_eq!(deliver(&url, "secret", 0, one, two).await, 401, "tampered");
    assert_eq!(deliver(&url, "another", 0, two, two).await, 401, "signed by somebody else");
    assert_eq!(deliver(&url, "secret", 400, two, two).await, 401, "old");
    assert_eq!(deliver(&url, "secret", -400, two, two).await, 401, "of the future");
    assert_eq!(deliver(&url, "secret", 10, one, one).await, 200, "repeated");
    assert_eq!(deliver(&url, "secret", 10, two, two).await, 200);
    assert_eq!(std::fs::read_to_string(folder.path().join("events")).unwrap(), format!("{one}\n{two}\n"));
    platform.shutdown().await;
}

#[tokio::test]
async fn the_platform_delivers_again_what_was_not_handled() {
    let settings = Settings::default().webhook_time_factor(1e-3).awaiting_reply(false);
    let platform = LocalPlatform::start(settings).await.unwrap();
    let [alice, bob] = ["alice", "bob"].map(|handle| platform.create_agent(handle).unwrap().api_key);
    let folder = tempdir().unwrap();
    // The secret comes with the webhook, which needs the address before.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let hook = json!({"url": format!("http://127.0.0.1:{port}/hook"), "events": ["message.new"]});
    let (code, hook) = call(&platform, Some(&bob), "create_webhook", hook).await;
    assert_eq!(code, 0, "{hook}");
    let secret = hook["data"]["secret"].as_str().unwrap();
    let mut command = program(RECEIVER, &platform, None);
    command.current_dir(folder.path()).env("AGENTCHAT_WEBHOOK_SECRET", secret);
    command.args([&format!("127.0.0.1:{port}"), "later/events"]);
    command.stderr(std::process::Stdio::piped());
    let mut receiver = Running::start(command);
    receiver.line().await;
    let mut complaints = BufReader::new(receiver.child.stderr.take().unwrap()).lines();

    // There is no such folder: each attempt is answered with an error, until there is one.
    let (code, said) = call(&platform, Some(&alice), "send_message", json!({"to": "bob", "content": "hello"})).await;
    assert_eq!(code, 0, "{said}");
    let complaint = complaints.next_line().await.unwrap().unwrap();
    assert!(complaint.contains("not handled"), "{complaint}");
    std::fs::create_dir(folder.path().join("later")).unwrap();
    let events = folder.path().join("later/events");
    until(async || std::fs::read_to_string(&events).is_ok_and(|text| text.ends_with('\n'))).await;
    let event: Value = serde_json::from_str(&std::fs::read_to_string(&events).unwrap()).unwrap();
    assert_eq!(event["data"]["id"], said["data"]["id"]);
    platform.shutdown().await;
}
