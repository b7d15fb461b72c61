//! How reading a list ends before its end.

use serde_json::Value;

use crate::error::Error;

/// How reading a list ended before its end, or stumbled. What was taken until then is right; [`position`](super::Pager::position) says
/// where to go on.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PagingError {
    /// A page could not be had.
    #[error(transparent)]
    Call(#[from] Error),
    /// The server does not move on: it answers with rows that it was not asked for.
    #[error("the list is stuck after {taken} row(s): the server brings the same rows again")]
    Stuck {
        /// Rows taken.
        taken: u64,
    },
    /// A page begins elsewhere than was asked.
    #[error("the page at {asked} was asked for, and the one at {got} came")]
    Elsewhere {
        /// The offset that was asked for.
        asked: u64,
        /// The offset that the server says.
        got: u64,
    },
    /// No end was found, and no cap was set.
    #[error("the list has no end within {taken} rows")]
    Endless {
        /// Rows taken.
        taken: u64,
    },
    /// The platform shows no more of this list: ask for less of it.
    #[error("the platform shows nothing of this list beyond row {offset}")]
    OutOfReach {
        /// The offset that can no longer be asked for.
        offset: u64,
    },
    /// A row cannot be read. It is the one error after which the list goes on.
    #[error("a row of the list cannot be read")]
    Unreadable {
        /// The row as it came.
        row: Value,
    },
}
