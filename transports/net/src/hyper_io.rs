//! hyper's byte-stream traits over ours.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_io::{AsyncRead, AsyncWrite};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};

use crate::connection_liveness::ConnectionLiveness;
use crate::stream::NetStream;

/// Bytes that are read at once: a TLS record.
const READ: usize = 16 * 1024;

/// A stream as hyper wants it. What is read is copied once, because hyper's buffer is uninitialised and only `unsafe`
/// code can lend it out.
pub(crate) struct HyperIo<S> {
    stream: NetStream<S>,
    buffer: Box<[u8]>,
    connection_liveness: ConnectionLiveness,
}

impl<S> HyperIo<S> {
    pub(crate) fn new(stream: NetStream<S>) -> Self {
        Self { stream, buffer: vec![0; READ].into_boxed_slice(), connection_liveness: ConnectionLiveness::new() }
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
        let Self { stream, buffer, .. } = self.get_mut();
        let room = target.remaining().min(buffer.len());
        let read = ready!(Pin::new(stream).poll_read(cx, &mut buffer[..room]))?;
        target.put_slice(&buffer[..read]);
        Poll::Ready(Ok(()))
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
