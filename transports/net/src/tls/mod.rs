//! TLS: whom to trust, and what to speak inside. Without the feature `tls` nothing is encrypted, and an `https` or `wss` URL is
//! refused before anything is dialled.

#[cfg(not(any(feature = "tls", feature = "aws-lc-rs")))]
mod absent;
#[cfg(any(feature = "tls", feature = "aws-lc-rs"))]
mod present;

#[cfg(not(any(feature = "tls", feature = "aws-lc-rs")))]
pub(crate) use absent::{Config, Connector, ServerName, TlsStream, default_config, handshake, is_h2, server_name};
#[cfg(all(feature = "platform-verifier", any(feature = "tls", feature = "aws-lc-rs")))]
pub(crate) use present::platform_config;
#[cfg(any(feature = "tls", feature = "aws-lc-rs"))]
pub(crate) use present::{
    Config, Connector, ServerName, TlsStream, config_with, default_config, handshake, is_h2, server_name,
};

/// One configuration, twice: HTTP may be HTTP/2, a WebSocket must not be.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) http: Connector,
    pub(crate) websocket: Connector,
}

impl Tls {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            http: Connector::speaking(config, &[b"h2", b"http/1.1"]),
            websocket: Connector::speaking(config, &[b"http/1.1"]),
        }
    }
}
