//! Events delivered to hooks and `CallEvents`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use agentchat_engine::error::Report;
use agentchat_engine::rest::BacklogWarning;
use agentchat_engine::{Error, ErrorCode, FaultKind, TransferError, WasSent};
use http::{HeaderMap, Method};

/// Something that happened to a call. In the order of each attempt: request, then response or error, then, if another
/// attempt follows, retry.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CallEvent {
    /// An attempt is about to be sent.
    Request(RequestEvent),
    /// The call succeeded.
    Response(ResponseEvent),
    /// An attempt failed, or the call's deadline passed. Also where another attempt follows.
    Error(ErrorEvent),
    /// Another attempt follows.
    Retry(RetryEvent),
    /// A message was stored, and its recipient is far behind.
    BacklogWarning(BacklogEvent),
}

/// Which attempt of which call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempted {
    /// Counts the calls of the client and its sessions, from 1: the same in all events of one call.
    pub call: u64,
    /// The method's name, as in [`Route::name`](agentchat_engine::rest::Route::name); `upload` or `download` for bytes to and
    /// from the platform's store.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The URL with its harmless query values; of a signed one, the host alone.
    pub url: Arc<str>,
    /// Counted from 1.
    pub attempt: u32,
}

/// An attempt is about to be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RequestEvent {
    /// Which.
    pub at: Attempted,
    /// Its headers; what could be a secret is `***`.
    pub headers: HeaderMap,
}

/// A call succeeded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResponseEvent {
    /// The attempt that was answered.
    pub at: Attempted,
    /// The HTTP status.
    pub status: u16,
    /// The platform's id of the request.
    pub request_id: Option<String>,
    /// Time since the attempt was sent. No hook is part of it.
    pub elapsed: Duration,
}

/// An attempt failed, or the call's deadline passed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ErrorEvent {
    /// Which.
    pub at: Attempted,
    /// How.
    pub failure: Failure,
    /// Time since the attempt was sent. No hook is part of it.
    pub elapsed: Duration,
}

/// Another attempt follows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RetryEvent {
    /// The attempt that failed.
    pub at: Attempted,
    /// How.
    pub failure: Failure,
    /// The number of the attempt to come.
    pub next_attempt: u32,
    /// How long until then.
    pub delay: Duration,
}

/// A message was stored, and its recipient is far behind.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BacklogEvent {
    /// The attempt that stored it.
    pub at: Attempted,
    /// Who is behind, and how far.
    pub warning: BacklogWarning,
}

/// How an attempt failed: an [`Error`] or a [`TransferError`] without the platform's own words, which can quote what they
/// are about. Shown as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The platform's error code, if it answered with an error that has one.
    pub code: Option<ErrorCode>,
    /// The platform's id of the request.
    pub request_id: Option<String>,
    /// What was wrong, if no answer came.
    pub fault: Option<FaultKind>,
    /// Whether the platform may have acted, in this attempt or in one before.
    pub sent: WasSent,
    /// Whether the deadline of the whole call ended it.
    pub deadline: bool,
    /// What happened, in this client's words.
    pub summary: String,
}

impl Failure {
    fn new(summary: String) -> Self {
        let (status, code, request_id, fault) = (None, None, None, None);
        Self { status, code, request_id, fault, sent: WasSent::Maybe, deadline: false, summary }
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let failure = match error {
            Error::Api(api) => {
                let code = Some(api.code.clone()).filter(is_word);
                let summary = match &code {
                    Some(code) => format!("{code} ({})", api.status),
                    None => format!("status {}", api.status),
                };
                let earlier =
                    if api.earlier_may_have_arrived() { " (an earlier attempt may have arrived)" } else { "" };
                let summary = summary + earlier;
                Self { status: Some(api.status), code, ..Self::new(summary) }
            }
            Error::Deadline { attempts, .. } => {
                Self { deadline: true, ..Self::new(format!("the deadline passed after {attempts} attempt(s)")) }
            }
            Error::Undecodable { status, .. } => Self { status: Some(*status), ..Self::new(error.to_string()) },
            Error::Transport { fault, .. } => Self { fault: Some(fault.kind), ..Self::new(whole(error)) },
            _ => Self::new(whole(error)),
        };
        let sent = if error.maybe_executed() { WasSent::Maybe } else { WasSent::No };
        Self { sent, request_id: error.request_id().map(str::to_owned), ..failure }
    }
}

impl From<&TransferError> for Failure {
    fn from(error: &TransferError) -> Self {
        let failure = match error {
            TransferError::Call(error) => return Self::from(error),
            // Its source may be the platform's answer.
            TransferError::Deadline { .. } => Self::new(error.to_string()),
            other => Self::new(whole(other)),
        };
        match error {
            TransferError::Refused { status, .. } => Self { status: Some(*status), ..failure },
            TransferError::Expired { .. } => Self { status: Some(403), ..failure },
            TransferError::Transport { fault, .. } => Self { fault: Some(fault.kind), sent: fault.sent, ..failure },
            TransferError::Deadline { .. } => Self { deadline: true, ..failure },
            _ => failure,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)
    }
}

fn whole(error: &dyn std::error::Error) -> String {
    Report::new(error).to_string()
}

/// Whether a code is a word such as all codes are: the platform can write there what it likes, a key as well.
fn is_word(code: &ErrorCode) -> bool {
    let text = code.as_str();
    text.len() <= 64 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}
