//! A byte stream to a host: TCP, or TLS over one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};

use crate::tls::{self, TlsStream};

/// Reads in a row before other tasks get their turn. What is above reads on while there is something to read and nothing to hand
/// out, such as one interim answer after the other, and of the runtimes only tokio interrupts that.
const READS: u8 = 32;

/// A TCP stream of a runtime, with or without TLS over it, once for a proxy and once for the host.
#[derive(Debug)]
pub(crate) struct NetStream<S> {
    layer: Layer<S>,
    /// In a row, from the socket itself.
    reads: u8,
    sent: usize,
}

#[derive(Debug)]
enum Layer<S> {
    Plain(S),
    /// Boxed: the TLS state is some ten times the size of a socket.
    Tls(Box<TlsStream<NetStream<S>>>),
}

impl<S> NetStream<S> {
    pub(crate) fn plain(stream: S) -> Self {
        Self { layer: Layer::Plain(stream), reads: 0, sent: 0 }
    }

    pub(crate) fn tls(stream: TlsStream<Self>) -> Self {
        Self { layer: Layer::Tls(Box::new(stream)), reads: 0, sent: 0 }
    }

    /// Whether the peer chose HTTP/2 in the TLS handshake.
    pub(crate) fn is_h2(&self) -> bool {
        match &self.layer {
            Layer::Plain(_) => false,
            Layer::Tls(stream) => tls::is_h2(stream),
        }
    }

    /// Bytes written since this was last asked.
    pub(crate) fn take_sent(&mut self) -> usize {
        std::mem::take(&mut self.sent)
    }

    fn count_sent(&mut self, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(written)) = polled {
            self.sent = self.sent.saturating_add(written);
        }
        polled
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for NetStream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        let Self { layer, reads, .. } = &mut *self;
        let polled = match layer {
            Layer::Plain(_) if *reads == READS => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Layer::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Layer::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        };
        *reads = if polled.is_ready() { reads.saturating_add(1) } else { 0 };
        polled
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for NetStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let polled = match &mut self.layer {
            Layer::Plain(stream) => Pin::new(stream).poll_write(cx, buf),
            Layer::Tls(stream) => Pin::new(stream).poll_write(cx, buf),
        };
        self.count_sent(polled)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.layer {
            Layer::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Layer::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.layer {
            Layer::Plain(stream) => Pin::new(stream).poll_close(cx),
            Layer::Tls(stream) => Pin::new(stream).poll_close(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use futures_util::io::Cursor;

    use super::*;

    #[test]
    fn a_peer_that_has_always_something_to_say_leaves_others_their_turn() {
        let mut stream = NetStream::plain(Cursor::new(vec![b'x'; 1000]));
        let mut cx = Context::from_waker(Waker::noop());
        let mut byte = [0; 1];
        let turns: Vec<_> = (0..1000).map(|_| Pin::new(&mut stream).poll_read(&mut cx, &mut byte).is_ready()).collect();
        let waits = turns.iter().filter(|ready| !**ready).count();
        assert_eq!(waits, 1000 / (usize::from(READS) + 1));
        assert!(turns.windows(2).all(|pair| pair.contains(&true)), "it goes on afterwards");
    }
}
