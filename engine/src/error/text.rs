//! What an [`Error`] says of itself, and what it leaves to its source.

use core::fmt;

use super::Error;
use super::fault::{WasSent, verdict};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(_) => f.write_str("refused before sending"),
            Self::Transport { fault, attempts, sent } => {
                write!(f, "no answer after {attempts} attempt(s){}", verdict(fault.sent, *sent))
            }
            Self::Api(error) => error.fmt(f),
            Self::Undecodable { status, request_id, problem } => {
                write!(f, "the call was executed (status {status}), but its answer cannot be read: {problem}")?;
                match request_id {
                    Some(id) => write!(f, " [request {id}]"),
                    None => Ok(()),
                }
            }
            Self::Deadline { deadline, attempts, sent, .. } => {
                let verdict = if *sent == WasSent::No { "nothing was sent" } else { "an attempt may have arrived" };
                write!(f, "the deadline of {} ms passed after {attempts} attempt(s) ({verdict})", deadline.as_millis())
            }
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Refused(refused) => Some(refused),
            Self::Transport { fault, .. } => Some(fault),
            Self::Deadline { last, .. } => match last.as_deref()? {
                // Without its own verdict: an attempt that was in flight at the deadline counts as well.
                Self::Transport { fault, .. } => Some(fault),
                last => Some(last),
            },
            Self::Api(_) | Self::Undecodable { .. } | Self::Cancelled => None,
        }
    }
}
