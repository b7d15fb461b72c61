//! What an adapter supplies: a clock, a seed, a sleep, an HTTP exchange and a socket.

use std::future::Future;

use agentchat_engine::{Fault, Mono, Now, Seed};
use bytes::Bytes;
use futures_core::Stream;
use http::{Request, Response};

use crate::PanicObserver;
use crate::body::{Outgoing, collect};
use crate::body_limit::BodyLimit;
use crate::socket::Socket;

/// The verbs of one runtime. Everything else is decided by the engine and run by this crate.
///
/// There is no `spawn` and no `Send` bound: whether the futures of a [`Client`](crate::Client) are `Send`
/// follows from the transport's own.
///
/// Every future may be dropped at any time, which gives up what it was doing.
pub trait Transport {
    /// An open WebSocket.
    type Socket: Socket;

    /// An answer's body as it comes in. Dropping it gives the exchange up.
    type Incoming: Stream<Item = Result<Bytes, Fault>> + Unpin;

    /// What the clocks show. The monotonic reading counts from an origin of the transport's choice and never
    /// goes back.
    fn now(&self) -> Now;

    /// 32 fresh bytes of the operating system's entropy: a different seed each time.
    fn seed(&self) -> Seed;

    /// The runtime and its version as in `tokio/1`, for the `User-Agent`. Visible ASCII.
    fn runtime(&self) -> &str;

    /// Who hears of handlers that panic, beside the log, with what they panicked with. For tests, which it fails; nobody by
    /// default.
    fn panic_observer(&self) -> Option<PanicObserver> {
        None
    }

    /// Completes when [`now`](Self::now) has reached `at`, not before; at once if it has already.
    fn sleep_until(&self, at: Mono) -> impl Future<Output = ()>;

    /// One HTTP exchange, up to the head of the answer; both bodies stream. Any status is an answer; redirects are not
    /// followed. An answer may come before the whole body was sent.
    ///
    /// # Errors
    /// A [`Fault`] whose `sent` is `No` only if not one byte of the request can have left, and whose text quotes
    /// neither headers nor bodies nor the URL's path and query. The same holds for the faults of the answer's body.
    fn exchange(&self, request: Request<Outgoing>) -> impl Future<Output = Result<Response<Self::Incoming>, Fault>>;

    /// The largest body that [`request`](Self::request) reads, whatever limit it is given; by default the engine's own limit.
    fn body_limit(&self) -> BodyLimit {
        BodyLimit::default()
    }

    /// One HTTP exchange, its body read to the end. An answer of another status than 2xx whose body is above the limits, or
    /// above [`limits::ERROR_BODY`](agentchat_engine::limits::ERROR_BODY), comes without it, marked by [`BodyTooLarge`](agentchat_engine::rest::BodyTooLarge); one whose body
    /// breaks off comes without it as well.
    ///
    /// # Errors
    /// As for [`exchange`](Self::exchange); `TooLarge` for the body of a success above the limit or above
    /// [`body_limit`](Self::body_limit).
    fn request(
        &self,
        request: Request<Bytes>,
        limit: BodyLimit,
    ) -> impl Future<Output = Result<Response<Bytes>, Fault>> {
        let (exchange, limit) = (self.exchange(request.map(Outgoing::from)), limit.min(self.body_limit()));
        async move { collect(exchange.await?, limit).await }
    }

    /// Opens a WebSocket. The request is a plain GET; the upgrade headers are the transport's to add.
    ///
    /// # Errors
    /// A [`Fault`] as for [`exchange`](Self::exchange); [`Fault::upgrade_refused`] for any status but 101.
    fn open(&self, request: Request<()>) -> impl Future<Output = Result<Self::Socket, Fault>>;
}
