//! A build without TLS: the types of [`present`](super), of which there is no value.

use std::convert::Infallible;
use std::io;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use agentchat_engine::{Fault, FaultKind, WasSent};
use futures_io::{AsyncRead, AsyncWrite};

/// There is nothing to configure.
#[derive(Clone)]
pub(crate) struct Config;

#[derive(Clone)]
pub(crate) struct Connector;

impl Connector {
    pub(crate) fn speaking(_: &Config, _: &[&[u8]]) -> Self {
        Self
    }
}

pub(crate) type ServerName = Infallible;

#[derive(Debug)]
pub(crate) struct TlsStream<S>(Infallible, PhantomData<S>);

pub(crate) fn default_config() -> Config {
    Config
}

pub(crate) fn server_name(_: &str) -> Result<ServerName, Fault> {
    let message = "this build cannot encrypt: `https` and `wss` URLs need the feature `tls` or `aws-lc-rs`";
    Err(Fault::new(FaultKind::Config, WasSent::No, message))
}

pub(crate) async fn handshake<S>(_: &Connector, name: ServerName, _: S) -> Result<TlsStream<S>, Fault> {
    match name {}
}

pub(crate) fn is_h2<S>(stream: &TlsStream<S>) -> bool {
    match stream.0 {}
}

impl<S: Unpin> AsyncRead for TlsStream<S> {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut [u8]) -> Poll<io::Result<usize>> {
        match self.0 {}
    }
}

impl<S: Unpin> AsyncWrite for TlsStream<S> {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        match self.0 {}
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.0 {}
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.0 {}
    }
}
