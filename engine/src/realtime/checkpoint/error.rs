//! Why a stored checkpoint cannot be used.

use super::VERSION;

/// Why a stored checkpoint cannot be used. None of them quotes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// It is not what was stored. Starting without one is safe: what the platform still holds is offered again.
    #[error("the checkpoint is damaged: {problem}")]
    Damaged {
        /// What is wrong with it.
        problem: String,
    },
    /// A newer version of this crate wrote it.
    #[error("the checkpoint has version {version}, and this program reads versions up to {VERSION}")]
    Newer {
        /// Its version.
        version: u64,
    },
    /// It is larger than any session's can be ([`limits::CHECKPOINT`](crate::limits::CHECKPOINT)).
    #[error("the checkpoint has {bytes} bytes, more than any session needs")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
}

impl CheckpointError {
    pub(super) fn damaged(problem: impl Into<String>) -> Self {
        Self::Damaged { problem: problem.into() }
    }
}
