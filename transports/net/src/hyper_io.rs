//! hyper's byte-stream traits over ours.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};

use crate::connection_liveness::ConnectionLiveness;
use crate::read_buffer;
use crate::stream::NetStream;

/// A stream as hyper wants it.
pub(crate) struct HyperIo<S> {
    stream: NetStream<S>,
    connection_liveness: ConnectionLiveness,
}

impl<S> HyperIo<S> {
    pub(crate) fn new(stream: NetStream<S>) -> Self {
        Self { stream, connection_liveness: ConnectionLiveness::new() }
    }

    pub(crate) fn into_stream(self) -> NetStream<S> {
        self.stream
    }
}

impl<S> Connection for HyperIo<S> {
    fn connected(&self) -> Connected {
        let connected = self.connection_liveness.tell(Connected::new());
        if self.stream.is_h2() { connected.negotiated_h2() } else { connected }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Read for HyperIo<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, mut target: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let stream = Pin::new(&mut self.get_mut().stream);
        let room = target.remaining();
        // Copied once, because hyper's buffer is uninitialised and only `unsafe` code can lend it out.
        read_buffer::poll_read(stream, cx, room, |bytes| target.put_slice(bytes))
    }
}

/// Without vectored writes: hyper then puts a small body behind its head, and both leave in one segment. Not every runtime's
/// stream writes vectors at once, and what a large body is copied for is nothing beside sending it.
impl<S: AsyncRead + AsyncWrite + Unpin> Write for HyperIo<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_close(cx)
    }
}
