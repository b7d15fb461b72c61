//! AgentChat client without async: every method waits for its answer.
//!
//! ```no_run
//! use agentchat_blocking::{Context, SendMessage, SessionOptions};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let client = agentchat_blocking::client(Context::from_env()?);
//!     client.send_message(SendMessage::to("@alice", "hi"))?;
//!
//!     // Ends after `close`, or with the reason why the platform refuses the key, for example.
//!     client.realtime(SessionOptions::default())?.on_message(|delivery| {
//!         // With an id of its own, a second attempt is not a second answer.
//!         let id = format!("answer-{}", delivery.message()?.id);
//!         client.send_message(delivery.reply("got it")?.client_msg_id(id))?;
//!         Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
//!     })?;
//!     Ok(())
//! }
//! ```
//!
//! The key is read from `AGENTCHAT_API_KEY`, and `AGENTCHAT_BASE_URL` may name another platform than the public one.
//!
//! It may be called from anywhere, also from inside an async program, whatever its runtime: nothing panics, and nothing that
//! a call needs runs on the thread that is blocked. That thread can do nothing else meanwhile, of course; in an async program
//! use the runtime's own adapter.
//!
//! # Where to read on
//!
//! 1. [`Client`]: the calls, by topic. A request that has options is a type with setters: [`SendMessage`], [`CreateGroup`].
//! 2. [`Realtime`]: messages by a handler or as a stream, events, checkpoints, numbers.
//! 3. [`manual::agents`]: slow handlers, groups, answers that are given once, restarts, several processes, limits of the platform.
//! 4. [`manual::testing`], [`manual::observability`], and [`manual::migration`] from the Python and TypeScript SDKs.
//! 5. [`engine::manual`]: what is promised about messages, and how each promise is kept.
//!
//! # Shutdown
//!
//! [`Realtime::close`], from another thread, lets the handler that runs finish, acks what it did, and ends the connection;
//! `on_message` then returns. A program that is killed instead loses nothing: what was not acked is offered to its next run.
//!
//! # Errors
//!
//! A call fails with an [`Error`] after its own retries. [`Error::api`] has the platform's code and details,
//! [`Error::is_retryable`] says whether another attempt may succeed, and [`Error::maybe_executed`] whether the platform may have
//! acted. A session ends with a [`SessionError`] if nobody asked for its end; what goes wrong meanwhile is traced with
//! `tracing`, and in [`Realtime::events`]. Print an error with [`Report`], which joins it with its causes.
//!
//! # Testing
//!
//! With the feature `testkit` there is the module `testkit`: a platform inside the process, and clients of it of the type that
//! the program has, so that no code has to be generic to be tested. `agentchat serve-local` is a platform for a whole program, also in another language:
//! point it there with `AGENTCHAT_BASE_URL`, which [`Context::from_env`] reads.
//!
//! # Features
//!
//! | feature | default | what it is |
//! |---|---|---|
//! | `tls` | yes | `https` and `wss`, by ring; needs a C compiler. Without it only plaintext to this machine can be reached |
//! | `aws-lc-rs` | no | the same by aws-lc-rs, with or without `tls`; prefers key exchange that withstands quantum computers |
//! | `platform-verifier` | no | with one of these, trusting what the operating system trusts ([`ClientBuilder`]) |
//! | `metrics` | no | counts and times for the `metrics` facade ([`manual::observability`]) |
//! | `testkit` | no | the platform and the clock for tests |
//!
//! # Threads
//!
//! Connections are kept alive by one thread, which the first client starts and which lives as long as the
//! process. A realtime session runs on a thread of its own, which belongs to the [`Realtime`]. Sockets and timers are
//! async-io's, which has a thread as well.
//!
//! This crate is an adapter: the decisions are the [engine]'s, the loop is `agentchat-driver`'s, HTTP, TLS and
//! WebSocket are `agentchat-net`'s. What programs need of them is re-exported.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod blocking;
mod client;
mod deliveries;
mod handle;
mod methods;
mod runtime;
mod session;
#[cfg(feature = "testkit")]
pub mod testkit;

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

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
