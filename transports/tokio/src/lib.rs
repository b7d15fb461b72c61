//! AgentChat client for tokio.
//!
//! ```no_run
//! use agentchat_tokio::{ApiKey, Context, SendMessage, SessionOptions};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let context = Context::builder().api_key(ApiKey::new("ac_…")?).build()?;
//! let client = agentchat_tokio::client(context);
//! client.send_message(SendMessage::to("@alice", "hi")).await?;
//!
//! let realtime = agentchat_tokio::connect(&client, SessionOptions::default());
//! // Ends after `close`, or with the reason why the platform refuses the key, for example.
//! realtime
//!     .on_message(|delivery| {
//!         let client = client.clone();
//!         async move {
//!             client.send_message(delivery.reply("got it")?).await?;
//!             Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
//!         }
//!     })
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! This crate is an adapter: the decisions are the [engine]'s, the loop is `agentchat-driver`'s, HTTP, TLS and
//! WebSocket are `agentchat-net`'s. What programs need of them is re-exported.

mod runtime;

use agentchat_driver::Client as DriverClient;
use agentchat_net::Net;
#[doc(inline)]
pub use agentchat_net::prelude::*;

pub use runtime::TokioRuntime;

/// HTTP, TLS and WebSocket over tokio.
pub type Tokio = Net<TokioRuntime>;

/// The calls of one agent over tokio. Its futures are `Send`, and have to be polled inside a tokio runtime with its IO and
/// time drivers enabled.
pub type Client = DriverClient<Tokio>;

/// A client that trusts Mozilla's roots and goes through the environment's proxy, if there is one.
///
/// ```
/// let context = agentchat_tokio::Context::builder().build()?;
/// let client = agentchat_tokio::client(context);
/// # Ok::<(), agentchat_tokio::ConfigError>(())
/// ```
#[must_use]
pub fn client(context: Context) -> Client {
    builder().build(context)
}

/// A client with settings: whom to trust, which proxy, how long connecting may take.
///
/// ```
/// use agentchat_tokio::{Context, Proxy};
///
/// let client = agentchat_tokio::builder().proxy(Proxy::none()).build(Context::builder().build()?);
/// # Ok::<(), agentchat_tokio::ConfigError>(())
/// ```
pub fn builder() -> ClientBuilder<TokioRuntime> {
    Net::builder(TokioRuntime)
}

/// The README's programs compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
