//! What a transport reports when an exchange brought no answer.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::limits;
use crate::redact::Mask;
use crate::words::bounded;

/// Whether bytes of the request may have reached the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WasSent {
    /// Certainly not: trying again is always safe.
    No,
    /// Perhaps: the platform may have acted.
    Maybe,
}

/// The kind of a [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// Name resolution or the TCP connection failed.
    Connect,
    /// The TLS handshake failed; with the same peer it will again.
    Tls,
    /// A time limit passed.
    Timeout,
    /// The connection broke.
    Io,
    /// The answer was larger than the limit.
    TooLarge,
    /// The peer broke the protocol: malformed HTTP, a refused upgrade.
    Protocol,
    /// This side is set up in a way that cannot work, such as an invalid proxy URL; until that is changed nothing is sent.
    Config,
}

/// An exchange that brought no answer.
///
/// ```
/// use agentchat_engine::{Fault, FaultKind, WasSent};
/// let fault = Fault::new(FaultKind::Connect, WasSent::No, "connection refused");
/// assert_eq!(fault.to_string(), "connect: connection refused");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}: {message}", kind.name())]
pub struct Fault {
    /// What kind of failure.
    pub kind: FaultKind,
    /// Whether the request may have arrived.
    pub sent: WasSent,
    /// The HTTP status, where the peer refused a WebSocket upgrade with one, or gave an answer that is too large.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How long that answer asked to wait before another attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<Duration>,
    /// The platform's id of the request, where a success came whose body could not be read to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The transport's words. Must not quote headers or bodies.
    pub message: String,
}

impl Fault {
    /// A fault without an HTTP status.
    #[must_use]
    pub fn new(kind: FaultKind, sent: WasSent, message: impl Into<String>) -> Self {
        Self { kind, sent, status: None, retry_after: None, request_id: None, message: message.into() }
    }

    /// The same without secrets: some library's words may quote what they should not.
    pub(crate) fn masked(self, mask: &Mask) -> Self {
        let request_id = self.request_id.map(|id| bounded(&mask.text(&id), limits::IDENTIFIER));
        Self { message: bounded(&mask.text(&self.message), limits::PEER_TEXT), request_id, ..self }
    }

    /// A WebSocket upgrade that was answered with another status than 101, and how long that answer asks to wait, as
    /// [`parse_retry_after`](crate::rest::parse_retry_after) reads it.
    #[must_use]
    pub fn upgrade_refused(status: u16, retry_after: Option<Duration>) -> Self {
        Self {
            kind: FaultKind::Protocol,
            sent: WasSent::Maybe,
            status: Some(status),
            retry_after,
            request_id: None,
            message: format!("the upgrade was answered with status {status}"),
        }
    }
}

impl FaultKind {
    fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Io => "connection",
            Self::TooLarge => "too large",
            Self::Protocol => "protocol",
            Self::Config => "configuration",
        }
    }
}

impl WasSent {
    /// Whether either of two may have arrived.
    pub(crate) fn or(self, other: Self) -> Self {
        if self == Self::Maybe { self } else { other }
    }
}

/// What is added to a text that by itself reads as if nothing had happened.
pub(super) const EARLIER: &str = " (an earlier attempt may have arrived)";

/// What a text says on whether anything arrived, from the attempt that it shows and from all attempts together.
pub(crate) fn verdict(shown: WasSent, any: WasSent) -> &'static str {
    match (shown, any) {
        (WasSent::No, WasSent::No) => " (nothing was sent)",
        (WasSent::No, WasSent::Maybe) => EARLIER,
        (WasSent::Maybe, _) => "",
    }
}
