//! Whether an attempt that failed is repeated: the table of class × key × failure, as one function.

use super::endpoint::RetryClass;
use crate::error::{ApiError, Fault, Transience, WasSent};

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

/// Whether repeating can help, as [`Transience`] says of the failure, and can do no harm, as the class says of the endpoint. The
/// table is in [`manual::retries`](crate::manual::retries), its cells in `conformance/vectors/retries.json`.
///
/// Beyond the official SDKs, 409 `IDEMPOTENT_IN_PROGRESS` is waited for, because the first attempt is still at work.
pub(crate) fn repeats(class: RetryClass, has_key: bool, failure: Failure<'_>) -> Repeat {
    use Repeat::{Never, WhileRunning, Yes};
    let safe = match class {
        RetryClass::Never => return Never,
        RetryClass::Idempotent | RetryClass::Deduplicated => true,
        RetryClass::WithKey => has_key,
        RetryClass::Unsafe => false,
    };
    match failure {
        Failure::Fault(fault) => match fault.kind.transience() {
            Transience::Permanent => Never,
            // Nothing arrived, so nothing can happen twice.
            _ if safe || fault.sent == WasSent::No => Yes,
            _ => Never,
        },
        Failure::Api(error) if safe => match error.transience() {
            Transience::Transient => Yes,
            Transience::InProgress if has_key => WhileRunning,
            Transience::InProgress | Transience::Permanent => Never,
        },
        Failure::Api(_) => Never,
    }
}
