//! What `agentchat-net` wants of a runtime: byte streams, names, sleep, tasks. HTTP, TLS and WebSocket are its own.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::future::poll_fn;
use futures_util::io::{AsyncRead, AsyncWrite};
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};

use crate::executor::Executor;

#[derive(Clone)]
pub(crate) struct Mio(pub(crate) Arc<Executor>, pub(crate) Arc<Registry>);

impl agentchat_net::Runtime for Mio {
    type Stream = Stream;

    fn name(&self) -> &str {
        "mio/1"
    }

    /// Holds everything up meanwhile. A program that cannot afford that asks a thread, or a resolver of its own.
    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok((host, port).to_socket_addrs()?.collect())
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<Stream> {
        let mut socket = TcpStream::connect(address)?;
        self.1.register(&mut socket, Token(0), Interest::READABLE | Interest::WRITABLE)?;
        let mut stream = Stream(socket, Arc::clone(&self.0));
        let connected = |socket: &mut TcpStream| match socket.take_error()? {
            Some(error) => Err(error),
            None => socket.peer_addr().map_err(|_| ErrorKind::WouldBlock.into()),
        };
        poll_fn(|cx| stream.attempt(cx, connected)).await?;
        stream.0.set_nodelay(true)?;
        Ok(stream)
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + Sync + 'static {
        let (executor, at) = (Arc::clone(&self.0), Instant::now() + duration);
        poll_fn(move |cx| if Instant::now() >= at { Poll::Ready(()) } else { executor.wait(cx, Some(at)) })
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }
}

/// Closing the socket also ends its registration.
pub(crate) struct Stream(TcpStream, Arc<Executor>);

impl Stream {
    /// Does it now, or tries again when a socket has something to say.
    fn attempt<T>(&mut self, cx: &Context, act: impl FnOnce(&mut TcpStream) -> io::Result<T>) -> Poll<io::Result<T>> {
        match act(&mut self.0) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.1.wait(cx, None),
            done => Poll::Ready(done),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        self.attempt(cx, |socket| socket.read(buf))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.attempt(cx, |socket| socket.write(buf))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.shutdown(Shutdown::Write))
    }
}
