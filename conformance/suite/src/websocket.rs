//! WebSockets: frames both ways, close codes, refused upgrades and limits.

use std::time::Duration;

use agentchat_driver::{SocketCommand, SocketEvent, Transport};
use agentchat_engine::{Fault, FaultKind, limits};
use async_tungstenite::tungstenite::Message;
use async_tungstenite::tungstenite::handshake::derive_accept_key;
use async_tungstenite::tungstenite::protocol::CloseFrame;
use async_tungstenite::{WebSocketStream, accept_async};
use axum::http::Request;
use futures_util::future::join;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

use super::adapter::{Adapter, client};
use super::server::{answer, read_request, serve};

pub(super) type ServerSocket = WebSocketStream<Compat<TcpStream>>;

pub(super) async fn accept(stream: TcpStream) -> ServerSocket {
    stream.set_nodelay(true).unwrap();
    accept_async(stream.compat()).await.unwrap()
}

fn upgrade(address: std::net::SocketAddr) -> Request<()> {
    Request::get(format!("ws://{address}/v1/ws")).header("user-agent", "test").body(()).unwrap()
}

pub(super) async fn text_goes_both_ways<A: Adapter>() {
    let address = serve(|_, stream| async move {
        let mut socket = accept(stream).await;
        while let Some(Ok(message)) = socket.next().await {
            if message.is_text() {
                socket.send(message).await.unwrap();
            }
        }
    });
    let client = client::<A>(address);
    let mut socket = client.transport().open(upgrade(address)).await.unwrap();
    for text in ["one", "zwei", ""] {
        socket.send(SocketCommand::Text(text.into())).await.unwrap();
        assert_eq!(socket.next().await, Some(Ok(SocketEvent::Text(text.into()))));
    }
    socket.send(SocketCommand::Ping).await.unwrap();
    assert_eq!(socket.next().await, Some(Ok(SocketEvent::Alive)));
}

pub(super) async fn the_peers_close_ends_the_stream_even_if_the_connection_just_breaks<A: Adapter>() {
    let address = serve(|_, stream| async move {
        let frame = CloseFrame { code: 4401.into(), reason: "key revoked".into() };
        accept(stream).await.send(Message::Close(Some(frame))).await.unwrap();
    });
    let client = client::<A>(address);
    let mut socket = client.transport().open(upgrade(address)).await.unwrap();
    let closed = SocketEvent::Closed { code: Some(4401), reason: "key revoked".into() };
    assert_eq!(socket.next().await, Some(Ok(closed)));
    assert_eq!(socket.next().await, None);
}

pub(super) async fn a_connection_that_just_ends_is_a_fault<A: Adapter>() {
    let address = serve(|_, stream| async move { drop(accept(stream).await) });
    let client = client::<A>(address);
    let mut socket = client.transport().open(upgrade(address)).await.unwrap();
    // The peer's fault is no broken protocol: that is what a lost connection looks like.
    let fault = socket.next().await.unwrap().unwrap_err();
    assert_eq!((fault.kind, fault.message.as_str()), (FaultKind::Io, "the connection ended without a close frame"));
    assert_eq!(socket.next().await, None);
}

pub(super) async fn a_refused_upgrade_tells_the_status<A: Adapter>() {
    let address = answer(&["HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"]);
    let client = client::<A>(address);
    let fault = client.transport().open(upgrade(address)).await.map(drop).unwrap_err();
    assert_eq!(fault, Fault::upgrade_refused(403, None));
    let address = answer(&["HTTP/1.1 503 Service Unavailable\r\nretry-after: 30\r\ncontent-length: 0\r\n\r\n"]);
    let again = super::adapter::client::<A>(address);
    let fault = again.transport().open(upgrade(address)).await.map(drop).unwrap_err();
    assert_eq!(fault, Fault::upgrade_refused(503, Some(Duration::from_secs(30))));
}

