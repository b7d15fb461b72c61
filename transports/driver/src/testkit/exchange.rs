//! What a client asks for, waiting for a test's answer.

use std::fmt;

use agentchat_engine::{Fault, FaultKind, WasSent};
use bytes::Bytes;
use futures_channel::oneshot;
use http::{Request, Response};
use serde_json::Value;

use super::TestBody;
use super::peer::{OnCommand, Peer, TestSocket, socket};

/// An answer with a JSON body.
///
/// # Panics
/// If `status` is not from 100 to 999.
pub fn json(status: u16, body: &Value) -> Result<Response<Bytes>, Fault> {
    Ok(Response::builder().status(status).body(Bytes::from(body.to_string())).expect("a status from 100 to 999"))
}

/// What a transport says of an exchange or an opening that its test dropped.
pub(crate) fn hung_up() -> Fault {
    Fault::new(FaultKind::Io, WasSent::Maybe, "the script hung up")
}

/// A request in flight. Dropping it unanswered breaks the connection.
#[must_use = "dropping it breaks the connection"]
pub struct Exchange {
    request: Request<Bytes>,
    answer: oneshot::Sender<Result<Response<TestBody>, Fault>>,
}

impl Exchange {
    pub(crate) fn new(request: Request<Bytes>, answer: oneshot::Sender<Result<Response<TestBody>, Fault>>) -> Self {
        Self { request, answer }
    }

    /// What is asked.
    #[must_use]
    pub fn request(&self) -> &Request<Bytes> {
        &self.request
    }

    /// Whether the client does not wait for the answer any more.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.answer.is_canceled()
    }

    /// Answers with a status and a JSON body.
    ///
    /// # Panics
    /// If the client gave the request up; and as [`json`].
    pub fn answer(self, status: u16, body: &Value) {
        self.end(json(status, body));
    }

    /// Answers, or fails. The body can be [`Bytes`], or one that is still to come: [`TestBody::fed`].
    ///
    /// # Panics
    /// If the client gave the request up.
    pub fn end<B: Into<TestBody>>(self, result: Result<Response<B>, Fault>) {
        let result = result.map(|response| response.map(Into::into));
        assert!(self.answer.send(result).is_ok(), "the client gave the request up");
    }
}

impl fmt::Debug for Exchange {
    /// Without header and body, which hold the key and people's mail.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (method, path) = (self.request.method(), self.request.uri().path());
        f.debug_struct("Exchange").field("method", method).field("path", &path).finish_non_exhaustive()
    }
}

/// A WebSocket that a client wants to open. Dropping it breaks the attempt.
#[must_use = "dropping it breaks the attempt"]
#[derive(Debug)]
pub struct Opening {
    request: Request<()>,
    answer: oneshot::Sender<Result<TestSocket, Fault>>,
}

impl Opening {
    pub(crate) fn new(request: Request<()>, answer: oneshot::Sender<Result<TestSocket, Fault>>) -> Self {
        Self { request, answer }
    }

    /// The upgrade request.
    #[must_use]
    pub fn request(&self) -> &Request<()> {
        &self.request
    }

    /// Whether the client does not wait for the socket any more.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.answer.is_canceled()
    }

    /// Opens it; gives the test's end.
    ///
    /// # Panics
    /// If the client gave the attempt up.
    pub fn accept(self) -> Peer {
        self.accept_with(Box::new(|_| {}))
    }

    pub(crate) fn accept_with(self, on_command: OnCommand) -> Peer {
        let (socket, peer) = socket(on_command);
        assert!(self.answer.send(Ok(socket)).is_ok(), "the client gave the attempt up");
        peer
    }

    /// Refuses it.
    ///
    /// # Panics
    /// If the client gave the attempt up.
    pub fn refuse(self, fault: Fault) {
        assert!(self.answer.send(Err(fault)).is_ok(), "the client gave the attempt up");
    }
}
