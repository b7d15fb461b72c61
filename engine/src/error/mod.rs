//! Errors: few, and each says what to do.
//!
//! [`ConfigError`] and [`InvalidArgument`] are the caller's and arise before a request exists; [`Error`] is
//! how a call ends when it does not succeed.

mod api;
mod code;
mod extras;
mod fault;
mod json_text;
mod report;
mod text;
mod transience;

use core::time::Duration;

pub use api::{ApiError, ErrorKind};
pub(crate) use api::{REPLAYED, REQUEST_ID, header_text};
pub use code::ErrorCode;
pub(crate) use fault::verdict;
pub use fault::{Fault, FaultKind, WasSent};
pub use json_text::JsonText;
pub use report::Report;
pub(crate) use transience::{Transience, is_transient};

/// A configuration that cannot work. Its text never quotes a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The API key cannot be sent as a header.
    #[error("the API key {problem}")]
    ApiKey {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A URL cannot be used.
    #[error("{what} {problem}")]
    Url {
        /// Which URL.
        what: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A variable of the environment that is needed is not set, or is empty.
    #[error("{name} is not set")]
    NotSet {
        /// The variable's name.
        name: &'static str,
    },
    /// A variable of the environment is not UTF-8.
    #[error("{name} is not text")]
    NotText {
        /// The variable's name.
        name: &'static str,
    },
    /// A part of the identity cannot be sent as a header.
    #[error("{what} is empty, too long, or has a character that is not visible ASCII")]
    Identity {
        /// Which part.
        what: &'static str,
    },
}

/// An argument that was refused before a request existed: a bug of the caller, or hostile input to it.
///
/// ```
/// use agentchat_engine::{Call, CallOptions, Context, Now, Seed, rest::GetAgent};
///
/// let cx = Context::builder().build()?;
/// let refused = Call::new(&cx, GetAgent::new(".."), CallOptions::default(), Seed::from_bytes([0; 32]), Now::default());
/// let refused = refused.unwrap_err();
/// assert_eq!(refused.field, "handle");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {problem}")]
pub struct InvalidArgument {
    /// The name of the argument.
    pub field: &'static str,
    /// What is wrong with it, with the limit and the value where there is one.
    pub problem: String,
}

impl InvalidArgument {
    pub(crate) fn new(field: &'static str, problem: impl Into<String>) -> Self {
        Self { field, problem: problem.into() }
    }
}

/// How a call ended without success. Why is in its [`source`](core::error::Error::source), where it has one;
/// [`Report`] shows both.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// Refused before a request existed; nothing was sent.
    Refused(InvalidArgument),
    /// No answer came.
    Transport {
        /// What went wrong in the last attempt.
        fault: Fault,
        /// Attempts made.
        attempts: u32,
        /// Whether any of the attempts may have arrived: the last can be a refused connection and an earlier one executed.
        sent: WasSent,
    },
    /// The platform answered with an error.
    Api(Box<ApiError>),
    /// A success answer that could not be read: the call **was executed**; repeating it may act twice.
    Undecodable {
        /// The HTTP status, 2xx.
        status: u16,
        /// The platform's id of the request.
        request_id: Option<String>,
        /// What could not be read. Does not quote the answer.
        problem: String,
    },
    /// The total deadline passed. `last` is what the last attempt ended with, if one ended.
    Deadline {
        /// The deadline that was set, counted from the start of the call.
        deadline: Duration,
        /// Attempts made.
        attempts: u32,
        /// What the last finished attempt ended with.
        last: Option<Box<Error>>,
        /// Whether any of the attempts may have arrived, the one in flight included.
        sent: WasSent,
    },
    /// The caller cancelled the call. A request that was in flight may have been executed.
    Cancelled,
}

impl From<InvalidArgument> for Error {
    fn from(refused: InvalidArgument) -> Self {
        Self::Refused(refused)
    }
}

impl Error {
    /// The platform's error, also where it ended the last attempt before a deadline.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            Self::Deadline { last: Some(last), .. } => last.api(),
            _ => None,
        }
    }

    /// The platform's id of the request, if it answered, also where the answer could not be read to its end.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Api(error) => error.request_id.as_deref(),
            Self::Undecodable { request_id, .. } => request_id.as_deref(),
            Self::Transport { fault, .. } => fault.request_id.as_deref(),
            Self::Deadline { last, .. } => last.as_deref().and_then(Self::request_id),
            Self::Refused(_) | Self::Cancelled => None,
        }
    }

    /// How long the platform asked to wait before trying again.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.api().and_then(|e| e.retry_after)
    }

    /// Whether the platform may have acted although the call failed, in any of the attempts: repeating it under a new key
    /// can act twice.
    #[must_use]
    pub fn maybe_executed(&self) -> bool {
        match self {
            Self::Refused(_) => false,
            Self::Transport { sent, .. } | Self::Deadline { sent, .. } => *sent == WasSent::Maybe,
            Self::Api(error) => error.sent == WasSent::Maybe,
            Self::Undecodable { .. } | Self::Cancelled => true,
        }
    }
}
