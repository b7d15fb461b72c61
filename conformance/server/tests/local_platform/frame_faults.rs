//! The fault switchboard, on sockets.

use std::time::Duration;

use agentchat_local::faults::{FrameFault, Frames, Rule, RuleId};
use agentchat_local::{LocalPlatform, RawFrame, Settings};
use serde_json::json;
use tokio::time::timeout;

use super::client::{Agent, PATIENCE, agent, alice_and_bob, start, texts, until};
use super::socket::Socket;

fn messages() -> Frames {
    Frames::to_client().of_type("message.new").agent("bob")
}

fn add(platform: &LocalPlatform, rule: Rule) -> RuleId {
    platform.faults().add(rule).expect("valid")
}

/// Sends these texts to Bob, and returns the texts of the next `count` messages on his socket.
async fn through(alice: &Agent, socket: &mut Socket, sent: &[&str], count: usize) -> Vec<String> {
    for text in sent {
        alice.send("bob", text).await.ok(201);
    }
    texts(&socket.messages(count).await)
}

#[tokio::test]
async fn messages_are_dropped_doubled_swapped_and_garbled() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut socket = Socket::with_acks(&bob).await;
    let faults = platform.faults();

    add(&platform, Rule::frame(messages(), FrameFault::Drop).skip(1).times(1));
    assert_eq!(through(&alice, &mut socket, &["1", "2", "3"], 2).await, ["1", "3"]);

    faults.clear();
    add(&platform, Rule::frame(messages(), FrameFault::Duplicate { copies: 2 }).times(1));
    assert_eq!(through(&alice, &mut socket, &["4", "5"], 4).await, ["4", "4", "4", "5"]);

    faults.clear();
    add(&platform, Rule::frame(messages(), FrameFault::Reorder { behind: 2 }).times(1));
    assert_eq!(through(&alice, &mut socket, &["6", "7", "8"], 3).await, ["7", "8", "6"]);

    faults.clear();
    add(&platform, Rule::frame(messages(), FrameFault::Replace { text: r#"{"type":"other"}"#.into() }).times(1));
    alice.send("bob", "9").await.ok(201);
    assert_eq!(socket.json().await, json!({ "type": "other" }));
    socket.nothing_more(&bob).await;
}

#[tokio::test]
async fn a_late_frame_holds_up_the_others_or_lets_them_pass() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut socket = Socket::with_acks(&bob).await;
    let by = Duration::from_millis(100);
    add(&platform, Rule::frame(messages(), FrameFault::Delay { by }).times(1));
    assert_eq!(through(&alice, &mut socket, &["1", "2"], 2).await, ["1", "2"]);
    // How long the others take is not known, so that a moment would prove nothing: this one stays behind for good.
    add(&platform, Rule::frame(messages(), FrameFault::Defer { by: PATIENCE * 2 }).times(1));
    assert_eq!(through(&alice, &mut socket, &["3", "4"], 1).await, ["4"]);
    add(&platform, Rule::frame(messages(), FrameFault::Defer { by }).times(1));
    assert_eq!(through(&alice, &mut socket, &["5"], 1).await, ["5"]);
}

#[tokio::test]
async fn a_lost_ack_leaves_the_message_undelivered() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let mut socket = Socket::with_acks(&bob).await;
    let lost = add(&platform, Rule::frame(Frames::from_client().of_type("ack"), FrameFault::Drop).times(1));
    alice.send("bob", "1").await.ok(201);
    let id = socket.event("message.new").await["id"].take();
    socket.ack(&id).await;
    timeout(PATIENCE, platform.faults().applied(lost, 1)).await.expect("the ack arrives");
    assert_eq!(platform.undelivered("bob"), 1);
    socket.ack(&id).await;
    until(|| platform.undelivered("bob") == 0).await;
}

