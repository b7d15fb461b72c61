//! HTTP/2: many requests on one connection, and connections that the peer ends with GOAWAY.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use agentchat_net::rustls::ClientConfig;
use axum::http::{Request, Response};
use bytes::Bytes;
use futures_rustls::TlsAcceptor;
use futures_util::future::{join, join_all};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio_util::compat::{FuturesAsyncReadCompatExt, TokioAsyncReadCompatExt};

use super::adapter::{Adapter, trusting};
use super::certificate;
use super::server::serve;
use super::tls::ask;

/// What a test knows of its server, and does to it.
struct Controls {
    connections: AtomicUsize,
    arrived: mpsc::UnboundedSender<()>,
    /// Each request waits for a permit before it is answered.
    let_through: Semaphore,
    /// Whether each connection ends with the request that it has: those in flight are answered, new ones belong elsewhere.
    going_away: AtomicBool,
}

struct Server {
    url: String,
    config: Arc<ClientConfig>,
    controls: Arc<Controls>,
    arrivals: mpsc::UnboundedReceiver<()>,
}

fn server() -> Server {
    let (mut tls, config) = certificate::made();
    tls.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let (arrived, arrivals) = mpsc::unbounded_channel();
    let (connections, let_through, going_away) = (AtomicUsize::new(0), Semaphore::new(0), AtomicBool::new(false));
    let controls = Arc::new(Controls { connections, arrived, let_through, going_away });
    let shared = Arc::clone(&controls);
    let address = serve(move |_, stream| {
        let (acceptor, controls) = (acceptor.clone(), Arc::clone(&shared));
        async move {
            let Ok(tls) = acceptor.accept(stream.compat()).await else { return };
            controls.connections.fetch_add(1, Ordering::SeqCst);
            let go_away = Arc::new(Notify::new());
            let answer = service_fn(|_: Request<Incoming>| {
                let (controls, go_away) = (Arc::clone(&controls), Arc::clone(&go_away));
                async move {
                    if controls.going_away.load(Ordering::SeqCst) {
                        go_away.notify_one();
                    }
                    // The test may be over.
                    let _ = controls.arrived.send(());
                    controls.let_through.acquire().await.expect("never closed").forget();
                    Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"done"))))
                }
            });
            let io = TokioIo::new(tls.compat());
            let mut connection = pin!(http2::Builder::new(TokioExecutor::new()).serve_connection(io, answer));
            tokio::select! {
                _ = connection.as_mut() => return,
                () = go_away.notified() => {}
            }
            connection.as_mut().graceful_shutdown();
            // Ends once what is in flight is answered; how is of no interest.
            let _ = connection.await;
        }
    });
    Server { url: format!("https://localhost:{}/", address.port()), config, controls, arrivals }
}

pub(super) async fn many_requests_share_one_connection<A: Adapter>() {
    let Server { url, config, controls, mut arrivals } = server();
    let client = trusting::<A>(&config);
    controls.let_through.add_permits(1);
    assert_eq!(ask(&client, &url).await.unwrap(), "done");
    arrivals.recv().await.unwrap();
    let let_through = async {
        for _ in 0..20 {
            arrivals.recv().await.unwrap();
        }
        // All are in flight before the first is answered.
        controls.let_through.add_permits(20);
    };
    let (answers, ()) = join(join_all((0..20).map(|_| ask(&client, &url))), let_through).await;
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|answer| answer == "done")), "{answers:?}");
    assert_eq!(controls.connections.load(Ordering::SeqCst), 1);
}

pub(super) async fn a_goaway_ends_no_request_and_others_find_a_new_connection<A: Adapter>() {
    let Server { url, config, controls, mut arrivals } = server();
    let client = trusting::<A>(&config);
    controls.going_away.store(true, Ordering::SeqCst);
    // Until the client has heard of it, a connection that goes away may still be used: its requests are answered too.
    for _ in 0..1_000 {
        let let_through = async {
            arrivals.recv().await.unwrap();
            controls.let_through.add_permits(1);
        };
        let (answer, ()) = join(ask(&client, &url), let_through).await;
        assert_eq!(answer.unwrap(), "done");
        if controls.connections.load(Ordering::SeqCst) == 3 {
            return;
        }
    }
    panic!("a connection that went away is used for ever");
}
