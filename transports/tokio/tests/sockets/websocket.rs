//! WebSockets: frames both ways, close codes, refused upgrades and limits.

use agentchat_driver::{SocketCommand, SocketEvent};
use agentchat_tokio::Transport;
use agentchat_tokio::engine::{Fault, FaultKind, limits};
use async_tungstenite::tungstenite::Message;
use async_tungstenite::tungstenite::protocol::CloseFrame;
use async_tungstenite::{WebSocketStream, accept_async};
use futures_util::{SinkExt, StreamExt};
use http::Request;
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

use crate::server::{answer, client, serve};

pub(crate) type ServerSocket = WebSocketStream<Compat<TcpStream>>;

pub(crate) async fn accept(stream: TcpStream) -> ServerSocket {
    stream.set_nodelay(true).unwrap();
    accept_async(stream.compat()).await.unwrap()
}

fn upgrade(address: std::net::SocketAddr) -> Request<()> {
    Request::get(format!("ws://{address}/v1/ws")).header("user-agent", "test").body(()).unwrap()
}

#[tokio::test]
async fn text_goes_both_ways() {
    let address = serve(|_, stream| async move {
        let mut socket = accept(stream).await;
        while let Some(Ok(message)) = socket.next().await {
            if message.is_text() {
                socket.send(message).await.unwrap();
            }
        }
    })
    .await;
    let client = client(address);
    let mut socket = client.transport().open(upgrade(address)).await.unwrap();
    for text in ["one", "zwei", ""] {
        socket.send(SocketCommand::Text(text.into())).await.unwrap();
        assert_eq!(socket.next().await, Some(Ok(SocketEvent::Text(text.into()))));
    }
    socket.send(SocketCommand::Ping).await.unwrap();
    assert_eq!(socket.next().await, Some(Ok(SocketEvent::Alive)));
}

#[tokio::test]
async fn the_peers_close_ends_the_stream_even_if_the_connection_just_breaks() {
    let address = serve(|_, stream| async move {
        let frame = CloseFrame { code: 4401.into(), reason: "key revoked".into() };
        accept(stream).await.send(Message::Close(Some(frame))).await.unwrap();
    })
    .await;
    let client = client(address);
    let mut socket = client.transport().open(upgrade(address)).await.unwrap();
    let closed = SocketEvent::Closed { code: Some(4401), reason: "key revoked".into() };
    assert_eq!(socket.next().await, Some(Ok(closed)));
    assert_eq!(socket.next().await, None);
}

#[tokio::test]
async fn a_connection_that_just_ends_is_a_fault() {
    let address = serve(|_, stream| async move { drop(accept(stream).await) }).await;
    let client = client(address);
    let mut socket = client.transport().open(upgrade(address)).await.unwrap();
    assert!(matches!(socket.next().await, Some(Err(_))));
    assert_eq!(socket.next().await, None);
}

#[tokio::test]
async fn a_refused_upgrade_tells_the_status() {
    let address = answer(&["HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"]).await;
    let client = client(address);
    let fault = client.transport().open(upgrade(address)).await.unwrap_err();
    assert_eq!(fault, Fault::upgrade_refused(403));
}

#[tokio::test]
async fn a_frame_above_the_limit_is_refused() {
    let address = serve(|_, stream| async move {
        let mut socket = accept(stream).await;
        // The client hangs up before it has read everything.
        let _ = socket.send(Message::text("x".repeat(limits::FRAME + 1))).await;
    })
    .await;
    let client = client(address);
    let mut socket = client.transport().open(upgrade(address)).await.unwrap();
    match socket.next().await {
        Some(Err(fault)) => assert_eq!(fault.kind, FaultKind::TooLarge),
        other => panic!("{other:?}"),
    }
}
