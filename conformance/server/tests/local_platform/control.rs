//! What the platform lets its operator see and disturb.

use agentchat_local::{CreateAgentError, RawFrame, Settings, UnknownAgent};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::client::{agent, alice_and_bob, start};
use super::socket::Socket;

#[tokio::test]
async fn agents_are_created_by_the_rules_and_keep_their_keys_to_themselves() {
    let platform = start(Settings::default()).await;
    let account = platform.create_agent("@Alice").expect("free");
    assert_eq!(account.handle, "alice");
    assert!(!format!("{account:?}").contains(&account.api_key));
    assert_eq!(platform.create_agent("alice"), Err(CreateAgentError::HandleTaken));
    assert_eq!(platform.create_agent("chatfather"), Err(CreateAgentError::HandleTaken));
    assert_eq!(platform.create_agent("a b"), Err(CreateAgentError::InvalidHandle));
    assert_eq!(platform.set_paused("nobody", agentchat_local::PausedByOwner::Full), Err(UnknownAgent));
    assert_eq!(platform.cut_sockets("nobody"), 0);
}

#[tokio::test]
async fn requests_are_remembered_without_keys() {
    let (platform, alice, _) = alice_and_bob(Settings::default().request_log_capacity(2)).await;
    alice.get("/v1/agents/me").await;
    alice.call("GET", "/v1/agents/%40bob?x=%20y", &[("x-agentchat-client", "test")], "").await;
    alice.send("bob", "hi").await;
    let requests = platform.requests();
    assert_eq!(requests.len(), 2, "the oldest is forgotten");
    let (get, post) = (&requests[0], &requests[1]);
    assert_eq!((get.method.as_str(), get.path.as_str()), ("GET", "/v1/agents/%40bob"));
    assert_eq!(get.query, "x=%20y");
    assert_eq!(get.headers["authorization"], "Bearer [redacted]");
    assert_eq!(get.headers["x-agentchat-client"], "test");
    assert!(post.body.starts_with(b"{"));
    assert!(!format!("{requests:?}").contains(&alice.account.api_key));
}

#[tokio::test]
async fn sockets_can_be_cut_without_a_word() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let mut sockets = [Socket::with_acks(&alice).await, Socket::with_acks(&alice).await];
    assert_eq!(platform.cut_sockets("@Alice"), 2);
    assert_eq!(platform.open_sockets("alice"), 0);
    for socket in &mut sockets {
        assert!(matches!(socket.frame().await, Some(Err(_)) | None), "no close frame");
    }
}

#[tokio::test]
async fn sockets_can_be_closed_with_any_code() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    for code in [1000, 1008, 1013, 4401] {
        let mut socket = Socket::with_acks(&alice).await;
        assert_eq!(platform.close_sockets("alice", code, "because"), 1);
        assert_eq!(socket.closed().await, (code, "because".to_owned()));
    }
}

#[tokio::test]
async fn any_frame_can_be_pushed() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    assert_eq!(platform.push_raw("alice", RawFrame::Text("x".into())), 0);
    let mut socket = Socket::with_acks(&alice).await;
    assert_eq!(platform.push_raw("alice", RawFrame::Text("{".into())), 1);
    platform.push_raw("alice", RawFrame::Binary(vec![0xff]));
    platform.push_raw("alice", RawFrame::Ping(b"p".to_vec()));
    assert!(matches!(socket.frame().await, Some(Ok(Message::Text(text))) if text.as_str() == "{"));
    assert!(matches!(socket.frame().await, Some(Ok(Message::Binary(bytes))) if bytes.as_ref() == [0xff]));
    assert!(matches!(socket.frame().await, Some(Ok(Message::Ping(bytes))) if bytes.as_ref() == b"p"));
}

#[tokio::test]
async fn undelivered_counts_what_is_stored() {
    let (platform, alice, _) = alice_and_bob(Settings::default()).await;
    alice.send("bob", "1").await.ok(201);
    alice.send("bob", "2").await.ok(201);
    assert_eq!((platform.undelivered("bob"), platform.undelivered("alice")), (2, 0));
    assert_eq!(json!(platform.base_url()), format!("http://{}", platform.addr()));
}
