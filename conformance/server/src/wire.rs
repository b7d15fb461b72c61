//! The connections under HTTP: accepted as usual, but every request can end the one it came on, politely or not.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const OPEN: u8 = 0;
const CLOSED: u8 = 1;
const RESET: u8 = 2;

/// Who is at the other end, and the handle with which a request ends its own connection.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    end: Arc<AtomicU8>,
}

impl Peer {
    /// A peer without a connection, for requests that the platform makes to itself.
    pub(crate) fn local(address: SocketAddr) -> Peer {
        Peer { address, end: Arc::default() }
    }

    /// Nothing more is written: the next attempt closes the connection.
    pub(crate) fn close(&self) {
        self.end.store(CLOSED, Ordering::SeqCst);
    }

    /// As [`Peer::close`], but the peer sees a reset instead of an end.
    pub(crate) fn reset(&self) {
        self.end.store(RESET, Ordering::SeqCst);
    }
}

impl Connected<IncomingStream<'_, Door>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Peer {
        Peer { address: *stream.remote_addr(), end: stream.io().end.clone() }
    }
}

/// Takes connections in.
#[derive(Debug)]
pub(crate) struct Door(pub(crate) TcpListener);

impl Listener for Door {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Without TCP_NODELAY the first exchanges of a connection wait for delayed acknowledgements.
        let _ = stream.set_nodelay(true);
        (Wire { stream, end: Arc::default() }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection that fails to write once it was told to end, which makes its owner drop it.
#[derive(Debug)]
pub(crate) struct Wire {
    stream: TcpStream,
    end: Arc<AtomicU8>,
}

impl Wire {
    fn check(&self) -> io::Result<()> {
        match self.end.load(Ordering::SeqCst) {
            OPEN => Ok(()),
            _ => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.end.load(Ordering::SeqCst) == RESET {
            // What cannot be reset is closed, which the peer has to cope with as well.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
