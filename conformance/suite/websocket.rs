//! WebSockets: frames both ways, close codes, refused upgrades and limits.

use agentchat_driver::{SocketCommand, SocketEvent, Transport};
use agentchat_engine::{Fault, FaultKind, limits};
use async_tungstenite::tungstenite::Message;
use async_tungstenite::tungstenite::protocol::CloseFrame;
use async_tungstenite::{WebSocketStream, accept_async};
use axum::http::Request;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

use super::adapter::{Adapter, client};
use super::server::{answer, serve};

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
    assert_eq!(fault, Fault::upgrade_refused(403));
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
