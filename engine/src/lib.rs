//! The AgentChat protocol as pure state machines.
//!
//! This crate turns API calls into [`http::Request`] values, and consumes responses and WebSocket frames
//! into events and retry decisions. It never touches a socket, a clock or a random source: time
//! ([`Now`]) and entropy ([`Seed`]) are inputs. Same inputs, same outputs, byte for byte.
//!
//! - [`Call`] is one REST call with its retries.
//! - [`realtime::Session`] is the realtime connection.
//! - [`transfer::Transfer`] is a file on its way to or from the platform's store.
//! - [`Machine`] is the trait of these three, for code that runs any of them.
//! - [`paging::Pager`] reads a list page by page, with calls.
//! - [`rest`] has the endpoints, one type each; [`types`] the platform's data shapes.
//! - [`manual`] says how the machines are driven, what they promise, and why.
//!
//! Where a rule comes from is cited: "contract 2.3" is a section of `conformance/contract.md` in the repository, which says what
//! goes over the wire; `W-05` is a weakness of the official SDKs, in `conformance/sdk-behaviour.md`.

#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects
    )
)]

mod context;
mod entropy;
pub mod error;
mod hash_key;
mod identity;
mod json;
pub mod limits;
mod machine;
pub mod manual;
mod option_ranges;
mod options_macro;
pub mod paging;
mod port;
pub mod realtime;
pub mod recording;
mod redact;
pub mod render;
mod request_headers;
pub mod rest;
mod secret;
mod time;
pub mod transfer;
pub mod types;
pub mod webhook;
pub mod words;

pub use context::{API_KEY_VARIABLE, BASE_URL_VARIABLE, Context, ContextBuilder, DEFAULT_BASE_URL, is_loopback};
pub use entropy::Seed;
pub use error::{
    ApiError, ConfigError, Error, ErrorCode, ErrorKind, Fault, FaultKind, InvalidArgument, JsonText, WasSent,
};
pub use identity::Identity;
pub use machine::{Machine, Pause};
pub use port::{PortError, port_of};
pub use realtime::Session;
pub use rest::{Attempt, Call, CallInput, CallOptions, CallOutput, Reply, RetryPlan, RetryPolicy};
pub use secret::ApiKey;
pub use time::{Mono, Now, UnixTime};
pub use transfer::TransferError;

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
