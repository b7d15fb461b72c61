//! [`Net`]: the driver's transport over any [`Runtime`].

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use agentchat_driver::{Outgoing, Transport};
use agentchat_engine::{Fault, Mono, Now, Seed, UnixTime};
use http::{Request, Response};
use rustls::ClientConfig;

use crate::dial::dial;
use crate::http_client::HttpClient;
use crate::tls::{Tls, default_config};
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
///     Client::new(context, Net::new(runtime))
/// }
/// ```
#[derive(Clone)]
pub struct Net<R> {
    runtime: R,
    tls: Tls,
    http: HttpClient<R>,
    origin: Instant,
}

impl<R: Runtime> Net<R> {
    /// A transport that trusts Mozilla's roots.
    #[must_use]
    pub fn new(runtime: R) -> Self {
        Self::with_tls(runtime, &default_config())
    }

    /// A transport with a TLS configuration of your own: other roots, a client certificate. What is spoken inside
    /// (ALPN) is set here.
    #[must_use]
    pub fn with_tls(runtime: R, config: &Arc<ClientConfig>) -> Self {
        let tls = Tls::new(config);
        let http = HttpClient::new(runtime.clone(), tls.http.clone());
        Self { runtime, tls, http, origin: Instant::now() }
    }

    /// The runtime.
    #[must_use]
    pub fn runtime(&self) -> &R {
        &self.runtime
    }
}

impl<R: Runtime> fmt::Debug for Net<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Net").field("runtime", &self.runtime.name()).finish_non_exhaustive()
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
        self.runtime.name()
    }

    fn sleep_until(&self, at: Mono) -> impl Future<Output = ()> {
        self.runtime.sleep(at.saturating_since(self.now().mono))
    }

    async fn exchange(&self, request: Request<Outgoing>) -> Result<Response<Incoming>, Fault> {
        self.http.exchange(request).await
    }

    async fn open(&self, request: Request<()>) -> Result<Self::Socket, Fault> {
        let stream = dial(&self.runtime, &self.tls.websocket, request.uri()).await?;
        upgrade(stream, request).await
    }
}
