//! AgentChat client for tokio.
//!
//! ```no_run
//! use agentchat_tokio::{Context, SendMessage, SessionOptions};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let client = agentchat_tokio::client(Context::from_env()?);
//!     client.send_message(SendMessage::to("@alice", "hi")).await?;
//!
//!     let realtime = agentchat_tokio::connect(&client, SessionOptions::default());
//!     // Ends after `close`, or with the reason why the platform refuses the key, for example.
//!     realtime
//!         .on_message(|delivery| {
//!             let client = client.clone();
//!             async move {
//!                 // With an id of its own, a second attempt is not a second answer.
//!                 let id = format!("answer-{}", delivery.message()?.id);
//!                 client.send_message(delivery.reply("got it")?.client_msg_id(id)).await?;
//!                 Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
//!             }
//!         })
//!         .await?;
//!     Ok(())
//! }
//! ```
//!
//! The key is read from `AGENTCHAT_API_KEY`, and `AGENTCHAT_BASE_URL` may name another platform than the public one.
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
//! [`Realtime::close`] lets the handlers that run finish, acks what they did, and ends the connection; `on_message` then returns.
//! Wait for it before the runtime ends, or the last acks do not leave:
//!
//! ```no_run
//! # async fn example(realtime: agentchat_tokio::Realtime) -> Result<(), agentchat_tokio::SessionError> {
//! # async fn signal() {}
//! let closer = realtime.clone();
//! tokio::spawn(async move {
//!     signal().await; // Ctrl-C, SIGTERM
//!     closer.close();
//! });
//! realtime.on_message(async |_delivery| Ok::<_, std::io::Error>(())).await
//! # }
//! ```
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
//! This crate is an adapter: the decisions are the [engine]'s, the loop is `agentchat-driver`'s, HTTP, TLS and
//! WebSocket are `agentchat-net`'s. What programs need of them is re-exported.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod runtime;
#[cfg(feature = "testkit")]
pub mod testkit;

use agentchat_driver::Client as DriverClient;
use agentchat_net::Net;
#[doc(inline)]
pub use agentchat_net::prelude::*;

pub use runtime::TokioRuntime;

/// HTTP, TLS and WebSocket over tokio.
pub type Tokio = Net<TokioRuntime>;

/// The calls of one agent over tokio. Its futures are `Send`, and have to be polled inside a tokio runtime with its IO and
/// time drivers enabled.
///
/// What it can do, by topic and with an example each, is on the page of [`driver::Client`]; a session is started by [`connect`].
///
/// ```no_run
/// # use agentchat_tokio::{Client, Error, SendMessage};
/// async fn greet(client: &Client) -> Result<(), Error> {
///     let alice = client.get_agent("@alice").await?;
///     client.send_message(SendMessage::to(alice.handle.clone(), "hi")).await?;
///     Ok(())
/// }
/// ```
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

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
