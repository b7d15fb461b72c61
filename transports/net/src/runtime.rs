//! What a runtime has to bring: byte streams, names, sleep, and tasks for the connection pool.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_io::{AsyncRead, AsyncWrite};

/// An asynchronous runtime. The adapter for tokio implements it in forty lines, which are to be copied; one whose reactor is
/// async-io's implements `Executor` only.
///
/// Streams and tasks must be `Send`. A thread-per-core runtime (glommio, monoio), whose are not, implements
/// [`Transport`](agentchat_driver::Transport) instead.
pub trait Runtime: Clone + Send + Sync + 'static {
    /// A TCP stream.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// The runtime and its version as in `tokio/1`. Visible ASCII.
    fn name(&self) -> &str;

    /// Looks a host up.
    ///
    /// # Errors
    /// If the look-up failed.
    fn resolve(&self, host: &str, port: u16) -> impl Future<Output = io::Result<Vec<SocketAddr>>> + Send;

    /// Opens a TCP connection with `TCP_NODELAY` set, without which small requests wait for the peer's delayed
    /// acknowledgement.
    ///
    /// # Errors
    /// If it could not be opened.
    fn connect(&self, address: SocketAddr) -> impl Future<Output = io::Result<Self::Stream>> + Send;

    /// Completes when at least this much time has passed. May be awaited only where the runtime runs, but must not
    /// borrow from it.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + Sync + 'static;

    /// Runs a task in the background: the connection pool has one for each connection.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static);
}
