//! A byte stream to a host: TCP, or TLS over one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite, IoSlice};

use crate::tls::{self, TlsStream};

/// A TCP stream of a runtime, with or without TLS over it, once for a proxy and once for the host.
#[derive(Debug)]
pub(crate) struct NetStream<S> {
    layer: Layer<S>,
    received: usize,
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
        Self { layer: Layer::Plain(stream), received: 0, sent: 0 }
    }

    pub(crate) fn tls(stream: TlsStream<Self>) -> Self {
        Self { layer: Layer::Tls(Box::new(stream)), received: 0, sent: 0 }
    }

    /// Whether the peer chose HTTP/2 in the TLS handshake.
    pub(crate) fn is_h2(&self) -> bool {
        match &self.layer {
            Layer::Plain(_) => false,
            Layer::Tls(stream) => tls::is_h2(stream),
        }
    }

    /// Bytes read so far: the WebSocket library tells of whole frames only.
    pub(crate) fn received(&self) -> usize {
        self.received
    }

    /// Counts anew.
    pub(crate) fn restart(&mut self) {
        self.received = 0;
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
        let polled = match &mut self.layer {
            Layer::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Layer::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        };
        if let Poll::Ready(Ok(read)) = polled {
            self.received = self.received.saturating_add(read);
        }
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

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = match &mut self.layer {
            Layer::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
            Layer::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, bufs),
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
