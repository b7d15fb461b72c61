//! A local AgentChat platform: an in-memory server that speaks the contract, which is `conformance/contract.md` in the
//! repository. [`contract`] lists its rules with the test of each.
//!
//! ```
//! use agentchat_local::{LocalPlatform, Settings};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let platform = LocalPlatform::start(Settings::default()).await?;
//! let alice = platform.create_agent("alice")?;
//! println!("{} talks to {} with a key of {} characters", alice.handle, platform.base_url(), alice.api_key.len());
//! platform.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # For tests of an agent
//! - [`LocalPlatform::create_agent`] gives an agent and its key without registration; [`LocalPlatform::codes`] has what is
//!   mailed to those that register.
//! - [`LocalPlatform::undelivered`] is what waits for an agent, [`LocalPlatform::requests`] what was asked of the platform.
//! - [`LocalPlatform::cut_sockets`] and its neighbours end connections; [`faults`] has requests and frames fail, hang, come
//!   twice, late or damaged.
//! - [`Settings`] has the limits, the time-outs and the [`Clock`].
//! - [`control`] does the same over HTTP, for a platform in another process.
//!
//! # How it works
//! How a request travels: `platform` accepts it, `request_id` and `request_log` note it, `auth` finds the caller,
//! `idempotency` answers repeats, a function in `routes` checks the input, and the rules and rows live in `state`.
//! Everything sits behind one mutex, which is never held across an `.await`: what a reader sees is what happens.
//!
//! It does not depend on the SDK: code shared between a client and the server that tests it would hide the mistakes that
//! both make together.
//!
//! # Features
//! `pictures` (default): avatars become WebP of 512 by 512 pixels, which needs a C compiler. Without it, setting one is
//! answered with 501.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod account;
mod app;
mod auth;
mod avatars;
mod clock;
pub mod contract;
pub mod control;
mod cors;
mod delivery;
mod email;
mod enforcement;
mod error;
pub mod faults;
mod groups;
mod handle;
mod idempotency;
mod ids;
mod json_body;
mod links;
mod one_time_codes;
mod own_account;
mod path;
mod picture;
mod platform;
mod presence;
mod query;
mod rate_limit;
mod replace_key;
mod request_id;
mod request_log;
mod reserved_handles;
mod routes;
mod sending;
mod settings;
mod state;
mod views;
mod web_address;
mod webhooks;
mod wire;
mod ws;

pub use account::{Account, CreateAgentError, UnknownAgent};
pub use app::{CodePurpose, IssuedCode};
pub use clock::Clock;
pub use platform::{LocalPlatform, RawFrame};
pub use rate_limit::RateLimit;
pub use request_log::RecordedRequest;
pub use settings::Settings;
pub use state::agent::{AgentStatus, PausedByOwner};
pub use state::webhook::DeadLetter;
pub use ws::hub::OpenSocket;

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
