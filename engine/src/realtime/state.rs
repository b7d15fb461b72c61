//! Where a session stands, as a value; and the ids of what it opens.

use serde::{Deserialize, Serialize};

use super::halt::HaltReason;
use crate::time::Mono;

/// One WebSocket connection of a session, minted by the engine. Inputs of another connection than the
/// current one change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(pub(crate) u64);

/// One HTTP request of a session, minted by the engine. An answer to an id that is not awaited changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub(crate) u64);

/// One REST call of a session's own, minted by the engine: its attempts are requests, each with its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub(crate) u64);

/// Where a session stands. Read it at any time with [`Session::state`](super::Session::state).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
#[non_exhaustive]
pub enum ConnectionState {
    /// Not started.
    Idle,
    /// The socket is being opened.
    Opening {
        /// Attempts since the last connection that lasted, this one included, from 1.
        attempt: u32,
    },
    /// The socket is open and HELLO is sent; the platform has not answered yet.
    Greeting,
    /// Connected; what was stored meanwhile is being fetched.
    CatchingUp,
    /// Connected, and everything stored before has been fetched.
    Live,
    /// Not connected; another attempt follows.
    Waiting {
        /// When, on the monotonic clock.
        retry_at: Mono,
        /// The number of the attempt to come.
        attempt: u32,
    },
    /// The platform refused the key; another one is waited for, see [`SessionOptions::key_wait`](super::SessionOptions::key_wait).
    AwaitingKey {
        /// When the session ends without one, on the monotonic clock.
        until: Mono,
    },
    /// Ended by something that trying again cannot mend. Where the platform refused the key, only a `Start` that brings
    /// credentials starts it again.
    Halted {
        /// What ended it.
        reason: HaltReason,
    },
    /// Closing on request: what is in flight is waited for.
    Closing,
    /// Closed on request.
    Closed,
}

impl ConnectionState {
    /// Whether the platform refused the key.
    pub(super) fn is_refused(&self) -> bool {
        matches!(self, Self::Halted { reason } if reason.is_refusal())
    }
}
