//! Everything goes over the network.

use std::future::{Future, Pending};

use agentchat_driver::{Outgoing, PanicObserver};
use agentchat_engine::{Mono, Now, Seed};
use http::Request;

use crate::{Incoming, WebSocket};

/// An open socket.
pub(crate) type Socket<S> = WebSocket<S>;

/// An answer's body.
pub(crate) type Body = Incoming;

#[derive(Clone)]
pub(crate) struct Detour;

impl Detour {
    pub(crate) fn none() -> Self {
        Self
    }

    pub(crate) fn now(&self) -> Option<Now> {
        None
    }

    pub(crate) fn seed(&self) -> Option<Seed> {
        None
    }

    pub(crate) fn sleep_until(&self, _: Mono) -> Option<Pending<()>> {
        None
    }

    pub(crate) fn panic_observer(&self) -> Option<PanicObserver> {
        None
    }

    pub(crate) fn exchange<F: Future>(
        &self,
        request: Request<Outgoing>,
        over_the_network: impl FnOnce(Request<Outgoing>) -> F,
    ) -> F {
        over_the_network(request)
    }

    pub(crate) fn open<F: Future>(&self, request: Request<()>, over_the_network: impl FnOnce(Request<()>) -> F) -> F {
        over_the_network(request)
    }
}
