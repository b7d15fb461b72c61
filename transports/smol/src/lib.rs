//! AgentChat client for smol.
//!
//! ```no_run
//! use agentchat_smol::{ApiKey, Context, SendMessage, SessionOptions};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     smol::block_on(async {
//!         let context = Context::builder().api_key(ApiKey::new("ac_…")?).build()?;
//!         let client = agentchat_smol::client(context);
//!         client.send_message(SendMessage::to("@alice", "hi")).await?;
//!
//!         let realtime = agentchat_smol::connect(&client, SessionOptions::default());
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
//! The connection pool and [`connect`] spawn on smol's global executor, so that a task there must not block for long.
//!
//! This crate is an adapter: the decisions are the [engine]'s, the loop is `agentchat-driver`'s, HTTP, TLS and
//! WebSocket are `agentchat-net`'s. What programs need of them is re-exported.

use std::future::Future;

use agentchat_driver::Client as DriverClient;
#[doc(inline)]
pub use agentchat_net::prelude::*;
use agentchat_net::{AsyncIo, Executor, Net};

/// smol's global executor.
#[derive(Clone, Copy, Debug, Default)]
pub struct SmolExecutor;

impl Executor for SmolExecutor {
    fn name(&self) -> &str {
        "smol/2"
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        smol::spawn(task).detach();
    }
}

/// smol as the transport wants it.
pub type SmolRuntime = AsyncIo<SmolExecutor>;

/// HTTP, TLS and WebSocket over smol.
pub type Smol = Net<SmolRuntime>;

/// The calls of one agent over smol. Its futures are `Send`.
pub type Client = DriverClient<Smol>;

/// A client that trusts Mozilla's roots and goes through the environment's proxy, if there is one.
///
/// ```
/// let context = agentchat_smol::Context::builder().build()?;
/// let client = agentchat_smol::client(context);
/// # Ok::<(), agentchat_smol::ConfigError>(())
/// ```
#[must_use]
pub fn client(context: Context) -> Client {
    builder().build(context)
}

/// A client with settings: whom to trust, which proxy, how long connecting may take.
///
/// ```
/// use agentchat_smol::{Context, Proxy};
///
/// let client = agentchat_smol::builder().proxy(Proxy::none()).build(Context::builder().build()?);
/// # Ok::<(), agentchat_smol::ConfigError>(())
/// ```
pub fn builder() -> ClientBuilder<SmolRuntime> {
    Net::builder(SmolRuntime::default())
}
