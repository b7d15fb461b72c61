//! The session's sockets: one being opened, one open, and those that are saying good-bye.
//!
//! Each is tied to the engine's id for it, so that nothing of an old socket is ever passed on under a new id.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use agentchat_engine::Fault;
use agentchat_engine::realtime::{ConnectionId, Input};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::closing_socket::ClosingSocket;
use super::socket_io::SocketIo;
use crate::{Socket, SocketCommand, SocketEvent};

pub(crate) struct Sockets<S, O, Z> {
    opening: Option<(ConnectionId, Pin<Box<O>>)>,
    open: Option<(ConnectionId, SocketIo<S>)>,
    /// Boxed, because the set always has room for one more.
    closing: FuturesUnordered<Pin<Box<ClosingSocket<S, Z>>>>,
}

impl<S, O, Z> Sockets<S, O, Z>
where
    S: Socket,
    O: Future<Output = Result<S, Fault>>,
    Z: Future<Output = ()>,
{
    pub(crate) fn new() -> Self {
        Self { opening: None, open: None, closing: FuturesUnordered::new() }
    }

    pub(crate) fn open(&mut self, id: ConnectionId, opening: O) {
        self.opening = Some((id, Box::pin(opening)));
    }

    /// Queues a frame; one for another socket than the open one is dropped.
    pub(crate) fn send(&mut self, id: ConnectionId, command: SocketCommand) {
        if let Some((_, io)) = self.open.as_mut().filter(|(open, _)| *open == id) {
            io.outbox.push_back(command);
        }
    }

    /// The engine is done with a socket: one that is being opened is dropped, an open one gets its close frame and
    /// until `closing_socket` for the handshake.
    pub(crate) fn close(&mut self, id: ConnectionId, code: u16, reason: &str, closing_socket: impl FnOnce() -> Z) {
        self.opening.take_if(|(opening, _)| *opening == id);
        if let Some((_, mut io)) = self.open.take_if(|(open, _)| *open == id) {
            io.outbox.push_back(SocketCommand::Close { code, reason: reason.to_owned() });
            self.closing.push(Box::pin(ClosingSocket::new(io, closing_socket())));
        }
    }

    pub(crate) fn poll_input(&mut self, cx: &mut Context<'_>, closing_socket: impl FnOnce() -> Z) -> Poll<Input> {
        if let Some((id, opening)) = &mut self.opening
            && let Poll::Ready(opened) = opening.as_mut().poll(cx)
        {
            let id = *id;
            self.opening = None;
            return Poll::Ready(match opened {
                Ok(socket) => {
                    self.open = Some((id, SocketIo::new(socket)));
                    Input::Opened(id)
                }
                Err(fault) => Input::Fault(id, fault),
            });
        }
        let Some((id, io)) = &mut self.open else { return Poll::Pending };
        let id = *id;
        Poll::Ready(match ready!(io.poll_read(cx)) {
            Some(Ok(SocketEvent::Text(text))) => Input::Text(id, text),
            Some(Ok(SocketEvent::Binary)) => Input::Binary(id),
            Some(Ok(SocketEvent::Alive)) => Input::Alive(id),
            Some(Ok(SocketEvent::Closed { code, reason })) => {
                // The reply to the peer's close frame is still to be flushed.
                if let Some((_, mut io)) = self.open.take() {
                    io.outbox.clear();
                    self.closing.push(Box::pin(ClosingSocket::new(io, closing_socket())));
                }
                Input::Closed { connection: id, code, reason }
            }
            Some(Err(fault)) => {
                self.open = None;
                Input::Fault(id, fault)
            }
            None => {
                self.open = None;
                Input::Closed { connection: id, code: None, reason: String::new() }
            }
        })
    }

    /// Writes what can be written. Ready if there is news for [`poll_input`](Self::poll_input).
    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.open.as_mut().map_or(Poll::Pending, |(_, io)| io.poll_write(cx))
    }

    /// Ready once no socket is saying good-bye.
    pub(crate) fn poll_closing(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while ready!(self.closing.poll_next_unpin(cx)).is_some() {}
        Poll::Ready(())
    }
}
