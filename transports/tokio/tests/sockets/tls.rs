//! TLS: a private root is trusted when given, HTTP/2 is spoken where it is offered, and a WebSocket never asks for it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use agentchat_tokio::engine::{Fault, FaultKind, Sent};
use agentchat_tokio::rustls::pki_types::PrivateKeyDer;
use agentchat_tokio::rustls::{ClientConfig, RootCertStore, ServerConfig, crypto::ring};
use agentchat_tokio::{Client, Context, Transport};
use bytes::Bytes;
use futures_rustls::TlsAcceptor;
use http::{Request, Response};
use http_body_util::Full;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio_util::compat::{FuturesAsyncReadCompatExt, TokioAsyncReadCompatExt};

use crate::server::{client, serve};

/// A server with its own root that answers with the version of HTTP it was asked in.
async fn server(protocols: &[&[u8]]) -> (SocketAddr, Arc<ClientConfig>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let provider = Arc::new(ring::default_provider());
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let mut config =
        config.unwrap().with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let address = serve(move |_, stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(tls) = acceptor.accept(stream.compat()).await else { return };
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
        }
    })
    .await;
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    (address, Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

fn trusting(config: &Arc<ClientConfig>) -> Client {
    agentchat_tokio::client_with_tls(Context::builder().build().unwrap(), config)
}

async fn version(client: &Client, address: SocketAddr) -> Result<Bytes, Fault> {
    let url = format!("https://localhost:{}/", address.port());
    let request = Request::get(url).body(Bytes::new()).unwrap();
    Ok(client.transport().request(request, agentchat_driver::BodyLimit::default()).await?.into_body())
}

#[tokio::test]
async fn the_best_version_that_is_offered_is_spoken() {
    for (protocols, spoken) in
        [(&[b"h2".as_slice(), b"http/1.1"][..], "HTTP/2.0"), (&[b"http/1.1".as_slice()], "HTTP/1.1"), (&[], "HTTP/1.1")]
    {
        let (address, config) = server(protocols).await;
        let client = trusting(&config);
        for _ in 0..2 {
            assert_eq!(version(&client, address).await.unwrap(), spoken);
        }
    }
}

#[tokio::test]
async fn an_unknown_root_is_refused_before_anything_is_sent() {
    let (address, _) = server(&[b"h2", b"http/1.1"]).await;
    let fault = version(&client(address), address).await.unwrap_err();
    assert_eq!((fault.kind, fault.sent), (FaultKind::Tls, Sent::No), "{fault}");
}

#[tokio::test]
async fn a_websocket_does_not_ask_for_http_2() {
    let (address, config) = server(&[b"h2", b"http/1.1"]).await;
    let request = Request::get(format!("wss://localhost:{}/v1/ws", address.port())).body(()).unwrap();
    let fault = trusting(&config).transport().open(request).await.unwrap_err();
    assert_eq!(fault, Fault::upgrade_refused(200), "it was asked, and in HTTP/1.1");
}

#[tokio::test]
async fn a_peer_without_tls_is_a_fault_before_anything_is_sent() {
    for (says, kind) in [("HTTP/1.1 400 Bad Request\r\n\r\n", FaultKind::Tls), ("", FaultKind::Connect)] {
        let address = if says.is_empty() {
            serve(|_, stream| async move { drop(stream) }).await
        } else {
            serve(move |_, mut stream| async move {
                tokio::io::AsyncWriteExt::write_all(&mut stream, says.as_bytes()).await.unwrap();
                // Held open until the client has read it.
                let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            })
            .await
        };
        let fault = version(&client(address), address).await.unwrap_err();
        assert_eq!((fault.kind, fault.sent), (kind, Sent::No), "{fault}");
    }
}
