//! The floor over a WebSocket: async-tungstenite, one typed parse a frame, and acks that leave when no frame is ready.

use std::error::Error;
use std::future::poll_fn;
use std::hint::black_box;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use async_tungstenite::tungstenite::protocol::WebSocketConfig;
use async_tungstenite::tungstenite::{self, Message};
use async_tungstenite::{WebSocketStream, client_async_with_config};
use futures_util::io::{AsyncRead, AsyncWrite};
use futures_util::{Sink, Stream, StreamExt};

use super::meter::{Meter, Spent};
use crate::peer::Peer;
use crate::typed;

/// Opens a WebSocket over a stream and is greeted.
pub(super) async fn open<S>(stream: S, peer: &Peer) -> Result<WebSocketStream<S>, tungstenite::Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let url = format!("ws://127.0.0.1:{}/v1/ws", peer.port());
    let (mut socket, _) = client_async_with_config(url, stream, Some(WebSocketConfig::default())).await?;
    let hello = r#"{"type":"hello","api_key":"ac_measured","capabilities":["ack"],"client":"bare"}"#;
    socket.send(Message::text(hello)).await?;
    // The peer says `hello.ok` before anything else.
    socket.next().await.unwrap_or(Err(tungstenite::Error::ConnectionClosed))?;
    Ok(socket)
}

/// Handles and acks so many messages.
pub(super) async fn handle<S>(stream: S, peer: &Peer, frames: usize) -> Result<Spent, Box<dyn Error>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut socket = open(stream, peer).await?;
    let meter = Meter::new(frames);
    poll_fn(|cx| poll(cx, &mut socket, &meter)).await?;
    socket.close(None).await?;
    Ok(meter.spent()?)
}

/// Takes frames until there are no more for now, and then lets the acks out; ready after the last.
fn poll<S>(cx: &mut Context<'_>, socket: &mut WebSocketStream<S>, meter: &Meter) -> Poll<Result<(), tungstenite::Error>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut socket = Pin::new(socket);
    loop {
        ready!(socket.as_mut().poll_ready(cx))?;
        match socket.as_mut().poll_next(cx) {
            Poll::Ready(Some(frame)) => {
                let Message::Text(text) = frame? else { continue };
                let Ok(frame) = serde_json::from_str::<typed::Frame>(&text) else { continue };
                let frame = black_box(frame);
                let ack = format!(r#"{{"type":"ack","message_id":"{}"}}"#, frame.payload.id);
                socket.as_mut().start_send(Message::text(ack))?;
                if meter.count() {
                    return Poll::Ready(Ok(()));
                }
            }
            Poll::Ready(None) => return Poll::Ready(Err(tungstenite::Error::ConnectionClosed)),
            Poll::Pending => {
                ready!(socket.as_mut().poll_flush(cx))?;
                return Poll::Pending;
            }
        }
    }
}
