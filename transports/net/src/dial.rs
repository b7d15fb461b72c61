//! From a URL to a byte stream: look up, connect, go through the proxy, encrypt.

use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use agentchat_engine::{Fault, FaultKind, WasSent, port_of};
use futures_io::{AsyncRead, AsyncWrite};
use futures_util::future::{Either, select};
use http::Uri;

use crate::host::bare;
use crate::proxy::{Router, Way};
use crate::stream::NetStream;
use crate::tls::{self, Connector, ServerName, Tls};
use crate::{Runtime, race, tunnel};

/// Opens streams to the hosts of URLs.
pub(crate) struct Dialler<R> {
    pub(crate) runtime: R,
    pub(crate) tls: Tls,
    pub(crate) router: Router,
    pub(crate) timeout: Option<Duration>,
}

impl<R: Runtime> Dialler<R> {
    /// A stream for HTTP to the host of an `http` or `https` URL.
    pub(crate) async fn http(&self, uri: &Uri) -> Result<NetStream<R::Stream>, Fault> {
        self.in_time(self.dial(uri, &self.tls.http)).await
    }

    /// A stream for a WebSocket to the host of a `ws` or `wss` URL.
    pub(crate) async fn websocket(&self, uri: &Uri) -> Result<NetStream<R::Stream>, Fault> {
        self.in_time(self.dial(uri, &self.tls.websocket)).await
    }

    async fn in_time<T>(&self, dialling: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        let Some(timeout) = self.timeout else { return dialling.await };
        match select(pin!(dialling), pin!(self.runtime.sleep(timeout))).await {
            Either::Left((dialled, _)) => dialled,
            Either::Right(_) => {
                let message = format!("no connection within {} ms", timeout.as_millis());
                Err(Fault::new(FaultKind::Timeout, WasSent::No, message))
            }
        }
    }

    async fn dial(&self, uri: &Uri, inside: &Connector) -> Result<NetStream<R::Stream>, Fault> {
        let Peer { host, port, name } = Peer::of(uri)?;
        let stream = match self.router.way(host, port, name.is_some()) {
            Way::Direct => self.connect(host, port).await?,
            Way::Through(proxy) => {
                let stream = self.proxy(proxy.uri()).await.map_err(at_the_proxy)?;
                tunnel::open(stream, &proxy, host, port).await?
            }
            Way::Unusable(message) => return Err(misconfigured(message)),
        };
        encrypted(inside, name, stream).await
    }

    async fn proxy(&self, uri: &Uri) -> Result<NetStream<R::Stream>, Fault> {
        let Peer { host, port, name } = Peer::of(uri)?;
        let stream = self.connect(host, port).await?;
        // It speaks HTTP/1.1, as what is under a WebSocket does.
        encrypted(&self.tls.websocket, name, stream).await
    }

    async fn connect(&self, host: &str, port: u16) -> Result<NetStream<R::Stream>, Fault> {
        let addresses = self.resolve(bare(host), port).await?;
        race::connect(&self.runtime, addresses).await.map(NetStream::plain).map_err(unreachable_host)
    }

    async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Fault> {
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        let found = self.runtime.resolve(host, port).await;
        found.map_err(|error| unreachable_host(format!("looking up the host: {error}")))
    }
}

/// Where a URL leads to.
struct Peer<'a> {
    host: &'a str,
    port: u16,
    /// What it is called in its certificate, if it is spoken to over TLS.
    name: Option<ServerName>,
}

impl<'a> Peer<'a> {
    fn of(uri: &'a Uri) -> Result<Self, Fault> {
        let host = uri.host().ok_or_else(|| misconfigured("the URL has no host"))?;
        let (usual, secure) = match uri.scheme_str() {
            Some("https" | "wss") => (443, true),
            Some("socks5" | "socks5h") => (1080, false),
            _ => (80, false),
        };
        let name = secure.then(|| tls::server_name(host)).transpose()?;
        let port = uri.authority().map(port_of).transpose();
        let port =
            port.map_err(|_| misconfigured("the URL has a port that is not a number from 1 to 65535"))?.flatten();
        Ok(Self { host, port: port.unwrap_or(usual), name })
    }
}

/// Encrypts a stream, if its peer has a name for that.
async fn encrypted<S: AsyncRead + AsyncWrite + Unpin>(
    connector: &Connector,
    name: Option<ServerName>,
    stream: NetStream<S>,
) -> Result<NetStream<S>, Fault> {
    match name {
        Some(name) => tls::handshake(connector, name, stream).await.map(NetStream::tls),
        None => Ok(stream),
    }
}

fn unreachable_host(message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Connect, WasSent::No, message)
}

fn misconfigured(message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Config, WasSent::No, message)
}

