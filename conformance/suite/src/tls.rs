//! TLS: a private root is trusted when given, HTTP/2 is spoken where it is offered, and a WebSocket never asks for it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use agentchat_driver::{BodyLimit, Client, Transport};
use agentchat_engine::{Fault, FaultKind, WasSent};
use agentchat_net::rustls::client::VerifierBuilderError;
use agentchat_net::rustls::{ClientConfig, RootCertStore, ServerConfig};
use axum::http::{Request, Response};
use bytes::Bytes;
use futures_rustls::TlsAcceptor;
use futures_rustls::server::TlsStream;
use http_body_util::Full;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, FuturesAsyncReadCompatExt, TokioAsyncReadCompatExt};

use super::adapter::{Adapter, client, context, direct, trusting};
use super::certificate;
use super::server::serve;

/// A server with its own root that answers with the version of HTTP it was asked in.
pub(super) fn server(protocols: &[&[u8]]) -> (SocketAddr, Arc<ClientConfig>) {
    let (config, client) = certificate::made();
    (serve_tls(config, protocols), client)
}

/// Runs the script for every connection with which TLS is agreed on.
pub(super) fn accept_tls<F, Fut>(mut config: ServerConfig, protocols: &[&[u8]], script: F) -> SocketAddr
where
    F: Fn(TlsStream<Compat<TcpStream>>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let (acceptor, script) = (TlsAcceptor::from(Arc::new(config)), Arc::new(script));
    serve(move |_, stream| {
        let (acceptor, script) = (acceptor.clone(), Arc::clone(&script));
        async move {
            if let Ok(tls) = acceptor.accept(stream.compat()).await {
                script(tls).await;
            }
        }
    })
}

/// Serves with a certificate.
pub(super) fn serve_tls(config: ServerConfig, protocols: &[&[u8]]) -> SocketAddr {
    accept_tls(config, protocols, |tls| async move {
        let h2 = tls.get_ref().1.alpn_protocol() == Some(b"h2");
        let io = TokioIo::new(tls.compat());
        let tell = service_fn(|request: Request<hyper::body::Incoming>| async move {
            Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(format!("{:?}", request.version())))))
        });
        // Ends with the client; how is of no interest.
        let _ = if h2 {
            http2::Builder::new(TokioExecutor::new()).serve_connection(io, tell).await
        } else {
            http1::Builder::new().serve_connection(io, tell).await
        };
    })
}

async fn version<T: Transport>(client: &Client<T>, address: SocketAddr) -> Result<Bytes, Fault> {
    ask(client, &format!("https://localhost:{}/", address.port())).await
}

/// What is answered at a URL.
pub(super) async fn ask<T: Transport>(client: &Client<T>, url: &str) -> Result<Bytes, Fault> {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    Ok(client.transport().request(request, BodyLimit::default()).await?.into_body())
}

pub(super) async fn the_best_version_that_is_offered_is_spoken<A: Adapter>() {
    for (protocols, spoken) in
        [(&[b"h2".as_slice(), b"http/1.1"][..], "HTTP/2.0"), (&[b"http/1.1".as_slice()], "HTTP/1.1"), (&[], "HTTP/1.1")]
    {
        let (address, config) = server(protocols);
        let client = trusting::<A>(&config);
        for _ in 0..2 {
            assert_eq!(version(&client, address).await.unwrap(), spoken);
        }
    }
}

pub(super) async fn roots_of_ones_own_are_trusted_and_an_empty_set_is_an_error<A: Adapter>() {
    let (config, roots) = certificate::issued();
    let address = serve_tls(config, &[b"http/1.1"]);
    let client = direct::<A>().roots(roots).unwrap().build(context());
    assert_eq!(version(&client, address).await.unwrap(), "HTTP/1.1");
    let refused = direct::<A>().roots(RootCertStore::empty()).unwrap_err();
    assert!(matches!(refused, VerifierBuilderError::NoRootAnchors), "{refused}");
}

pub(super) async fn an_unknown_root_is_refused_before_anything_is_sent<A: Adapter>() {
    let (address, _) = server(&[b"h2", b"http/1.1"]);
    let fault = version(&client::<A>(address), address).await.unwrap_err();
    assert_eq!((fault.kind, fault.sent), (FaultKind::Tls, WasSent::No), "{fault}");
}

pub(super) async fn the_systems_verifier_knows_no_root_of_ours<A: Adapter>() {
    let (address, _) = server(&[b"h2", b"http/1.1"]);
    match direct::<A>().platform_verifier() {
        Ok(builder) => {
            let fault = version(&builder.build(context()), address).await.unwrap_err();
            assert_eq!((fault.kind, fault.sent), (FaultKind::Tls, WasSent::No), "{fault}");
        }
        // A machine without any certificates trusts nobody.
        Err(error) => assert!(error.to_string().contains("certificates"), "{error}"),
    }
}

pub(super) async fn a_websocket_does_not_ask_for_http_2<A: Adapter>() {
    let (address, config) = server(&[b"h2", b"http/1.1"]);
    let request = Request::get(format!("wss://localhost:{}/v1/ws", address.port())).body(()).unwrap();
    let fault = trusting::<A>(&config).transport().open(request).await.map(drop).unwrap_err();
    assert_eq!(fault, Fault::upgrade_refused(200, None), "it was asked, and in HTTP/1.1");
}

pub(super) async fn a_peer_without_tls_is_a_fault_before_anything_is_sent<A: Adapter>() {
    for (says, kind) in [("HTTP/1.1 400 Bad Request\r\n\r\n", FaultKind::Tls), ("", FaultKind::Connect)] {
        let address = if says.is_empty() {
            serve(|_, stream| async move { drop(stream) })
        } else {
            serve(move |_, mut stream| async move {
                tokio::io::AsyncWriteExt::write_all(&mut stream, says.as_bytes()).await.unwrap();
                // Held open until the client has read it.
                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            })
        };
        let fault = version(&client::<A>(address), address).await.unwrap_err();
        assert_eq!((fault.kind, fault.sent), (kind, WasSent::No), "{fault}");
    }
}
