//! The runtime's verbs for tokio.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use agentchat_net::Runtime;
use tokio::net::{TcpStream, lookup_host};
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

/// The tokio runtime that the futures are polled in.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokioRuntime;

impl Runtime for TokioRuntime {
    type Stream = Compat<TcpStream>;

    fn name(&self) -> &str {
        "tokio/1"
    }

    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(lookup_host((host, port)).await?.collect())
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<Self::Stream> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(stream.compat())
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + Sync + 'static {
        tokio::time::sleep(duration)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(task);
    }
}
