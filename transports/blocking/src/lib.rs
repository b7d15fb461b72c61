//! AgentChat client without async: every method waits for its answer.
//!
//! ```no_run
//! use agentchat_blocking::{ApiKey, Context, SendMessage, SessionOptions};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let context = Context::builder().api_key(ApiKey::new("ac_…")?).build()?;
//!     let client = agentchat_blocking::client(context);
//!     client.send_message(SendMessage::to("@alice", "hi"))?;
//!
//!     // Ends after `close`, or with the reason why the platform refuses the key, for example.
//!     client.realtime(SessionOptions::default())?.on_message(|delivery| {
//!         client.send_message(delivery.reply("got it")?)?;
//!         Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
//!     })?;
//!     Ok(())
//! }
//! ```
//!
//! It may be called from anywhere, also from inside an async program, whatever its runtime: nothing panics, and nothing that
//! a call needs runs on the thread that is blocked. That thread can do nothing else meanwhile, of course; in an async program
//! use the runtime's own adapter.
//!
//! **Threads.** Connections are kept alive by one thread, which the first client starts and which lives as long as the
//! process. A realtime session runs on a thread of its own, which belongs to the [`Realtime`]. Sockets and timers are
//! async-io's, which has a thread as well.
//!
//! This crate is an adapter: the decisions are the [engine]'s, the loop is `agentchat-driver`'s, HTTP, TLS and
//! WebSocket are `agentchat-net`'s. What programs need of them is re-exported.

mod blocking;
mod client;
mod deliveries;
mod handle;
mod methods;
mod runtime;
mod session;

use agentchat_net::Net;
#[doc(inline)]
pub use agentchat_net::prelude::*;

pub use blocking::Blocking;
pub use client::Client;
pub use deliveries::Deliveries;
pub use handle::Realtime;
pub use runtime::{BlockingExecutor, BlockingRuntime, block_on};
pub use session::StartError;

/// HTTP, TLS and WebSocket for programs without async.
pub type BlockingTransport = Net<BlockingRuntime>;

/// A client that trusts Mozilla's roots and goes through the environment's proxy, if there is one.
///
/// ```
/// let context = agentchat_blocking::Context::builder().build()?;
/// let client = agentchat_blocking::client(context);
/// # Ok::<(), agentchat_blocking::ConfigError>(())
/// ```
#[must_use]
pub fn client(context: Context) -> Client {
    Client::from(builder().build(context))
}

/// A client with settings: whom to trust, which proxy, how long connecting may take. What it builds is turned
/// into a [`Client`].
///
/// ```
/// use agentchat_blocking::{Client, Context, Proxy};
///
/// let client = agentchat_blocking::builder().proxy(Proxy::none()).build(Context::builder().build()?);
/// let client = Client::from(client);
/// # Ok::<(), agentchat_blocking::ConfigError>(())
/// ```
pub fn builder() -> ClientBuilder<BlockingRuntime> {
    Net::builder(BlockingRuntime::default())
}

/// Starts a realtime session, as [`Client::realtime`] does.
///
/// # Errors
/// [`StartError`] if the operating system gives no thread.
pub fn connect(client: &Client, options: SessionOptions) -> Result<Realtime, StartError> {
    client.realtime(options)
}

/// Starts a realtime session, as [`Client::realtime_from`] does.
///
/// # Errors
/// [`StartError`] if the operating system gives no thread.
pub fn connect_from(
    client: &Client,
    options: SessionOptions,
    resume: Option<Checkpoint>,
) -> Result<Realtime, StartError> {
    client.realtime_from(options, resume)
}

/// Starts a realtime session, as [`Client::realtime_with_file`] does.
///
/// # Errors
/// [`StartError`] if the operating system gives no thread.
pub fn connect_with_file(
    client: &Client,
    options: SessionOptions,
    file: CheckpointFile,
) -> Result<Realtime, StartError> {
    client.realtime_with_file(options, file)
}
