//! What a client holds while many peers say what they have to say as slowly as they can, in the smallest pieces, or come to no
//! end: what the limits allow each of them, and a little for its connection. Counted by the allocator, on the client's thread alone.

mod files;
mod http;
mod peers;
mod sockets;

use std::alloc::System;
use std::net::SocketAddr;
use std::time::Duration;

use agentchat_engine::rest::RetryPolicy;
use agentchat_engine::{ApiKey, CallOptions, Context};
use agentchat_tokio::{Client, Proxy};
use mockalloc::{Mockalloc, record_allocs};
use tokio::runtime::{Builder, Runtime};

use crate::peers::PEERS;

#[global_allocator]
static ALLOCATOR: Mockalloc<System> = Mockalloc(System);

/// Bytes of a connection and of what it is for besides what came over it: futures, machines, and a few rooms for reading, which
/// a piece of a byte keeps alive as well as any.
const CONNECTION: usize = 128 * 1024;

/// Bytes of the largest body that the clients read.
const BODY: usize = 32 * 1024;

/// More than any of this takes, also on a busy machine: what is let go is let go for what it holds, and not for its time.
const LONG: Duration = Duration::from_secs(600);

/// A client that tries once.
fn client(address: SocketAddr) -> Client {
    let key = ApiKey::new("ac_key").unwrap();
    let context = Context::builder().api_key(key).base_url(format!("http://{address}")).build().unwrap();
    let options = CallOptions::default().timeout(LONG).deadline(LONG).retry(RetryPolicy::default().max_retries(0));
    agentchat_tokio::builder().proxy(Proxy::none()).response_limit(BODY).build(context).with_options(options)
}

/// Everything of the client is on this thread.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// What was held at once, and what still is, of each peer's share.
fn held(run: impl FnOnce()) -> (usize, usize) {
    let recorded = record_allocs(run);
    assert!(recorded.num_allocs() > 0, "the allocator counts nothing");
    let still = recorded.mem_allocated().saturating_sub(recorded.mem_freed());
    (recorded.peak_mem() as usize / PEERS, still as usize / PEERS)
}
