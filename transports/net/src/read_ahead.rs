//! A stream that is read in large pieces, although what is above asks for small ones.
//!
//! The WebSocket library keeps the buffer that it reads into. It is given a small one, since idle sessions are many; what was read
//! beyond it waits here, and only as long as it takes to be asked for.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::{fmt, io};

use futures_io::{AsyncRead, AsyncWrite};

use crate::read_buffer::{self, READ};
use crate::stream::NetStream;

pub(crate) struct ReadAhead<S> {
    stream: NetStream<S>,
    ahead: Vec<u8>,
    /// How many bytes of it were given out.
    given: usize,
    received: usize,
}

impl<S: fmt::Debug> fmt::Debug for ReadAhead<S> {
    /// Without what was read: it is somebody's mail.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadAhead").field("stream", &self.stream).finish_non_exhaustive()
    }
}

impl<S> ReadAhead<S> {
    pub(crate) fn new(stream: NetStream<S>) -> Self {
        Self { stream, ahead: Vec::new(), given: 0, received: 0 }
    }

    /// Bytes given out so far: the WebSocket library reports whole frames only.
    pub(crate) fn received(&self) -> usize {
        self.received
    }

    /// Counts anew.
    pub(crate) fn restart(&mut self) {
        self.received = 0;
    }

    /// Bytes written since this was last asked.
    pub(crate) fn take_sent(&mut self) -> usize {
        self.stream.take_sent()
    }

    /// What was read before.
    fn give(&mut self, buf: &mut [u8]) -> usize {
        let rest = self.ahead.get(self.given..).unwrap_or_default();
        let read = fill(buf, rest);
        self.given += read;
        if self.given >= self.ahead.len() {
            (self.ahead, self.given) = (Vec::new(), 0);
        }
        read
    }
}

/// Copies as much as there is room for; how much that is.
fn fill(buf: &mut [u8], bytes: &[u8]) -> usize {
    let length = buf.len().min(bytes.len());
    buf[..length].copy_from_slice(&bytes[..length]);
    length
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for ReadAhead<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let polled = if this.ahead.is_empty() {
            read_buffer::poll_read(Pin::new(&mut this.stream), cx, READ, |bytes| {
                let read = fill(buf, bytes);
                this.ahead = bytes[read..].to_vec();
                read
            })
        } else {
            Poll::Ready(Ok(this.give(buf)))
        };
        if let Poll::Ready(Ok(read)) = polled {
            this.received = this.received.saturating_add(read);
        }
        polled
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for ReadAhead<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_close(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use futures_util::io::Cursor;

    use super::*;

    #[test]
    fn every_byte_is_given_once_and_in_order_and_nothing_is_kept() {
        let bytes: Vec<u8> = (0..=255).cycle().take(3 * READ + 7).collect();
        let mut stream = ReadAhead::new(NetStream::plain(Cursor::new(bytes.clone())));
        let (mut read, mut buf, sizes) = (Vec::new(), [0; 1000], [1, 100, 1000, 999].iter().cycle());
        let mut cx = Context::from_waker(Waker::noop());
        for size in sizes {
            match Pin::new(&mut stream).poll_read(&mut cx, &mut buf[..*size]) {
                Poll::Ready(Ok(0)) => break,
                Poll::Ready(Ok(length)) => read.extend_from_slice(&buf[..length]),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((stream.received(), stream.ahead.capacity()), (bytes.len(), 0));
        assert!(read == bytes);
    }
}
