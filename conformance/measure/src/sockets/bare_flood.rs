//! The floor of a flood: a loop that stops reading while it has its hands full, with as many handlers at a time as a session.

use std::collections::VecDeque;
use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_tungstenite::tungstenite::{self, Message};
use futures_util::stream::{FuturesUnordered, Stream, StreamExt};
use futures_util::{Sink, SinkExt};
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

use super::bare_socket;
use super::handler::work;
use super::meter::{Meter, Spent};
use crate::peer::Peer;
use crate::typed;

/// Messages in hand before reading stops.
const IN_HAND: usize = 1_000;

/// Handlers at a time, as in a session by default.
const AT_ONCE: usize = agentchat_engine::limits::MAX_IN_FLIGHT;

type Socket = async_tungstenite::WebSocketStream<Compat<tokio::net::TcpStream>>;

/// Takes so many messages with handlers that take as long.
pub(super) async fn handle(peer: &Peer, frames: usize, takes: Duration) -> Result<Spent, Box<dyn Error>> {
    let stream = tokio::net::TcpStream::connect(("127.0.0.1", peer.port())).await?;
    stream.set_nodelay(true)?;
    let mut socket = bare_socket::open(stream.compat(), peer).await?;
    let meter = Meter::new(frames);
    let (mut waiting, mut running) = (VecDeque::new(), FuturesUnordered::new());
    let start = |id: String| async move {
        work(takes).await;
        id
    };
    poll_fn(|cx| poll(cx, Pin::new(&mut socket), &mut waiting, &mut running, &start, &meter)).await?;
    socket.flush().await?;
    socket.close(None).await?;
    Ok(meter.spent()?)
}

fn poll<F: Future<Output = String>>(
    cx: &mut Context<'_>,
    mut socket: Pin<&mut Socket>,
    waiting: &mut VecDeque<String>,
    running: &mut FuturesUnordered<F>,
    start: &impl Fn(String) -> F,
    meter: &Meter,
) -> Poll<Result<(), tungstenite::Error>> {
    loop {
        ready!(socket.as_mut().poll_ready(cx))?;
        while running.len() < AT_ONCE
            && let Some(id) = waiting.pop_front()
        {
            running.push(start(id));
        }
        let mut idle = true;
        if let Poll::Ready(Some(id)) = running.poll_next_unpin(cx) {
            let ack = format!(r#"{{"type":"ack","message_id":"{id}"}}"#);
            socket.as_mut().start_send(Message::text(ack))?;
            if meter.count() {
                return Poll::Ready(Ok(()));
            }
            idle = false;
        }
        if waiting.len() + running.len() < IN_HAND
            && let Poll::Ready(frame) = socket.as_mut().poll_next(cx)
        {
            if let Message::Text(text) = frame.unwrap_or(Err(tungstenite::Error::ConnectionClosed))?
                && let Ok(frame) = serde_json::from_str::<typed::Frame>(&text)
            {
                waiting.push_back(frame.payload.id);
            }
            idle = false;
        }
        if idle {
            ready!(socket.as_mut().poll_flush(cx))?;
            return Poll::Pending;
        }
    }
}
