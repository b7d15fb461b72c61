//! [`Net`]: the driver's transport over any [`Runtime`].

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use agentchat_driver::{BodyLimit, Outgoing, Transport};
use agentchat_engine::{Fault, Mono, Now, Seed, UnixTime};
use http::{Request, Response};

use crate::dial::Dialler;
use crate::http_client::HttpClient;
use crate::websocket::upgrade;
use crate::{Incoming, Runtime, WebSocket};

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
}

impl<R: Runtime> Net<R> {
    pub(crate) fn new(dialler: Dialler<R>, idle: Option<Duration>, body_limit: BodyLimit) -> Self {
        let dialler = Arc::new(dialler);
        let http = HttpClient::new(Arc::clone(&dialler), idle);
        Self { dialler, http, body_limit, origin: Instant::now() }
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
    type Socket = WebSocket<R::Stream>;
    type Incoming = Incoming;

    fn now(&self) -> Now {
        let mono = u64::try_from(self.origin.elapsed().as_micros()).unwrap_or(u64::MAX);
        let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |millis| -millis),
        };
        Now::new(Mono::from_micros(mono), UnixTime::from_millis(millis))
    }

    /// # Panics
    /// If the operating system has no entropy: with a guessable or repeated seed the platform would take new messages
    /// for repeats and drop them.
    fn seed(&self) -> Seed {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system has entropy");
        Seed::from_bytes(bytes)
    }

    fn runtime(&self) -> &str {
        self.runtime().name()
    }

    fn sleep_until(&self, at: Mono) -> impl Future<Output = ()> {
        self.runtime().sleep(at.saturating_since(self.now().mono))
    }

    fn body_limit(&self) -> BodyLimit {
        self.body_limit
    }

    fn exchange(&self, request: Request<Outgoing>) -> impl Future<Output = Result<Response<Incoming>, Fault>> {
        self.http.exchange(request)
    }

    async fn open(&self, request: Request<()>) -> Result<Self::Socket, Fault> {
        let stream = self.dialler.websocket(request.uri()).await?;
        upgrade(stream, request, self.now().unix).await
    }
}