fn at_the_proxy(fault: Fault) -> Fault {
    Fault { message: format!("the proxy: {}", fault.message), ..fault }
}

#[cfg(all(test, any(feature = "tls", feature = "aws-lc-rs")))]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::Proxy;
    use crate::stub::{OPEN, Stub};
    use crate::tls::default_config;

    fn dialler(stub: &Stub, proxy: Proxy, timeout: Option<Duration>) -> Dialler<Stub> {
        Dialler { runtime: stub.clone(), tls: Tls::new(&default_config()), router: proxy.router(), timeout }
    }

    /// The result, and the addresses that were tried.
    fn dialled(url: &str) -> (Result<(), Fault>, Vec<String>) {
        let (stub, uri) = (Stub::default(), url.parse().unwrap());
        let result = dialler(&stub, Proxy::none(), None).http(&uri).now_or_never().expect("nothing to wait for");
        (result.map(drop), stub.tried().iter().map(SocketAddr::to_string).collect())
    }

    #[test]
    fn a_hosts_addresses_are_tried_until_one_answers() {
        assert_eq!(dialled("http://open.example/"), (Ok(()), vec!["[::1]:1".to_owned(), "127.0.0.1:4".to_owned()]));
    }

    #[test]
    fn the_last_addresss_failure_is_returned() {
        let fault = dialled("http://closed.example/").0.unwrap_err();
        assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, WasSent::No));
        assert_eq!(fault.message, "127.0.0.1:1: connection refused");
    }

    #[test]
    fn ports_follow_the_scheme_and_addresses_need_no_look_up() {
        assert_eq!(dialled(&format!("ws://127.0.0.1:{OPEN}/")), (Ok(()), vec!["127.0.0.1:4".to_owned()]));
        assert_eq!(dialled("http://[::1]/").1, ["[::1]:80"]);
        assert_eq!(dialled("wss://[::1]/").1, ["[::1]:443"]);
        assert_eq!(dialled("http://unknown.example/").0.unwrap_err().kind, FaultKind::Connect);
    }

    #[test]
    fn a_port_that_does_not_fit_is_no_usual_one() {
        for url in ["http://127.0.0.1:80443/", "wss://[::1]:80443/", "https://open.example:0/"] {
            let (result, tried) = dialled(url);
            let fault = result.unwrap_err();
            assert_eq!((fault.kind, fault.sent), (FaultKind::Config, WasSent::No), "{fault}");
            assert_eq!(fault.message, "the URL has a port that is not a number from 1 to 65535");
            assert!(tried.is_empty());
        }
    }

    #[test]
    fn a_name_that_no_certificate_can_have_is_refused_before_anything_is_dialled() {
        let (result, tried) = dialled("https://no..body/");
        assert_eq!(result.unwrap_err().kind, FaultKind::Config);
        assert!(tried.is_empty());
    }

    #[test]
    fn connecting_and_the_look_up_before_it_have_a_limit() {
        for host in ["dead.example", "hanging.example"] {
            let (stub, uri) = (Stub::default(), format!("http://{host}/").parse().unwrap());
            let limited = dialler(&stub, Proxy::none(), Some(Duration::from_secs(7)));
            let fault = limited.http(&uri).now_or_never().unwrap().map(drop).unwrap_err();
            assert_eq!(fault, Fault::new(FaultKind::Timeout, WasSent::No, "no connection within 7000 ms"));
            assert!(stub.slept().contains(&Duration::from_secs(7)));
            assert!(dialler(&stub, Proxy::none(), None).http(&uri).now_or_never().is_none());
        }
        let proxied = dialler(&Stub::default(), Proxy::new("http://hanging.example").unwrap(), Some(Duration::ZERO));
        let fault = proxied.http(&"https://api.example/".parse().unwrap()).now_or_never().unwrap().map(drop);
        assert_eq!(fault.unwrap_err().kind, FaultKind::Timeout);
    }

    #[test]
    fn a_proxy_is_dialled_in_the_hosts_place_and_its_failures_name_it() {
        let stub = Stub::default();
        let proxied = dialler(&stub, Proxy::new("http://u:hush@closed.example:8").unwrap(), None);
        let fault =
            proxied.http(&"https://api.example/".parse().unwrap()).now_or_never().unwrap().map(drop).unwrap_err();
        assert_eq!(fault.message, "the proxy: 127.0.0.1:1: connection refused");
        assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, WasSent::No));
        let proxied = dialler(&stub, Proxy::new("socks5://[::1]").unwrap(), None);
        let _ = proxied.http(&"https://api.example/".parse().unwrap()).now_or_never();
        assert_eq!(stub.tried().last().unwrap().port(), 1080);
    }
}
