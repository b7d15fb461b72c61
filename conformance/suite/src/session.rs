//! A session end to end: HELLO, a message and its ack, pings, and both ways to close.

use std::time::Duration;

use agentchat_driver::{Client, MessageError};
use agentchat_engine::realtime::{ConnectionState, Event, HaltReason, SessionOptions};
use agentchat_net::{Net, connect};
use async_tungstenite::tungstenite::Message;
use async_tungstenite::tungstenite::protocol::CloseFrame;
use async_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use async_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;

use super::adapter::{Adapter, client, spawn};
use super::server::{serve, servers};
use super::websocket::{ServerSocket, accept};

/// A client and the server's end of its sockets, HELLO accepted.
fn platform<A: Adapter>() -> (Client<Net<A::Runtime>>, mpsc::UnboundedReceiver<ServerSocket>) {
    let (give, sockets) = mpsc::unbounded_channel();
    let address = serve(move |_, stream| {
        let give = give.clone();
        async move {
            let mut socket = accept(stream).await;
            let hello = text(&mut socket).await;
            assert_eq!((&hello["type"], &hello["api_key"]), (&json!("hello"), &json!("ac_key")));
            say(&mut socket, json!({"type": "hello.ok", "capabilities": ["ack"]})).await;
            // The test may be over.
            let _ = give.send(socket);
        }
    });
    (client::<A>(address), sockets)
}

fn options() -> SessionOptions {
    SessionOptions::default().own_handle("me").drain(false)
}

async fn say(socket: &mut ServerSocket, frame: Value) {
    socket.send(Message::text(frame.to_string())).await.unwrap();
}

async fn text(socket: &mut ServerSocket) -> Value {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
        other => panic!("{other:?}"),
    }
}

pub(super) async fn a_message_is_handled_and_acked_and_the_session_closed<A: Adapter>() {
    let (client, mut sockets) = platform::<A>();
    let realtime = connect(&client, options());
    let (seen, mut texts) = mpsc::unbounded_channel();
    let handling = spawn::<A, _>(realtime.on_message(move |delivery| {
        let seen = seen.clone();
        async move {
            seen.send(delivery.message()?.content.text).unwrap();
            Ok::<_, MessageError>(())
        }
    }));
    let mut socket = sockets.recv().await.unwrap();
    let payload = json!({"id": "m1", "conversation_id": "c", "seq": 1, "sender": "alice", "type": "text",
        "content": {"text": "hi"}, "created_at": "2026-04-20T10:00:00.000Z"});
    say(&mut socket, json!({"type": "message.new", "payload": payload})).await;
    assert_eq!(texts.recv().await.unwrap().as_deref(), Some("hi"));
    assert_eq!(text(&mut socket).await, json!({"type": "ack", "message_id": "m1"}));

    realtime.close();
    match socket.next().await {
        Some(Ok(Message::Close(Some(frame)))) => assert_eq!(u16::from(frame.code), 1000),
        other => panic!("{other:?}"),
    }
    // Answers the close frame and ends the connection, which the client waits for.
    assert!(socket.next().await.is_none());
    drop(socket);
    assert_eq!(realtime.closed().await, Ok(()));
    assert_eq!(realtime.state(), ConnectionState::Closed);
    assert_eq!(handling.await.unwrap(), Ok(()));
}

pub(super) async fn a_ping_gets_its_pong_on_an_otherwise_silent_connection<A: Adapter>() {
    let (client, mut sockets) = platform::<A>();
    let realtime = connect(&client, options());
    let mut socket = sockets.recv().await.unwrap();
    for payload in ["a", "b"] {
        socket.send(Message::Ping(payload.into())).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), Message::Pong(payload.into()));
    }
    drop(realtime);
}

/// Far more than what fits between two sockets, with the acks that wait to be written.
const FLOOD: u64 = 1_000_000;

