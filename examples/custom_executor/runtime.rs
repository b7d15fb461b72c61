//! What `agentchat-net` wants of a runtime: byte streams, names, sleep, tasks. HTTP, TLS and WebSocket are its own.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::future::poll_fn;
use futures_util::io::{AsyncRead, AsyncWrite};
use mio::net::TcpStream;
use mio::{Interest, Token};

use crate::executor::Executor;

#[derive(Clone)]
pub(crate) struct Mio(pub(crate) Arc<Executor>);

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
        let (mut socket, token) = (TcpStream::connect(address)?, Token(self.0.numbers.fetch_add(1, Ordering::Relaxed)));
        self.0.registry.register(&mut socket, token, Interest::READABLE | Interest::WRITABLE)?;
        let mut stream = Stream { socket, token, executor: Arc::clone(&self.0) };
        let connected = |socket: &mut TcpStream| match (socket.take_error()?, socket.peer_addr()) {
            (Some(error), _) => Err(error),
            (None, Err(error)) if error.kind() == ErrorKind::NotConnected => Err(ErrorKind::WouldBlock.into()),
            (None, peer) => peer.and_then(|_| socket.set_nodelay(true)),
        };
        poll_fn(|cx| stream.attempt(cx, 1, connected)).await?;
        Ok(stream)
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + Sync + 'static {
        let (executor, number) = (Arc::clone(&self.0), self.0.numbers.fetch_add(1, Ordering::Relaxed));
        let at = Instant::now() + duration;
        poll_fn(move |cx| {
            if Instant::now() >= at {
                return Poll::Ready(());
            }
            executor.timers.lock().unwrap().insert((at, number), cx.waker().clone());
            Poll::Pending
        })
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }
}

pub(crate) struct Stream {
    socket: TcpStream,
    token: Token,
    executor: Arc<Executor>,
}

impl Stream {
    /// Does it now, or when mio says that reading (0) or writing (1) can go on.
    fn attempt<T>(
        &mut self,
        cx: &Context<'_>,
        side: usize,
        act: impl FnOnce(&mut TcpStream) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        match act(&mut self.socket) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.executor.sockets.lock().unwrap().entry(self.token).or_default()[side] = Some(cx.waker().clone());
                Poll::Pending
            }
            done => Poll::Ready(done),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        self.attempt(cx, 0, |socket| socket.read(buf))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.attempt(cx, 1, |socket| socket.write(buf))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.socket.shutdown(Shutdown::Write))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Closing it would do as well.
        let _ = self.executor.registry.deregister(&mut self.socket);
        self.executor.sockets.lock().unwrap().remove(&self.token);
    }
}
