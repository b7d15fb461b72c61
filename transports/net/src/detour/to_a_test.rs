//! Everything goes to a test's platform, if the client was made for one.

use std::future::Future;

use agentchat_driver::testkit::{TestBody, TestSocket, TestTransport};
use agentchat_driver::{Outgoing, PanicObserver, Transport};
use agentchat_engine::{Fault, Mono, Now, Seed};
use futures_util::future::{Either, FutureExt};
use http::{Request, Response};

use crate::{Incoming, WebSocket};

/// An open socket: of the network, or of a test.
pub(crate) type Socket<S> = Either<WebSocket<S>, TestSocket>;

/// An answer's body: from the network, or from a test.
pub(crate) type Body = Either<Incoming, TestBody>;

#[derive(Clone)]
pub(crate) struct Detour(Option<TestTransport>);

impl Detour {
    pub(crate) fn none() -> Self {
        Self(None)
    }

    pub(crate) fn to(transport: TestTransport) -> Self {
        Self(Some(transport))
    }

    pub(crate) fn now(&self) -> Option<Now> {
        self.0.as_ref().map(Transport::now)
    }

    pub(crate) fn seed(&self) -> Option<Seed> {
        self.0.as_ref().map(Transport::seed)
    }

    pub(crate) fn sleep_until(&self, at: Mono) -> Option<impl Future<Output = ()> + Send + Sync + use<>> {
        self.0.as_ref().map(|test| test.clock().sleep_until(at))
    }

    pub(crate) fn panic_observer(&self) -> Option<PanicObserver> {
        self.0.as_ref().and_then(Transport::panic_observer)
    }

    pub(crate) fn exchange<F: Future<Output = Result<Response<Incoming>, Fault>>>(
        &self,
        request: Request<Outgoing>,
        over_the_network: impl FnOnce(Request<Outgoing>) -> F,
    ) -> impl Future<Output = Result<Response<Body>, Fault>> {
        match &self.0 {
            None => Either::Left(over_the_network(request).map(|answer| Ok(answer?.map(Either::Left)))),
            Some(test) => Either::Right(test.exchange(request).map(|answer| Ok(answer?.map(Either::Right)))),
        }
    }

    pub(crate) fn open<S, F: Future<Output = Result<WebSocket<S>, Fault>>>(
        &self,
        request: Request<()>,
        over_the_network: impl FnOnce(Request<()>) -> F,
    ) -> impl Future<Output = Result<Socket<S>, Fault>> {
        match &self.0 {
            None => Either::Left(over_the_network(request).map(|socket| Ok(Either::Left(socket?)))),
            Some(test) => Either::Right(test.open(request).map(|socket| Ok(Either::Right(socket?)))),
        }
    }
}
