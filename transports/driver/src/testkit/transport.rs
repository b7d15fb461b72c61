//! The transport of a test: a virtual clock, seeds in a row, and somebody who answers.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use agentchat_engine::{ApiKey, Context, Fault, FaultKind, Mono, Now, Seed, WasSent};
use bytes::BytesMut;
use futures_channel::oneshot;
use futures_util::StreamExt;
use http::{Request, Response};

use super::exchange::hung_up;
use super::panics::Panics;
use super::{Clock, Exchange, Opening, TestBody, TestSocket};
use crate::{Client, Outgoing, PanicObserver, Transport};

/// Who answers. Called where the client polls, so that no executor is needed.
pub(crate) trait Host: Send + Sync {
    fn exchange(&self, exchange: Exchange);
    fn open(&self, opening: Opening);
}

/// A transport without a network. Clones are the same.
///
/// ```
/// use agentchat_driver::{Transport, testkit::TestPlatform};
/// let transport = TestPlatform::new().transport();
/// assert_eq!(transport.runtime(), "testkit/1");
/// assert_ne!(transport.seed(), transport.seed());
/// ```
#[derive(Clone)]
pub struct TestTransport {
    clock: Clock,
    seeds: Arc<AtomicU64>,
    host: Arc<dyn Host>,
    panics: Panics,
}

impl fmt::Debug for TestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestTransport").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl TestTransport {
    pub(crate) fn new(clock: Clock, host: Arc<dyn Host>, panics: Panics) -> Self {
        Self { clock, seeds: Arc::default(), host, panics }
    }

    /// A client of the agent `me`.
    pub(crate) fn client(self) -> Client<Self> {
        Client::new(Self::context(), self)
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The context of the agent `me`, whose key and address mean nothing to anybody.
    #[must_use]
    pub fn context() -> Context {
        let key = ApiKey::new("ac_test").expect("a well-formed key");
        Context::builder().api_key(key).base_url("http://localhost:1").build().expect("a well-formed address")
    }
}

impl Transport for TestTransport {
    type Socket = TestSocket;
    type Incoming = TestBody;

    fn now(&self) -> Now {
        self.clock.now()
    }

    /// Seeds in a row: different each time, and the same in every run.
    fn seed(&self) -> Seed {
        let number = self.seeds.fetch_add(1, Ordering::Relaxed);
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        Seed::from_bytes(bytes)
    }

    fn runtime(&self) -> &str {
        "testkit/1"
    }

    fn panic_observer(&self) -> Option<PanicObserver> {
        let panics = self.panics.clone();
        Some(PanicObserver::new(move |words| panics.add(words)))
    }

    fn sleep_until(&self, at: Mono) -> impl Future<Output = ()> {
        self.clock.sleep_until(at)
    }

    /// The request shows once its whole body has come.
    async fn exchange(&self, request: Request<Outgoing>) -> Result<Response<TestBody>, Fault> {
        let (head, mut chunks) = request.into_parts();
        let mut body = BytesMut::new();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|cut| Fault::new(FaultKind::Io, WasSent::Maybe, cut.to_string()))?;
            body.extend_from_slice(&chunk);
        }
        let (answer, answered) = oneshot::channel();
        self.host.exchange(Exchange::new(Request::from_parts(head, body.freeze()), answer));
        answered.await.unwrap_or_else(|_| Err(hung_up()))
    }

    async fn open(&self, request: Request<()>) -> Result<TestSocket, Fault> {
        let (answer, answered) = oneshot::channel();
        self.host.open(Opening::new(request, answer));
        answered.await.unwrap_or_else(|_| Err(hung_up()))
    }
}
