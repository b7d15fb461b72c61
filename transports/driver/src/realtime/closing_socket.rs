//! A socket that the engine is done with: writes what is queued and lets the close handshake end.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use agentchat_engine::Fault;
use futures_util::{SinkExt, StreamExt};

use super::socket_io::SocketIo;
use crate::{Socket, SocketCommand};

/// How long a socket that is over may take for its close handshake, in the background.
pub const CLOSE_HANDSHAKE: Duration = Duration::from_secs(2);

/// Frames of a peer that goes on sending, dropped before other work gets its turn.
const AT_ONCE: usize = 64;

pub(crate) struct ClosingSocket<S, Z> {
    socket: S,
    outbox: VecDeque<SocketCommand>,
    until: Pin<Box<Z>>,
}

impl<S, Z> ClosingSocket<S, Z> {
    pub(crate) fn new(io: SocketIo<S>, until: Z) -> Self {
        Self { socket: io.socket, outbox: io.outbox, until: Box::pin(until) }
    }
}

impl<S: Socket, Z> ClosingSocket<S, Z> {
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        while !self.outbox.is_empty() {
            ready!(self.socket.poll_ready_unpin(cx))?;
            if let Some(command) = self.outbox.pop_front() {
                self.socket.start_send_unpin(command)?;
            }
        }
        self.socket.poll_flush_unpin(cx)
    }

    /// Ready once the stream has ended.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        for _ in 0..AT_ONCE {
            if let None | Some(Err(_)) = ready!(self.socket.poll_next_unpin(cx)) {
                return Poll::Ready(());
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<S, Z> Future for ClosingSocket<S, Z>
where
    S: Socket,
    Z: Future<Output = ()>,
{
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if let Poll::Ready(Err(_)) = this.poll_write(cx) {
            return Poll::Ready(());
        }
        if this.poll_read(cx).is_ready() {
            return Poll::Ready(());
        }
        this.until.as_mut().poll(cx)
    }
}
