//! Whether a failure is transient: the half of the retry rule that looks at the failure alone. Whether a repeat does no harm is
//! the other half, in `rest/retry`.

use super::Error;
use super::api::ApiError;
use super::code::ErrorCode;
use super::fault::FaultKind;

/// What a repeat of the same request can bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transience {
    /// The same failure, until somebody acts or for a day.
    Permanent,
    /// Perhaps a success.
    Transient,
    /// The answer of the first attempt, as soon as that has ended.
    InProgress,
}

impl ApiError {
    pub(crate) fn transience(&self) -> Transience {
        match self.code {
            _ if self.replayed => Transience::Permanent,
            ErrorCode::RecipientBacklogged | ErrorCode::AwaitingReply | ErrorCode::ColdCapExceeded => {
                Transience::Permanent
            }
            ErrorCode::IdempotentInProgress => Transience::InProgress,
            _ if is_transient(self.status) => Transience::Transient,
            _ => Transience::Permanent,
        }
    }

    /// Whether the same request may soon be answered otherwise: the status is transient (408, 425, 429, 500, 502, 503, 504) or an
    /// earlier attempt is still at work (`IDEMPOTENT_IN_PROGRESS`).
    ///
    /// `false` for an answer that was stored for the idempotency key, for `RECIPIENT_BACKLOGGED` and `AWAITING_REPLY`, which only
    /// the other side can change, and for `COLD_CAP_EXCEEDED`, which lasts for up to a day.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.transience() != Transience::Permanent
    }
}

impl FaultKind {
    pub(crate) fn transience(self) -> Transience {
        match self {
            Self::Tls | Self::TooLarge | Self::Config => Transience::Permanent,
            Self::Connect | Self::Timeout | Self::Io | Self::Protocol => Transience::Transient,
        }
    }
}

impl Error {
    /// Whether the same call may soon succeed, without anybody else doing something: the platform's answer is
    /// [transient](ApiError::is_retryable), or none came and neither TLS, nor the size of the answer, nor the configuration is the
    /// reason. `false` for [`Undecodable`](Self::Undecodable) (the call was executed) and for a cancelled call.
    ///
    /// These are the failures that a [`Call`](crate::Call) repeats itself, where that is safe and as often as
    /// [`RetryPolicy`](crate::RetryPolicy) says. Before you make it once more, wait for [`retry_after`](Self::retry_after), and
    /// see [`maybe_executed`](Self::maybe_executed).
    ///
    /// ```
    /// use agentchat_engine::{Error, Fault, FaultKind, WasSent};
    ///
    /// let failed = |kind| Error::Transport { fault: Fault::new(kind, WasSent::No, "x"), attempts: 4, sent: WasSent::No };
    /// assert!(failed(FaultKind::Connect).is_retryable());
    /// assert!(!failed(FaultKind::Tls).is_retryable());
    /// ```
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Undecodable { .. } | Self::Cancelled => false,
            Self::Transport { fault, .. } => fault.kind.transience() != Transience::Permanent,
            Self::Api(error) => error.is_retryable(),
            Self::Deadline { last, .. } => last.as_deref().is_none_or(Self::is_retryable),
        }
    }
}

/// Statuses that say nothing about the request, only about the moment.
pub(crate) fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}
