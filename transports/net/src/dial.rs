//! From a URL to a byte stream: look up, connect, encrypt.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use agentchat_engine::{Fault, FaultKind, Sent};
use futures_rustls::TlsConnector;
use futures_util::future::{Either, select};
use http::Uri;

use crate::Runtime;
use crate::stream::NetStream;
use crate::tls;

/// How long one of several addresses may take before the next is tried: two SYN retransmissions. The last one has
/// whatever time the caller gives.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens a stream to the host of an `http`, `https`, `ws` or `wss` URL.
pub(crate) async fn dial<R: Runtime>(
    runtime: &R,
    tls: &TlsConnector,
    uri: &Uri,
) -> Result<NetStream<R::Stream>, Fault> {
    let host = uri.host().ok_or_else(|| unreachable_host("the URL has no host"))?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let secure = matches!(uri.scheme_str(), Some("https" | "wss"));
    let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let stream = connect(runtime, &resolve(runtime, host, port).await?).await?;
    if secure { tls::handshake(tls, host, stream).await } else { Ok(NetStream::Plain(stream)) }
}

async fn resolve<R: Runtime>(runtime: &R, host: &str, port: u16) -> Result<Vec<SocketAddr>, Fault> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let found = runtime.resolve(host, port).await;
    found.map_err(|error| unreachable_host(format!("looking up the host: {error}")))
}

/// Tries the addresses in turn; the last one's failure is told.
async fn connect<R: Runtime>(runtime: &R, addresses: &[SocketAddr]) -> Result<R::Stream, Fault> {
    let mut last = unreachable_host("the host has no address");
    for (index, address) in addresses.iter().enumerate() {
        let patience = (index + 1 < addresses.len()).then_some(PATIENCE);
        match connect_one(runtime, *address, patience).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = unreachable_host(format!("{address}: {error}")),
        }
    }
    Err(last)
}

async fn connect_one<R: Runtime>(
    runtime: &R,
    address: SocketAddr,
    patience: Option<Duration>,
) -> io::Result<R::Stream> {
    let Some(patience) = patience else {
        return runtime.connect(address).await;
    };
    match select(pin!(runtime.connect(address)), pin!(runtime.sleep(patience))).await {
        Either::Left((connected, _)) => connected,
        Either::Right(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}

fn unreachable_host(message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Connect, Sent::No, message)
}
