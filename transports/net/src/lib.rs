//! HTTP, TLS and WebSocket for AgentChat over any runtime's byte streams.
//!
//! [`Net`] is everything that the adapters share. An adapter brings a [`Runtime`]: byte streams, name look-up, sleep,
//! and tasks for the connection pool. Programs use an adapter, such as `agentchat-tokio`, not this crate.
//!
//! - HTTP/1.1, and HTTP/2 where the peer offers it in the TLS handshake, over a pool of connections. Redirects are
//!   never followed: `Authorization` goes to one origin only. The body of an answer that says where it ends in
//!   two ways (`Content-Length` beside `Transfer-Encoding`), or that is coded otherwise than in chunks, is refused. What hyper takes
//!   beyond the grammar is taken: lines of a head that end in LF alone (RFC 9112, 2.2, allows it), and any number of zeros
//!   before a chunk's size, which cost no memory and end with the time limits.
//! - One TLS stack (feature `tls`, on by default, or `aws-lc-rs`) with compiled-in roots, the operating system's (feature `platform-verifier`), or a
//!   [configuration](rustls::ClientConfig) of your own. No process-wide default is installed.
//! - A host's addresses race for the connection, IPv6 and IPv4 in turn.
//! - HTTP and SOCKS 5 [proxies](Proxy), by default those of the environment.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "tls", feature = "aws-lc-rs"))]
pub use rustls;

#[cfg(feature = "async-io")]
mod async_io;
mod builder;
mod connect;
mod connection_liveness;
mod detour;
mod dial;
mod framing;
mod hooks;
mod host;
mod http_body;
mod http_client;
mod http_fault;
mod hyper_io;
mod hyper_rt;
mod net;
mod outgrown;
pub mod prelude;
mod proxy;
mod race;
mod read_ahead;
mod read_buffer;
mod runtime;
mod secret_first_frame;
mod stream;
#[cfg(test)]
mod stub;
#[cfg(feature = "testkit")]
pub mod testkit;
mod tls;
mod tunnel;
mod unsent;
mod websocket;

#[cfg(feature = "async-io")]
pub use crate::async_io::{AsyncIo, Executor};
pub use builder::ClientBuilder;
pub use connect::{connect, connect_from, connect_with_file};
pub use hooks::with_hooks;
pub use http_body::Incoming;
pub use net::Net;
pub use proxy::{Proxy, ProxyError};
pub use runtime::Runtime;
pub use websocket::WebSocket;

/// The README's program compiles.
#[cfg(all(doctest, feature = "async-io"))]
#[doc = include_str!("../README.md")]
struct Readme;
