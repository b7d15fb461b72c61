//! A way through a proxy: `CONNECT` of HTTP, or SOCKS 5.

use std::future::{Ready, ready};
use std::task::{Context, Poll};

use agentchat_engine::{Fault, FaultKind, WasSent};
use futures_io::{AsyncRead, AsyncWrite};
use http::Uri;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::Intercept;
use tower_service::Service;

use crate::hyper_io::HyperIo;
use crate::proxy::is_http;
use crate::stream::NetStream;

/// Asks the proxy at the other end of a stream for a tunnel to a host. What is sent through it the proxy only passes on.
pub(crate) async fn open<S>(
    stream: NetStream<S>,
    proxy: &Intercept,
    host: &str,
    port: u16,
) -> Result<NetStream<S>, Fault>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let destination = Uri::builder().scheme("http").authority(format!("{host}:{port}")).path_and_query("/").build();
    let destination = destination.map_err(|_| fault("the host cannot be asked for"))?;
    let (uri, opened) = (proxy.uri().clone(), Opened(Some(HyperIo::new(stream))));
    // Texts of the library's own; the proxy's answer is not quoted.
    let through = if is_http(proxy) {
        let mut tunnel = Tunnel::new(uri, opened);
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        tunnel.call(destination).await.map_err(|error| fault(format!("the proxy: {error}")))?
    } else {
        let mut tunnel = SocksV5::new(uri, opened);
        if let Some((user, password)) = proxy.raw_auth() {
            tunnel = tunnel.with_auth(user.to_owned(), password.to_owned());
        }
        tunnel.call(destination).await.map_err(|error| fault(format!("the proxy: {error}")))?
    };
    Ok(through.into_stream())
}

/// Nothing of the call was sent: the proxy has not seen it.
fn fault(message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Connect, WasSent::No, message)
}

/// A connector for a stream that is open already.
struct Opened<S>(Option<HyperIo<S>>);

impl<S> Service<Uri> for Opened<S> {
    type Response = HyperIo<S>;
    type Error = Fault;
    type Future = Ready<Result<Self::Response, Fault>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| fault("the stream is in use")))
    }
}
