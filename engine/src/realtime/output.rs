//! The session's output door.

use bytes::Bytes;
use http::Request;

use super::delivery::Delivery;
use super::event::Event;
use super::frame_text::FrameText;
use super::signal::{Refusal, Signal};
use super::state::{CallId, ConnectionId, RequestId};
use crate::error::Error;
use crate::rest::{RetryPlan, Route};
use crate::time::Mono;

/// How a call of a session's own goes on. Anything but `Retrying` is its end.
#[derive(Clone, Debug)]
pub enum CallStep {
    /// An attempt failed and another will follow.
    Retrying(RetryPlan),
    /// It succeeded.
    Succeeded {
        /// The HTTP status.
        status: u16,
        /// The platform's id of the request.
        request_id: Option<String>,
    },
    /// It failed for good.
    Failed(Error),
    /// What it was for is of no interest any more.
    Dropped,
}

/// What a [`Session`](super::Session) wants. Poll until `Idle` or `Finished`; everything else is returned once.
/// Exhaustive on purpose: a driver that overlooks a wish is broken, and shall not compile. Requests are boxed, because they are
/// large, and most outputs are not.
#[derive(Debug)]
pub enum Output {
    /// Open a WebSocket. The request is a plain GET with the identity headers and no key; the upgrade
    /// headers are the transport's. Answer with [`Input::Opened`](super::Input::Opened) or a fault.
    Open {
        /// Names the socket.
        connection: ConnectionId,
        /// Where to, with `ws` or `wss` as scheme.
        request: Box<Request<()>>,
        /// When the engine will give it up; it then says `Close`.
        give_up_at: Mono,
    },
    /// Send a text frame. Frames that are ready together should leave in one flush.
    Text(ConnectionId, FrameText),
    /// Send a ping frame.
    Ping(ConnectionId),
    /// This connection is over for the engine: send what was queued, then a close frame with this code and
    /// reason if the socket still takes it, and drop it. Whatever it still brings changes nothing.
    Close {
        /// Which socket.
        connection: ConnectionId,
        /// The close code.
        code: u16,
        /// The close reason.
        reason: &'static str,
    },
    /// Make an HTTP request and answer with [`Input::Response`](super::Input::Response).
    Request {
        /// Names the request.
        request: RequestId,
        /// The call that it is an attempt of.
        call: CallId,
        /// The call's endpoint.
        route: &'static Route,
        /// Which attempt of the call, counted from 1.
        attempt: u32,
        /// The request.
        http: Box<Request<Bytes>>,
        /// When the engine will give it up; it then says `Cancel`.
        give_up_at: Option<Mono>,
    },
    /// Drop a request; its answer is of no interest any more.
    Cancel(RequestId),
    /// How a call whose requests were said goes on. Asks for nothing: it is for those who observe, and stands in no
    /// recording, where the answers say it.
    Call(CallId, CallStep),
    /// Give this to the application. Settle it with [`Input::Settled`](super::Input::Settled).
    Deliver(Delivery),
    /// A signal that could not be sent, handed back. Said before the next `Idle` after its
    /// [`Input::Signal`](super::Input::Signal), or not at all.
    Unsent {
        /// The signal.
        signal: Signal,
        /// Why.
        why: Refusal,
    },
    /// Something worth knowing.
    Event(Event),
    /// Nothing to do until an input, or `wake`.
    Idle {
        /// When to say [`Input::Timeout`](super::Input::Timeout), if at all.
        wake: Option<Mono>,
        /// Whether frames are wanted. If not, the buffers are nearly full: do not read the open socket until the next
        /// `Idle` that wants frames, so that the peer is held back. Writing goes on, and so does everything else.
        read: bool,
    },
    /// The session has ended; a final event came before. [`Input::Start`](super::Input::Start) begins anew.
    Finished,
}
