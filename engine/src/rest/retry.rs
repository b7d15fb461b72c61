//! Whether an attempt that failed is repeated: the table of class × key × failure, as one function.

use super::endpoint::RetryClass;
use crate::error::{ApiError, ErrorCode, Fault, Sent, is_passing};

/// How an attempt failed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Failure<'a> {
    /// No answer.
    Fault(&'a Fault),
    /// An error answer.
    Api(&'a ApiError),
}

/// Whether an attempt is followed by another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    Never,
    Yes,
    /// As long as an earlier attempt is at work.
    WhileRunning,
}

/// Whether repeating can help and can do no harm.
///
/// - `Never` is final whatever happened.
/// - A fault before any byte left is repeated in every other class; after, only where a repeat is recognised
///   or harmless. A refused certificate, an answer over the size limit and a mistake in this side's configuration come
///   again, so they are final.
/// - 408, 425, 429, 500, 502, 503 and 504 are repeated where that is safe, as in the official SDKs.
/// - Beyond those SDKs: 409 `IDEMPOTENT_IN_PROGRESS` is waited for, because the first attempt is still at work;
///   an answer replayed for the key, `RECIPIENT_BACKLOGGED`, `AWAITING_REPLY` and `COLD_CAP_EXCEEDED` are final, because
///   asking again brings the same, the last for a day.
pub(crate) fn repeats(class: RetryClass, has_key: bool, failure: Failure<'_>) -> Repeat {
    use Repeat::{Never, WhileRunning, Yes};
    let safe = match class {
        RetryClass::Never => return Never,
        RetryClass::Idempotent | RetryClass::Deduplicated => true,
        RetryClass::WithKey => has_key,
        RetryClass::Unsafe => false,
    };
    match failure {
        Failure::Fault(fault) if fault.kind.is_futile() => Never,
        Failure::Fault(fault) if safe || fault.sent == Sent::No => Yes,
        Failure::Api(error) if safe && !error.replayed => match error.code {
            ErrorCode::RecipientBacklogged | ErrorCode::AwaitingReply | ErrorCode::ColdCapExceeded => Never,
            ErrorCode::IdempotentInProgress if has_key => WhileRunning,
            _ if is_passing(error.status) => Yes,
            _ => Never,
        },
        _ => Never,
    }
}
