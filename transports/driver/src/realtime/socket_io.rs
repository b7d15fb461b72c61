//! One open socket with what is still to be written to it.

use std::collections::VecDeque;
use std::task::{Context, Poll, ready};

use agentchat_engine::Fault;
use futures_util::{SinkExt, StreamExt};

use crate::{Socket, SocketCommand, SocketEvent};

/// Frames that wait to be written when reading stops. A peer that sends and does not read would have them pile up without
/// end; one that goes on so is dead by the keepalive's measure.
const BACKLOG: usize = 1_024;

pub(crate) struct SocketIo<S> {
    pub(crate) socket: S,
    pub(crate) outbox: VecDeque<SocketCommand>,
    unflushed: bool,
    broken: Option<Fault>,
}

impl<S: Socket> SocketIo<S> {
    pub(crate) fn new(socket: S) -> Self {
        Self { socket, outbox: VecDeque::new(), unflushed: false, broken: None }
    }

    /// What the socket brings. A write that failed shows only once there is nothing left to read: the peer's close
    /// frame, which says why, is often there already.
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<SocketEvent, Fault>>> {
        if self.is_backlogged() {
            return Poll::Pending;
        }
        match self.socket.poll_next_unpin(cx) {
            Poll::Ready(event) => {
                // The socket may have queued an answer, such as a pong, which it does not send by itself.
                self.unflushed = true;
                Poll::Ready(event)
            }
            Poll::Pending => self.broken.take().map_or(Poll::Pending, |fault| Poll::Ready(Some(Err(fault)))),
        }
    }

    fn is_backlogged(&self) -> bool {
        self.outbox.len() >= BACKLOG
    }

    /// Feeds all that is queued, then flushes once. Ready if reading has to be tried again.
    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let was_backlogged = self.is_backlogged();
        match self.poll_feed(cx) {
            Poll::Pending | Poll::Ready(Ok(())) if was_backlogged && !self.is_backlogged() => Poll::Ready(()),
            Poll::Pending | Poll::Ready(Ok(())) => Poll::Pending,
            Poll::Ready(Err(fault)) => {
                self.outbox.clear();
                self.unflushed = false;
                self.broken = Some(fault);
                Poll::Ready(())
            }
        }
    }

    fn poll_feed(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        while !self.outbox.is_empty() {
            ready!(self.socket.poll_ready_unpin(cx))?;
            if let Some(command) = self.outbox.pop_front() {
                self.unflushed = true;
                self.socket.start_send_unpin(command)?;
            }
        }
        if self.unflushed {
            ready!(self.socket.poll_flush_unpin(cx))?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }
}
