//! Drives the AgentChat engine over any transport, without an executor.
//!
//! The [engine] decides; this crate is the loop that does what it says: [`Client`] runs its REST
//! calls, [`Connection`] its realtime session, both over a [`Transport`], which an adapter crate such as
//! `agentchat-tokio` supplies. Nothing is spawned here and no runtime is named: every future runs where it is
//! polled, and may be dropped at any time.
//!
//! An adapter crate re-exports what programs need of this one and of the engine.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub use agentchat_engine as engine;

mod agent_name;
mod body;
mod body_limit;
mod call;
mod checkpoint_file;
mod client;
mod hooks;
mod lock;
pub mod manual;
mod methods;
mod next_input;
mod observe;
mod pages;
mod panic_observer;
mod realtime;
mod record;
mod sessions;
mod socket;
#[cfg(feature = "testkit")]
pub mod testkit;
mod timer;
mod transfer;
mod transport;

pub use body::{BodyCut, Feed, Outgoing};
pub use body_limit::BodyLimit;
pub use checkpoint_file::{CheckpointFile, CheckpointFileError};
pub use client::Client;
pub use hooks::{
    Attempted, BacklogEvent, CallEvent, CallEvents, ErrorEvent, Failure, HOOK_BACKLOG, Hooks, RequestEvent,
    ResponseEvent, RetryEvent,
};
pub use pages::Paged;
pub use panic_observer::PanicObserver;
pub use realtime::{
    CLOSE_HANDSHAKE, Checkpoints, Connection, ConsumerTaken, Deliveries, Delivery, EVENT_BACKLOG, EVENT_BYTES, Events,
    MessageError, Realtime, SessionError, Unsent,
};
pub use record::{RecordingOf, RecordingSink};
pub use socket::{Socket, SocketCommand, SocketEvent};
pub use transfer::{Download, Progress, Source, Upload, Uploaded};
pub use transport::Transport;

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