/// Its acks have nowhere to go: reading stops, so that it is held back, and then it is as good as dead.
pub(super) async fn a_peer_that_sends_and_never_reads_is_left<A: Adapter>() {
    let (client, mut sockets) = platform::<A>();
    let realtime = connect(&client, options().keepalive(Duration::from_secs(1)));
    let mut events = realtime.events();
    let handling = spawn::<A, _>(realtime.on_message(|_| async { Ok::<_, MessageError>(()) }));
    let mut socket = sockets.recv().await.unwrap();
    let sending = servers().spawn(async move {
        let padding = "x".repeat(200);
        for seq in 1..=FLOOD {
            // The id comes back in the ack.
            let payload = json!({"id": format!("{padding}{seq}"), "conversation_id": "c", "seq": seq});
            let frame = json!({"type": "message.new", "payload": payload}).to_string();
            if socket.feed(Message::text(frame)).await.is_err() {
                return seq;
            }
        }
        FLOOD
    });
    loop {
        if let Event::Disconnected { info, .. } = events.next().await.unwrap() {
            assert!(info.by_us, "{info:?}");
            break;
        }
    }
    assert!(sending.await.unwrap() < FLOOD, "it was held back");
    drop((realtime, handling));
}

/// The platform itself answers no ping while it is in the middle of a frame.
pub(super) async fn a_large_frame_that_comes_slowly_is_no_dead_connection<A: Adapter>() {
    let (client, mut sockets) = platform::<A>();
    let realtime = connect(&client, options().keepalive(Duration::from_secs(3)));
    let mut deliveries = realtime.deliveries().unwrap();
    let payload = json!({"id": "m1", "conversation_id": "c", "seq": 1, "sender": "alice", "type": "text",
        "content": {"text": "x".repeat(1024 * 1024)}, "created_at": "2026-04-20T10:00:00.000Z"});
    let text = json!({"type": "message.new", "payload": payload}).to_string();
    let header = FrameHeader { opcode: OpCode::Data(Data::Text), ..FrameHeader::default() };
    let mut frame = Vec::new();
    Frame::from_payload(header, text.into()).format(&mut frame).unwrap();
    // Twice as long as a dead connection is waited for. Where this machine stands still for so long, it is given up rightly, and
    // there is another.
    let dripping = servers().spawn(async move {
        'sockets: loop {
            let mut socket = sockets.recv().await.unwrap();
            for drop in frame.chunks(frame.len().div_ceil(40)) {
                if socket.get_mut().get_mut().write_all(drop).await.is_err() {
                    continue 'sockets;
                }
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            break socket;
        }
    });
    let delivery = deliveries.next().await.unwrap();
    assert_eq!(delivery.message().unwrap().content.text.unwrap().len(), 1024 * 1024);
    delivery.handled();
    let mut socket = dripping.await.unwrap();
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Ping(_) => {}
            ack => break assert_eq!(ack, Message::text(json!({"type": "ack", "message_id": "m1"}).to_string())),
        }
    }
    drop(realtime);
}

pub(super) async fn a_terminal_close_halts_the_session_with_its_reason<A: Adapter>() {
    let (client, mut sockets) = platform::<A>();
    let (realtime, connection) = client.realtime(options());
    let mut events = realtime.events();
    let connection = spawn::<A, _>(connection.run());
    let mut socket = sockets.recv().await.unwrap();
    let frame = CloseFrame { code: 4401.into(), reason: "key revoked".into() };
    socket.send(Message::Close(Some(frame))).await.unwrap();
    match socket.next().await {
        Some(Ok(Message::Close(_))) => drop(socket),
        other => panic!("the close frame is answered: {other:?}"),
    }
    let expected = HaltReason::ClosedForGood { code: 4401, reason: "key revoked".into() };
    assert_eq!(connection.await.unwrap(), ConnectionState::Halted { reason: expected.clone() });
    let mut last = None;
    while let Some(event) = events.next().await {
        last = Some(event);
    }
    assert!(matches!(&last, Some(Event::Halted { reason, .. }) if *reason == expected), "{last:?}");
}

pub(super) async fn a_lost_connection_is_replaced<A: Adapter>() {
    let (client, mut sockets) = platform::<A>();
    let realtime = connect(&client, options());
    drop(sockets.recv().await.unwrap());
    let again = sockets.recv().await;
    assert!(again.is_some());
    drop(realtime);
}
