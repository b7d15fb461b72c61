//! The verbs of the runtimes whose sockets and timers are async-io's. They differ in where their tasks run.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use ::async_io::Timer;
use async_net::TcpStream;
use futures_util::future::FutureExt;

use crate::Runtime;

/// Where tasks run: what is left of a [`Runtime`] when sockets and timers are async-io's.
///
/// ```
/// use agentchat_engine::Context;
/// use agentchat_net::{AsyncIo, Executor, Net};
///
/// /// A thread for each task.
/// #[derive(Clone)]
/// struct Threads;
///
/// impl Executor for Threads {
///     fn name(&self) -> &str {
///         "threads/1"
///     }
///
///     fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
///         std::thread::spawn(|| async_io::block_on(task));
///     }
/// }
///
/// let client = Net::builder(AsyncIo(Threads)).build(Context::builder().build()?);
/// # Ok::<(), agentchat_engine::ConfigError>(())
/// ```
pub trait Executor: Clone + Send + Sync + 'static {
    /// The runtime and its version as in `smol/2`. Visible ASCII.
    fn name(&self) -> &str;

    /// Runs a task in the background.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static);
}

/// A runtime on async-io. Its sockets and timers work wherever they are polled, also outside of the executor: async-io
/// has a thread of its own for them.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsyncIo<E>(pub E);

impl<E: Executor> Runtime for AsyncIo<E> {
    type Stream = TcpStream;

    fn name(&self) -> &str {
        self.0.name()
    }

    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        async_net::resolve((host, port)).await
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<Self::Stream> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + Sync + 'static {
        Timer::after(duration).map(drop)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }
}
