//! What goes into a [`Transfer`](super::Transfer) and what comes out.

use core::fmt;

use bytes::Bytes;
use http::{Request, Response};

use super::error::TransferError;
use super::fingerprint::Fingerprint;
use crate::error::Fault;
use crate::rest::RetryPlan;
use crate::time::Mono;

/// What happened: an input of a [`Transfer`](super::Transfer). An input for another attempt than the one in flight changes
/// nothing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TransferInput {
    /// Bytes of the request have left, or bytes of the answer were written: the transfer goes on.
    Moved {
        /// [`TransferAttempt::number`].
        attempt: u32,
    },
    /// The head of the answer.
    Head {
        /// [`TransferAttempt::number`].
        attempt: u32,
        /// Status and headers.
        head: Response<()>,
    },
    /// Bytes of the answer's body.
    Chunk {
        /// [`TransferAttempt::number`].
        attempt: u32,
        /// The bytes.
        bytes: Bytes,
    },
    /// The end of the answer's body.
    End {
        /// [`TransferAttempt::number`].
        attempt: u32,
    },
    /// The attempt broke off.
    Fault {
        /// [`TransferAttempt::number`].
        attempt: u32,
        /// Why.
        fault: Fault,
    },
    /// Time has passed. Early and repeated ones change nothing.
    Timeout,
    /// The caller gave up.
    Cancel,
}

/// An attempt to be sent.
#[derive(Clone)]
pub struct TransferAttempt {
    /// Counted from 1; names the attempt in [`TransferInput`].
    pub number: u32,
    /// The request without its body. Its URL is a secret.
    pub request: Request<()>,
    /// Bytes of the body, to be read from the start of the file; 0 for a download.
    pub body: u64,
}

impl fmt::Debug for TransferAttempt {
    /// Without the URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransferAttempt")
            .field("number", &self.number)
            .field("method", self.request.method())
            .field("host", &self.request.uri().host())
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// A transfer that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received {
    /// The store's HTTP status.
    pub status: u16,
    /// Attempts made.
    pub attempts: u32,
    /// Size and SHA-256 of the received bytes; of no bytes for an upload.
    pub file: Fingerprint,
    /// The type that the store says the file has.
    pub content_type: Option<String>,
}

/// What a [`Transfer`](super::Transfer) wants. Anything but `Idle` and `Finished` is returned once. Exhaustive on purpose, as
/// [`CallOutput`](crate::CallOutput) is.
#[derive(Debug)]
pub enum TransferOutput {
    /// Send this, and drop whatever attempt was in flight before.
    Send(Box<TransferAttempt>),
    /// Write these bytes: they follow those written before, over all attempts.
    Write(Bytes),
    /// An attempt failed, another will follow after a wait. Not said for the last one.
    Retrying(RetryPlan<TransferError>),
    /// Nothing to do until an input, or `wake`.
    Idle {
        /// When to say [`TransferInput::Timeout`], if at all.
        wake: Option<Mono>,
    },
    /// The end.
    Done(Result<Received, TransferError>),
    /// The result was returned before.
    Finished,
}
