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

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::sync::{Arc, Mutex};

    use futures_util::FutureExt;
    use futures_util::io::Cursor;

    use super::*;
    use crate::tls::{Tls, default_config};

    /// A host with three addresses: port 1 refuses, port 2 never answers, port 3 is open. Sleeps end at once.
    #[derive(Clone, Default)]
    struct Stub(Arc<Mutex<Vec<u16>>>);

    impl Runtime for Stub {
        type Stream = Cursor<Vec<u8>>;

        fn name(&self) -> &str {
            "stub/1"
        }

        async fn resolve(&self, host: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
            let ports: &[u16] = match host {
                "open.example" => &[1, 2, 3],
                "closed.example" => &[2, 1],
                _ => return Err(io::ErrorKind::NotFound.into()),
            };
            Ok(ports.iter().map(|port| SocketAddr::from(([127, 0, 0, 1], *port))).collect())
        }

        async fn connect(&self, address: SocketAddr) -> io::Result<Self::Stream> {
            self.0.lock().unwrap().push(address.port());
            match address.port() {
                1 => Err(io::ErrorKind::ConnectionRefused.into()),
                2 => pending().await,
                _ => Ok(Cursor::default()),
            }
        }

        fn sleep(&self, _: Duration) -> impl Future<Output = ()> + Send + Sync + 'static {
            ready(())
        }

        fn spawn(&self, _: impl Future<Output = ()> + Send + 'static) {}
    }

    fn dialled(url: &str) -> (Result<(), Fault>, Vec<u16>) {
        let (stub, uri) = (Stub::default(), url.parse().unwrap());
        let tls = Tls::new(&default_config());
        let result = dial(&stub, &tls.http, &uri).now_or_never().expect("nothing to wait for");
        let tried = stub.0.lock().unwrap().clone();
        (result.map(drop), tried)
    }

    #[test]
    fn addresses_are_tried_in_turn() {
        assert_eq!(dialled("http://open.example/"), (Ok(()), vec![1, 2, 3]));
    }

    #[test]
    fn the_last_addresss_failure_is_told() {
        let (result, tried) = dialled("http://closed.example/");
        assert_eq!(tried, [2, 1]);
        let fault = result.unwrap_err();
        assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, Sent::No));
        assert_eq!(fault.message, "127.0.0.1:1: connection refused");
    }

    #[test]
    fn ports_follow_the_scheme_and_addresses_need_no_look_up() {
        assert_eq!(dialled("ws://127.0.0.1:3/"), (Ok(()), vec![3]));
        assert_eq!(dialled("http://[::1]/"), (Ok(()), vec![80]));
        assert_eq!(dialled("http://unknown.example/").0.unwrap_err().kind, FaultKind::Connect);
    }
}
