//! HTTP, TLS and WebSocket for AgentChat over any runtime's byte streams.
//!
//! [`Net`] is everything that the adapters share. An adapter brings a [`Runtime`]: byte streams, name look-up, sleep,
//! and tasks for the connection pool. Programs use an adapter, such as `agentchat-tokio`, not this crate.
//!
//! - HTTP/1.1, and HTTP/2 where the peer offers it in the TLS handshake, over a pool of connections. Redirects are
//!   never followed: `Authorization` goes to one origin only.
//! - One TLS stack with compiled-in roots, or a [configuration](rustls::ClientConfig) of your own. No process-wide
//!   default is installed.
//! - A host's addresses are tried in turn.

pub use rustls;

#[cfg(feature = "async-io")]
mod async_io;
mod connect;
mod dial;
mod http_body;
mod http_client;
mod hyper_io;
mod hyper_rt;
mod net;
mod runtime;
mod stream;
pub mod surface;
mod tls;
mod websocket;

#[cfg(feature = "async-io")]
pub use crate::async_io::{AsyncIo, Executor};
pub use connect::connect;
pub use http_body::Incoming;
pub use net::Net;
pub use runtime::Runtime;
pub use websocket::WebSocket;
