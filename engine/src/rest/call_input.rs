//! [`CallInput`]: the inputs of a call.

use core::fmt;

use bytes::Bytes;
use http::Response;

use crate::error::Fault;

/// What happened: an input of a [`Call`](super::Call).
#[derive(Clone)]
#[non_exhaustive]
pub enum CallInput {
    /// The answer to an attempt, its body read to the end. An answer to another attempt than the one in
    /// flight changes nothing.
    Response {
        /// [`Attempt::number`](super::Attempt::number).
        attempt: u32,
        /// The answer.
        response: Response<Bytes>,
    },
    /// An attempt brought no answer. A fault of another attempt than the one in flight changes nothing.
    Fault {
        /// [`Attempt::number`](super::Attempt::number).
        attempt: u32,
        /// Why.
        fault: Fault,
    },
    /// Time has passed. Early and repeated ones change nothing.
    Timeout,
    /// The caller gave up.
    Cancel,
}

impl fmt::Debug for CallInput {
    /// Without the body and the headers of an answer, which can hold a new key or a signed link.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response { attempt, response } => f
                .debug_struct("Response")
                .field("attempt", attempt)
                .field("status", &response.status().as_u16())
                .field("body_bytes", &response.body().len())
                .finish_non_exhaustive(),
            Self::Fault { attempt, fault } => {
                f.debug_struct("Fault").field("attempt", attempt).field("fault", fault).finish()
            }
            Self::Timeout => f.write_str("Timeout"),
            Self::Cancel => f.write_str("Cancel"),
        }
    }
}
