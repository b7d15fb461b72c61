//! The driver's bodies as hyper's, and back.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use agentchat_driver::{BodyCut, Outgoing};
use agentchat_engine::{Fault, FaultKind, WasSent};
use bytes::Bytes;
use futures_util::stream::{Stream, StreamExt};
use hyper::body::{Body, Frame, Incoming as HyperIncoming, SizeHint};

use crate::http_fault::body_fault;

/// A request's body. Its exact size makes hyper announce a `Content-Length`.
pub(crate) struct Sending(pub(crate) Outgoing);

impl Body for Sending {
    type Data = Bytes;
    type Error = BodyCut;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyCut>>> {
        self.0.poll_next_unpin(cx).map_ok(Frame::data)
    }

    fn is_end_stream(&self) -> bool {
        self.0.remaining() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.remaining())
    }
}

/// An answer's body as it comes in. Dropping it unread closes an HTTP/1.1 connection, and resets an HTTP/2 stream.
pub struct Incoming(Content);

enum Content {
    Body(HyperIncoming),
    /// Its framing is ambiguous. Holds the error until the body is first read.
    Ambiguous(Option<&'static str>),
}

impl Incoming {
    /// The body, or a problem with it: reading the body returns the error, the status stays available.
    pub(crate) fn new(body: HyperIncoming, problem: Option<&'static str>) -> Self {
        Self(if problem.is_some() { Content::Ambiguous(problem) } else { Content::Body(body) })
    }
}

impl Stream for Incoming {
    type Item = Result<Bytes, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let body = match &mut self.0 {
            Content::Body(body) => body,
            Content::Ambiguous(problem) => {
                let problem = problem.take();
                return Poll::Ready(problem.map(|it| Err(Fault::new(FaultKind::Protocol, WasSent::Maybe, it))));
            }
        };
        loop {
            return Poll::Ready(match ready!(Pin::new(&mut *body).poll_frame(cx)) {
                None => None,
                Some(Err(error)) => Some(Err(body_fault(&error))),
                // Trailers say nothing that is looked at.
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => Some(Ok(data)),
                    Err(_) => continue,
                },
            });
        }
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Incoming")
    }
}
