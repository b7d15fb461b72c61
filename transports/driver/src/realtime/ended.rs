//! How a session ended.

use std::future::poll_fn;

use agentchat_engine::realtime::{ConnectionState, HaltReason};

use super::deliveries::ConsumerTaken;
use super::shared::Shared;

/// Why a session ended, or its messages could not be taken, although nobody had asked for that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// Somebody else takes this session's deliveries.
    #[error(transparent)]
    ConsumerTaken(#[from] ConsumerTaken),
    /// The session ended on its own account: the platform refuses the key, say, or as many attempts as allowed failed.
    #[error("{reason}; {}", reason.advice())]
    Halted {
        /// What ended it; [`HaltReason::advice`] says what to do.
        reason: HaltReason,
    },
    /// The future that runs the [`Connection`](crate::Connection) was dropped, as at the end of its runtime.
    #[error("the session's connection was dropped before its end")]
    Dropped,
}

impl Shared {
    /// Waits for the end. Returns `Ok` if the session was closed on request.
    pub(super) async fn ended(&self) -> Result<(), SessionError> {
        poll_fn(|cx| self.state.poll_ended(cx)).await;
        match self.state.get() {
            ConnectionState::Closed => Ok(()),
            ConnectionState::Halted { reason } => Err(SessionError::Halted { reason }),
            _ => Err(SessionError::Dropped),
        }
    }
}
