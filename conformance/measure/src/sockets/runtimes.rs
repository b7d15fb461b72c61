//! The four adapters, and the bare socket on each one's own streams.

use std::error::Error;

use agentchat_blocking::block_on;
use agentchat_engine::realtime::SessionOptions;
use agentchat_engine::{ApiKey, Context};
use agentchat_tokio::{Proxy, Realtime};
use tokio::runtime::{Builder, Runtime};
use tokio_util::compat::TokioAsyncReadCompatExt;

use super::bare_socket;
use super::meter::{Meter, Spent};
use crate::peer::Peer;

/// Handles and acks all of so many messages.
pub(super) type Run = fn(&Peer, usize) -> Result<Spent, Box<dyn Error>>;

/// What a client is made with.
pub(crate) fn context(peer: &Peer) -> Result<Context, Box<dyn Error>> {
    Ok(Context::builder().api_key(ApiKey::new("ac_measured")?).base_url(peer.url()).build()?)
}

/// A client on tokio that takes no notice of this machine's proxy.
pub(crate) fn client(peer: &Peer) -> Result<agentchat_tokio::Client, Box<dyn Error>> {
    Ok(agentchat_tokio::builder().proxy(Proxy::none()).build(context(peer)?))
}

/// tokio on the current thread.
pub(crate) fn tokio_runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Takes so many messages with a handler that succeeds at once.
async fn handle(realtime: Realtime, frames: usize) -> Result<Spent, Box<dyn Error>> {
    let meter = Meter::new(frames);
    let handled = realtime.on_message(|_| {
        if meter.count() {
            realtime.close();
        }
        async { Ok::<_, std::convert::Infallible>(()) }
    });
    handled.await?;
    Ok(meter.spent()?)
}

pub(super) fn tokio(peer: &Peer, frames: usize) -> Result<Spent, Box<dyn Error>> {
    tokio_runtime()?.block_on(async {
        let client = client(peer)?;
        handle(agentchat_tokio::connect(&client, SessionOptions::default()), frames).await
    })
}

pub(super) fn bare_tokio(peer: &Peer, frames: usize) -> Result<Spent, Box<dyn Error>> {
    tokio_runtime()?.block_on(async {
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", peer.port())).await?;
        stream.set_nodelay(true)?;
        bare_socket::handle(stream.compat(), peer, frames).await
    })
}

pub(super) fn smol(peer: &Peer, frames: usize) -> Result<Spent, Box<dyn Error>> {
    let client = agentchat_smol::builder().proxy(Proxy::none()).build(context(peer)?);
    smol::block_on(handle(agentchat_smol::connect(&client, SessionOptions::default()), frames))
}

pub(super) fn bare_smol(peer: &Peer, frames: usize) -> Result<Spent, Box<dyn Error>> {
    smol::block_on(bare_async_io(peer, frames))
}

pub(super) fn async_std(peer: &Peer, frames: usize) -> Result<Spent, Box<dyn Error>> {
    let client = agentchat_async_std::builder().proxy(Proxy::none()).build(context(peer)?);
    async_std::task::block_on(handle(agentchat_async_std::connect(&client, SessionOptions::default()), frames))
}

pub(super) fn bare_async_std(peer: &Peer, frames: usize) -> Result<Spent, Box<dyn Error>> {
    async_std::task::block_on(async {
        let stream = async_std::net::TcpStream::connect(("127.0.0.1", peer.port())).await?;
        stream.set_nodelay(true)?;
        bare_socket::handle(stream, peer, frames).await
    })
}

pub(super) fn blocking(peer: &Peer, frames: usize) -> Result<Spent, Box<dyn Error>> {
    let client =
        agentchat_blocking::Client::from(agentchat_blocking::builder().proxy(Proxy::none()).build(context(peer)?));
    let realtime = agentchat_blocking::connect(&client, SessionOptions::default())?;
    let meter = Meter::new(frames);
    realtime.on_message(|_| {
        if meter.count() {
            realtime.close();
        }
        Ok::<_, std::convert::Infallible>(())
    })?;
    Ok(meter.spent()?)
}

pub(super) fn bare_blocking(peer: &Peer, frames: usize) -> Result<Spent, Box<dyn Error>> {
    block_on(bare_async_io(peer, frames))
}

async fn bare_async_io(peer: &Peer, frames: usize) -> Result<Spent, Box<dyn Error>> {
    let stream = smol::net::TcpStream::connect(("127.0.0.1", peer.port())).await?;
    stream.set_nodelay(true)?;
    bare_socket::handle(stream, peer, frames).await
}
