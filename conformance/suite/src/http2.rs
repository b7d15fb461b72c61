//! HTTP/2: many requests on one connection, requests that the peer resets, and connections that it ends with GOAWAY.

use std::any::Any;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agentchat_engine::{Fault, FaultKind, WasSent};
use agentchat_net::rustls::ClientConfig;
use agentchat_net::{Net, Proxy, Runtime};
use axum::http::{Request, Response};
use bytes::Bytes;
use futures_util::future::{join, join_all};
use h2::Reason;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio_util::compat::FuturesAsyncReadCompatExt;

use super::adapter::{Adapter, context, trusting};
use super::certificate;
use super::tls::{accept_tls, ask};

/// What becomes of a request that meets a GOAWAY.
const HEARD: &str = "HTTP/2: not a result of an error";

/// What becomes of a request that nobody has taken when its connection ends.
const LOST: &str = "the connection ended without an answer";

/// What a test knows of its server, and does to it.
struct Controls {
    connections: AtomicUsize,
    arrived: mpsc::UnboundedSender<()>,
    /// Each request waits for a permit before it is answered.
    let_through: Semaphore,
    /// Whether each connection says that it goes away when it has a request, and answers only then.
    going_away: AtomicBool,
    /// What requests are reset with, in place of an answer.
    reset: Mutex<Option<Reason>>,
}

struct Server {
    url: String,
    config: Arc<ClientConfig>,
    controls: Arc<Controls>,
    arrivals: mpsc::UnboundedReceiver<()>,
}

fn server() -> Server {
    let (tls, config) = certificate::made();
    let (arrived, arrivals) = mpsc::unbounded_channel();
    let (connections, let_through, going_away) = (AtomicUsize::new(0), Semaphore::new(0), AtomicBool::new(false));
    let controls = Arc::new(Controls { connections, arrived, let_through, going_away, reset: Mutex::default() });
    let shared = Arc::clone(&controls);
    let address = accept_tls(tls, &[b"h2"], move |tls| {
        let controls = Arc::clone(&shared);
        async move {
            controls.connections.fetch_add(1, Ordering::SeqCst);
            let go_away = Arc::new(Notify::new());
            // Closed once it is said.
            let saying = Arc::new(Semaphore::new(0));
            let answer = service_fn(|_: Request<Incoming>| {
                let (controls, go_away, saying) = (Arc::clone(&controls), Arc::clone(&go_away), Arc::clone(&saying));
                async move {
                    if controls.going_away.load(Ordering::SeqCst) {
                        go_away.notify_one();
                        saying.acquire().await.expect_err("nobody is let in");
                    }
                    // The test may be over.
                    let _ = controls.arrived.send(());
                    controls.let_through.acquire().await.expect("never closed").forget();
                    if let Some(reason) = *controls.reset.lock().unwrap() {
                        return Err(h2::Error::from(reason));
                    }
                    Ok(Response::new(Full::new(Bytes::from_static(b"done"))))
                }
            });
            let io = TokioIo::new(tls.compat());
            let mut connection = pin!(http2::Builder::new(TokioExecutor::new()).serve_connection(io, answer));
            tokio::select! {
                _ = connection.as_mut() => return,
                () = go_away.notified() => {}
            }
            connection.as_mut().graceful_shutdown();
            saying.close();
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

pub(super) async fn a_refused_stream_was_not_sent_and_another_reset_may_have_been<A: Adapter>() {
    let Server { url, config, controls, arrivals: _ } = server();
    let client = trusting::<A>(&config);
    for (reason, sent) in [(Reason::REFUSED_STREAM, WasSent::No), (Reason::INTERNAL_ERROR, WasSent::Maybe)] {
        *controls.reset.lock().unwrap() = Some(reason);
        controls.let_through.add_permits(1);
        let fault = ask(&client, &url).await.unwrap_err();
        assert_eq!((fault.kind, fault.sent), (FaultKind::Io, sent), "{fault}");
        assert_eq!(fault.message, format!("HTTP/2: {reason}"));
    }
}

/// Comes to none of the tasks through which hyper hands requests to an HTTP/2 connection: each is spawned after that of the
/// connection itself.
#[derive(Clone)]
struct Deaf<R> {
    runtime: R,
    tasks: Arc<Mutex<Vec<Box<dyn Any + Send>>>>,
}

impl<R: Runtime> Runtime for Deaf<R> {
    type Stream = R::Stream;

    fn name(&self) -> &str {
        self.runtime.name()
    }

    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        self.runtime.resolve(host, port).await
    }

    async fn connect(&self, address: SocketAddr) -> io::Result<R::Stream> {
        self.runtime.connect(address).await
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + Sync + 'static {
        self.runtime.sleep(duration)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap();
        if tasks.len() == 1 {
            tasks.push(Box::new(task));
        } else {
            tasks.push(Box::new(()));
            self.runtime.spawn(task);
        }
    }
}

/// hyper can lose a request that it is given at the very moment at which the connection ends (hyperium/hyper#4122). Here it
/// does for certain.
pub(super) async fn a_request_is_given_up_when_its_connection_has_ended_without_an_answer<A: Adapter>() {
    let (tls, config) = certificate::made();
    let address = accept_tls(tls, &[b"h2"], |tls| async move { drop(tls) });
    let deaf = Deaf { runtime: A::Runtime::default(), tasks: Arc::default() };
    let client = Net::builder(deaf).proxy(Proxy::none()).tls(config).build(context());
    let fault = ask(&client, &format!("https://localhost:{}/", address.port())).await.unwrap_err();
    assert_eq!(fault, Fault::new(FaultKind::Io, WasSent::Maybe, LOST));
}

pub(super) async fn requests_are_answered_after_a_goaway_and_others_find_a_new_connection<A: Adapter>() {
    let Server { url, config, controls, arrivals: _arrivals } = server();
    let client = trusting::<A>(&config);
    controls.going_away.store(true, Ordering::SeqCst);
    controls.let_through.add_permits(1_000);
    // Until the client has heard of it, a connection that goes away may still be used. A request that hyper has written or
    // taken at that very moment may fail.
    for _ in 0..1_000 {
        match ask(&client, &url).await {
            Ok(answer) => assert_eq!(answer, "done"),
            Err(fault) => assert!([HEARD, LOST].contains(&fault.message.as_str()), "{fault}"),
        }
        if controls.connections.load(Ordering::SeqCst) == 3 {
            return;
        }
    }
    panic!("a connection that went away is used for ever");
}