/// The key leaves with HELLO, so what breaks the handshake has to be seen before that.
pub(super) async fn what_was_not_offered_ends_the_upgrade_before_anything_is_sent<A: Adapter>() {
    for (chosen, told) in [
        ("sec-websocket-extensions: permessage-deflate", "an extension that was not offered"),
        ("Sec-WebSocket-Extensions: x, y;z=1", "an extension that was not offered"),
        ("sec-websocket-protocol: chat", "broke the WebSocket protocol"),
    ] {
        let (say, mut heard) = mpsc::unbounded_channel();
        let address = serve(move |_, mut stream| {
            let say = say.clone();
            async move {
                let request = read_request(&mut stream).await;
                let name = "sec-websocket-key: ";
                let key = request.lines().find(|line| line.to_lowercase().starts_with(name)).unwrap();
                let accept = derive_accept_key(&key.as_bytes()[name.len()..]);
                let head = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade";
                let answer = format!("{head}\r\nsec-websocket-accept: {accept}\r\n{chosen}\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
                let mut rest = Vec::new();
                // Ends with the connection, however that is closed.
                let _ = stream.read_to_end(&mut rest).await;
                say.send(rest).unwrap();
            }
        });
        let client = client::<A>(address);
        let fault = client.transport().open(upgrade(address)).await.map(drop).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Protocol);
        assert!(fault.message.contains(told), "{fault}");
        assert_eq!(heard.recv().await.unwrap(), b"", "nothing was sent");
    }
}

/// Far more than a connection's buffers and the room for answers together.
const PINGS: usize = 64 * 1024 * 1024;

pub(super) async fn a_peer_that_pings_and_does_not_read_is_left<A: Adapter>() {
    let address = serve(|_, stream| async move {
        let mut stream = accept(stream).await.into_inner().into_inner();
        let ping = [&[0x89, 125][..], &[b'p'; 125]].concat();
        let pings = ping.repeat(500);
        for _ in 0..PINGS / pings.len() {
            if stream.write_all(&pings).await.is_err() {
                return;
            }
        }
    });
    let client = client::<A>(address);
    let mut socket = client.transport().open(upgrade(address)).await.unwrap();
    let mut answered = 0;
    let fault = loop {
        match socket.next().await {
            Some(Ok(event)) => assert_eq!(event, SocketEvent::Alive),
            other => break other.unwrap().unwrap_err(),
        }
        answered += 131;
    };
    assert_eq!(fault.kind, FaultKind::Protocol);
    assert!(fault.message.starts_with("the peer pings and does not read"), "{fault}");
    assert!(answered < PINGS, "it was not waited for");
}

pub(super) async fn a_large_frame_of_ours_goes_out_among_pings<A: Adapter>() {
    const COUNT: usize = 2_000;
    let address = serve(|_, stream| async move {
        let mut socket = accept(stream).await;
        for _ in 0..COUNT {
            socket.send(Message::Ping(vec![0; 125].into())).await.unwrap();
        }
        let mut pongs = 0;
        let mut text = None;
        while text.is_none() || pongs < COUNT {
            match socket.next().await.unwrap().unwrap() {
                Message::Pong(_) => pongs += 1,
                Message::Text(received) if received.as_str() == "hello" => {}
                Message::Text(received) => text = Some(received.len()),
                other => panic!("{other:?}"),
            }
        }
        socket.send(Message::text(text.unwrap().to_string())).await.unwrap();
    });
    let client = client::<A>(address);
    let mut socket = client.transport().open(upgrade(address)).await.unwrap();
    socket.send(SocketCommand::Text("hello".into())).await.unwrap();
    let (mut sink, mut stream) = socket.split();
    let sending = async {
        sink.send(SocketCommand::Text("x".repeat(limits::FRAME))).await.unwrap();
        sink
    };
    let reading = async {
        loop {
            match stream.next().await.unwrap().unwrap() {
                SocketEvent::Alive => {}
                event => return event,
            }
        }
    };
    let (_, event) = join(sending, reading).await;
    assert_eq!(event, SocketEvent::Text(limits::FRAME.to_string()));
}

pub(super) async fn a_frame_above_the_limit_is_refused<A: Adapter>() {
    let address = serve(|_, stream| async move {
        let mut socket = accept(stream).await;
        // The client hangs up before it has read everything.
        let _ = socket.send(Message::text("x".repeat(limits::FRAME + 1))).await;
    });
    let client = client::<A>(address);
    let mut socket = client.transport().open(upgrade(address)).await.unwrap();
    match socket.next().await {
        Some(Err(fault)) => assert_eq!(fault.kind, FaultKind::TooLarge),
        other => panic!("{other:?}"),
    }
}
