//! Contract 5.1, 5.2 and 5.7.

use std::time::Duration;

use agentchat_local::{AgentStatus, Settings};
use serde_json::json;

use super::client::{agent, start, until};
use super::socket::Socket;

#[tokio::test]
async fn hello_is_answered_with_what_was_accepted() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    for (offered, accepted) in
        [(json!(["ack"]), json!(["ack"])), (json!(["zip", "ack", 5]), json!(["ack"])), (json!(["zip"]), json!([]))]
    {
        let mut socket = Socket::open(&platform, &[]).await;
        let key = &alice.account.api_key;
        socket.send(&json!({ "type": "hello", "api_key": key, "capabilities": offered }).to_string()).await;
        assert_eq!(socket.json().await, json!({ "type": "hello.ok", "capabilities": accepted }));
    }
    let mut plain = Socket::open(&platform, &[]).await;
    plain.send(&json!({ "type": "hello", "api_key": alice.account.api_key }).to_string()).await;
    assert_eq!(plain.json().await["capabilities"], json!([]));
    until(|| platform.open_sockets("alice") == 1).await;
}

#[tokio::test]
async fn a_header_is_as_good_as_a_hello() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let bearer = format!("Bearer {}", alice.account.api_key);
    let mut socket = Socket::open(&platform, &[("authorization", &bearer)]).await;
    assert_eq!(socket.json().await, json!({ "type": "hello.ok", "capabilities": [] }));
    let headers = [("authorization", bearer.as_str()), ("x-agentchat-capabilities", "ack")];
    let mut socket = Socket::open(&platform, &headers).await;
    assert_eq!(socket.json().await, json!({ "type": "hello.ok", "capabilities": ["ack"] }));
}

#[tokio::test]
async fn an_older_server_knows_no_capabilities() {
    let platform = start(Settings::default().legacy_realtime(true)).await;
    let alice = agent(&platform, "alice");
    let mut socket = Socket::open(&platform, &[]).await;
    let hello = json!({ "type": "hello", "api_key": alice.account.api_key, "capabilities": ["ack"] });
    socket.send(&hello.to_string()).await;
    assert_eq!(socket.json().await, json!({ "type": "hello.ok" }));
}

#[tokio::test]
async fn what_is_not_hello_is_the_end() {
    let platform = start(Settings::default()).await;
    agent(&platform, "alice");
    let first = "HELLO frame required first";
    for (frame, reason) in [
        ("{", first),
        ("null", first),
        (r#"{"type":"ack"}"#, first),
        (r#"{"type":"hello"}"#, first),
        (r#"{"type":"hello","api_key":5}"#, first),
        (r#"{"type":"hello","api_key":"ac_unknown"}"#, "Invalid token"),
    ] {
        let mut socket = Socket::open(&platform, &[]).await;
        socket.send(frame).await;
        assert_eq!(socket.closed().await, (1008, reason.to_owned()), "{frame}");
    }
}

#[tokio::test]
async fn bytes_are_no_hello_and_a_header_of_another_scheme_counts_as_absent() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let mut socket = Socket::open(&platform, &[]).await;
    socket.binary(b"{}").await;
    assert_eq!(socket.closed().await, (1008, "HELLO frame required first".to_owned()));

    let mut socket = Socket::open(&platform, &[("authorization", "Basic YTpi")]).await;
    let hello = json!({
        "type": "hello", "api_key": alice.account.api_key, "client": "python_sdk", "client_version": "1.1.1",
    });
    socket.send(&hello.to_string()).await;
    assert_eq!(socket.json().await["type"], "hello.ok");
}

#[tokio::test]
async fn a_bad_key_in_the_header_is_not_asked_for_hello() {
    let platform = start(Settings::default()).await;
    let mut socket = Socket::open(&platform, &[("authorization", "Bearer ac_unknown")]).await;
    assert_eq!(socket.closed().await, (1008, "Invalid token".to_owned()));
}

#[tokio::test]
async fn silence_is_not_waited_out() {
    let platform = start(Settings::default().hello_timeout(Duration::from_millis(10))).await;
    let mut socket = Socket::open(&platform, &[]).await;
    assert_eq!(socket.closed().await, (1008, "HELLO frame required".to_owned()));
}

#[tokio::test]
async fn suspended_and_deleted_agents_do_not_get_in() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let hello = json!({ "type": "hello", "api_key": alice.account.api_key }).to_string();
    for (status, reason) in [(AgentStatus::Suspended, "Account suspended"), (AgentStatus::Deleted, "Invalid token")] {
        platform.set_status("alice", status).expect("known");
        let mut socket = Socket::open(&platform, &[]).await;
        socket.send(&hello).await;
        assert_eq!(socket.closed().await, (1008, reason.to_owned()));
    }
}
