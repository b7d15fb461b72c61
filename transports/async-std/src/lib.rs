//! AgentChat client for async-std.
//!
//! **async-std is discontinued upstream**; its authors name smol as the successor. New programs want `agentchat-smol`,
//! whose sockets and timers are the same. This crate works and is tested like the others, for programs that are on
//! async-std already.
//!
//! ```no_run
//! use agentchat_async_std::{ApiKey, Context, SendMessage, SessionOptions};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     async_std::task::block_on(async {
//!         let context = Context::builder().api_key(ApiKey::new("ac_…")?).build()?;
//!         let client = agentchat_async_std::client(context);
//!         client.send_message(SendMessage::to("@alice", "hi")).await?;
//!
//!         let realtime = agentchat_async_std::connect(&client, SessionOptions::default());
//!         // Ends after `close`, or with the reason why the platform refuses the key, for example.
//!         realtime
//!             .on_message(|delivery| {
//!                 let client = client.clone();
//!                 async move {
//!                     client.send_message(delivery.reply("got it")?).await?;
//!                     Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
//!                 }
//!             })
//!             .await?;
//!         Ok(())
//!     })
//! }
//! ```
//!
//! Its futures may be polled anywhere, by any executor: sockets and timers are async-io's, which has a thread of its own.
//! The connection pool and [`connect`] spawn on async-std's global executor, so that a task there must not block for long.
//!
//! This crate is an adapter: the decisions are the [engine]'s, the loop is `agentchat-driver`'s, HTTP, TLS and
//! WebSocket are `agentchat-net`'s. What programs need of them is re-exported.

use std::future::Future;

use agentchat_driver::Client as DriverClient;
#[doc(inline)]
pub use agentchat_net::prelude::*;
use agentchat_net::{AsyncIo, Executor, Net};

/// async-std's global executor.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsyncStdExecutor;

impl Executor for AsyncStdExecutor {
    fn name(&self) -> &str {
        "async-std/1"
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        // Dropping the handle lets the task run on.
        drop(async_std::task::spawn(task));
    }
}

/// async-std as the transport wants it.
pub type AsyncStdRuntime = AsyncIo<AsyncStdExecutor>;

/// HTTP, TLS and WebSocket over async-std.
pub type AsyncStd = Net<AsyncStdRuntime>;

/// The calls of one agent over async-std. Its futures are `Send`.
pub type Client = DriverClient<AsyncStd>;

/// A client that trusts Mozilla's roots and goes through the environment's proxy, if there is one.
///
/// ```
/// let context = agentchat_async_std::Context::builder().build()?;
/// let client = agentchat_async_std::client(context);
/// # Ok::<(), agentchat_async_std::ConfigError>(())
/// ```
#[must_use]
pub fn client(context: Context) -> Client {
    builder().build(context)
}

/// A client with settings: whom to trust, which proxy, how long connecting may take.
///
/// ```
/// use agentchat_async_std::{Context, Proxy};
///
/// let client = agentchat_async_std::builder().proxy(Proxy::none()).build(Context::builder().build()?);
/// # Ok::<(), agentchat_async_std::ConfigError>(())
/// ```
pub fn builder() -> ClientBuilder<AsyncStdRuntime> {
    Net::builder(AsyncStdRuntime::default())
}