#[tokio::test]
async fn a_frame_can_end_its_connection_in_three_ways() {
    let platform = start(Settings::default()).await;
    let bob = agent(&platform, "bob");
    let ended_by = async |fault: FrameFault| {
        let socket = Socket::with_acks(&bob).await;
        add(&platform, Rule::frame(Frames::to_client().of_type("typing.start"), fault).times(1));
        for kind in ["typing.start", "typing.stop"] {
            platform.push_raw("bob", RawFrame::Text(json!({ "type": kind }).to_string()));
        }
        socket
    };
    let close = FrameFault::Close { code: 1012, reason: "restart".into() };
    let mut socket = ended_by(close).await;
    let first = socket.frame().await;
    assert!(matches!(&first, Some(Ok(frame)) if frame.is_close()), "what is behind is lost too: {first:?}");
    for fault in [FrameFault::Cut, FrameFault::Reset] {
        let mut socket = ended_by(fault).await;
        let first = socket.frame().await;
        assert!(matches!(first, Some(Err(_)) | None), "no close frame, nothing else: {first:?}");
    }
    until(|| platform.open_sockets("bob") == 0).await;
}

#[tokio::test]
async fn a_frozen_socket_stays_connected_and_says_nothing() {
    let settings = Settings::default().heartbeat_interval(Duration::from_millis(5));
    let (platform, alice, bob) = alice_and_bob(settings).await;
    let mut socket = Socket::with_acks(&bob).await;
    let frozen = add(&platform, Rule::frame(messages(), FrameFault::Freeze).times(1));
    alice.send("bob", "1").await.ok(201);
    timeout(PATIENCE, platform.faults().applied(frozen, 1)).await.expect("the frame comes");
    until(|| platform.sockets().iter().any(|socket| socket.handle == "bob" && socket.frozen)).await;
    alice.send("bob", "2").await.ok(201);
    // What was written before may still arrive; then nothing does, not even a ping.
    while let Ok(frame) = timeout(Duration::from_millis(50), socket.frame()).await {
        assert!(matches!(frame, Some(Ok(frame)) if frame.is_ping()));
    }
    assert_eq!(platform.open_sockets("bob"), 1);
    assert_eq!(platform.cut_sockets("bob"), 1);
    while let Some(Ok(frame)) = socket.frame().await {
        assert!(frame.is_ping(), "{frame:?}");
    }
}

#[tokio::test]
async fn frozen_and_delayed_sockets_do_not_keep_the_platform() {
    let platform = start(Settings::default().close_timeout(Duration::from_millis(100))).await;
    let (alice, bob) = (agent(&platform, "alice"), agent(&platform, "bob"));
    let _sockets = (Socket::with_acks(&alice).await, Socket::with_acks(&bob).await);
    assert_eq!(platform.freeze_sockets("alice"), 1);
    add(&platform, Rule::frame(Frames::to_client(), FrameFault::Delay { by: PATIENCE * 2 }));
    platform.push_raw("bob", RawFrame::Text("{}".into()));
    timeout(PATIENCE, platform.shutdown()).await.expect("stops in time");
}

#[tokio::test]
async fn hello_ok_can_be_lost_and_pings_only_by_name() {
    let settings = Settings::default().heartbeat_interval(Duration::from_millis(5));
    let platform = start(settings).await;
    let alice = agent(&platform, "alice");
    add(&platform, Rule::frame(Frames::to_client(), FrameFault::Drop));
    let mut socket = Socket::open(&platform, &[]).await;
    socket.send(&json!({ "type": "hello", "api_key": alice.account.api_key }).to_string()).await;
    let first = socket.frame().await;
    assert!(matches!(&first, Some(Ok(frame)) if frame.is_ping()), "{first:?}");
    platform.faults().clear();
    let pings = add(&platform, Rule::frame(Frames::to_client().of_type("ping"), FrameFault::Drop));
    timeout(PATIENCE, platform.faults().applied(pings, 2)).await.expect("pings are matched by name");
}
