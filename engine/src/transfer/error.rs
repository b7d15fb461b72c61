//! How an upload or a download ends without success.

use core::time::Duration;
use std::io;
use std::sync::Arc;

use crate::error::{Error, Fault, InvalidArgument, verdict};

/// How an upload or a download ended without success. Never shows the signed URL. Why is in its
/// [`source`](core::error::Error::source), where it has one; [`Report`](crate::error::Report) shows both.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// The platform did not take the announcement, or did not say where the file is.
    #[error(transparent)]
    Call(#[from] Error),
    /// The platform's signed URL cannot be used: nothing was sent to it.
    #[error("the signed URL {problem}")]
    Url {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The store of files refused.
    #[error("the store of files answered with status {status} after {attempts} attempt(s)")]
    Refused {
        /// The HTTP status; 403 for a URL that it does not take.
        status: u16,
        /// Attempts made.
        attempts: u32,
    },
    /// The store refused, with 403, a signed URL that it did not refuse before: it has expired since. The whole upload or
    /// download can be made again, with another URL; of a download, what was written so far is to be thrown away.
    #[error("the signed URL expired on the way, before attempt {attempts}")]
    Expired {
        /// Attempts made.
        attempts: u32,
    },
    /// The connection to the store failed, or nothing moved for too long.
    #[error("the transfer broke off after {attempts} attempt(s){}", verdict(fault.sent, fault.sent))]
    Transport {
        /// What went wrong in the last attempt. Its `sent` is that of all attempts.
        #[source]
        fault: Fault,
        /// Attempts made.
        attempts: u32,
    },
    /// The total deadline passed.
    #[error("the deadline of {} ms passed after {attempts} attempt(s)", deadline.as_millis())]
    Deadline {
        /// The deadline that was set, counted from the start of the transfer.
        deadline: Duration,
        /// Attempts made.
        attempts: u32,
        /// What the last finished attempt ended with.
        #[source]
        last: Option<Box<TransferError>>,
    },
    /// The file is larger than allowed.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The bytes that came are not those that were expected.
    #[error("the file's SHA-256 is {found}, and {expected} was expected")]
    Checksum {
        /// What was expected, in lower-case hex.
        expected: String,
        /// The checksum of the received bytes, in lower-case hex.
        found: String,
    },
    /// The file is not what it was when it was announced, or when an earlier answer brought a part of it: its size, its
    /// entity tag or its beginning is another. It is not begun anew, since what was written cannot be called back; the
    /// whole upload or download can be made again.
    #[error("the file changed meanwhile")]
    Changed,
    /// The store sent the file encoded (`Content-Encoding`), which was not asked for: the received bytes are not the file.
    #[error("the store sent the file in an encoding that was not asked for")]
    Encoded,
    /// The file on this side could not be read or written.
    #[error("the file cannot be {verb}")]
    File {
        /// `read` or `written`.
        verb: &'static str,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// The caller cancelled.
    #[error("cancelled")]
    Cancelled,
}

impl TransferError {
    /// A local file that cannot be read.
    #[must_use]
    pub fn reading(error: io::Error) -> Self {
        Self::File { verb: "read", source: Arc::new(error) }
    }

    /// A local file that cannot be written.
    #[must_use]
    pub fn writing(error: io::Error) -> Self {
        Self::File { verb: "written", source: Arc::new(error) }
    }
}

impl From<InvalidArgument> for TransferError {
    fn from(refused: InvalidArgument) -> Self {
        Self::Call(Error::Refused(refused))
    }
}
