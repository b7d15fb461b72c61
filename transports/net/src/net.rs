//! [`Net`]: the driver's transport over any [`Runtime`].

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use agentchat_driver::{BodyLimit, Outgoing, PanicObserver, Transport};
use agentchat_engine::{Fault, Mono, Now, Seed, UnixTime};
use futures_util::future::Either;
use http::{Request, Response};

use crate::Runtime;
use crate::detour::{Body, Detour, Socket};
use crate::dial::Dialler;
use crate::http_client::HttpClient;
use crate::websocket::upgrade;

/// HTTP, TLS and WebSocket over a runtime. Clones share the connection pool and the clock.
///
/// ```
/// use agentchat_driver::Client;
/// use agentchat_engine::Context;
/// use agentchat_net::{Net, Runtime};
///
/// fn client<R: Runtime>(context: Context, runtime: R) -> Client<Net<R>> {
///     Net::builder(runtime).build(context)
/// }
/// ```
#[derive(Clone)]
pub struct Net<R> {
    dialler: Arc<Dialler<R>>,
    http: HttpClient<R>,
    body_limit: BodyLimit,
    origin: Instant,
    detour: Detour,
}

impl<R: Runtime> Net<R> {
    pub(crate) fn new(dialler: Dialler<R>, idle: Option<Duration>, body_limit: BodyLimit) -> Self {
        let dialler = Arc::new(dialler);
        let http = HttpClient::new(Arc::clone(&dialler), idle);
        Self { dialler, http, body_limit, origin: Instant::now(), detour: Detour::none() }
    }

    /// The same, and nothing goes over the network.
    #[cfg(feature = "testkit")]
    pub(crate) fn detoured(self, detour: Detour) -> Self {
        Self { detour, ..self }
    }

    fn clock(&self) -> Now {
        let mono = u64::try_from(self.origin.elapsed().as_micros()).unwrap_or(u64::MAX);
        let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |millis| -millis),
        };
        Now::new(Mono::from_micros(mono), UnixTime::from_millis(millis))
    }

    /// The runtime.
    #[must_use]
    pub fn runtime(&self) -> &R {
        &self.dialler.runtime
    }
}

impl<R: Runtime> fmt::Debug for Net<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Net").field("runtime", &self.runtime().name()).finish_non_exhaustive()
    }
}

impl<R: Runtime> Transport for Net<R> {
    type Socket = Socket<R::Stream>;
    type Incoming = Body;

    fn now(&self) -> Now {
        self.detour.now().unwrap_or_else(|| self.clock())
    }

    /// # Panics
    /// If the operating system has no entropy: with a guessable or repeated seed the platform would take new messages
    /// for repeats and drop them.
    fn seed(&self) -> Seed {
        self.detour.seed().unwrap_or_else(|| {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes).expect("the operating system has entropy");
            Seed::from_bytes(bytes)
        })
    }

    fn runtime(&self) -> &str {
        self.runtime().name()
    }

    fn sleep_until(&self, at: Mono) -> impl Future<Output = ()> {
        match self.detour.sleep_until(at) {
            Some(sleep) => Either::Left(sleep),
            None => Either::Right(self.runtime().sleep(at.saturating_since(self.now().mono))),
        }
    }

    fn panic_observer(&self) -> Option<PanicObserver> {
        self.detour.panic_observer()
    }

    fn body_limit(&self) -> BodyLimit {
        self.body_limit
    }

    fn exchange(&self, request: Request<Outgoing>) -> impl Future<Output = Result<Response<Body>, Fault>> {
        self.detour.exchange(request, |request| self.http.exchange(request))
    }

    fn open(&self, request: Request<()>) -> impl Future<Output = Result<Self::Socket, Fault>> {
        self.detour.open(request, async |request| {
            let stream = self.dialler.websocket(request.uri()).await?;
            upgrade(stream, request, self.now().unix).await
        })
    }
}
