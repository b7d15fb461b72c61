//! [`Unsent`]: a signal handed back.

use agentchat_engine::realtime::{Refusal, Signal};

/// A signal that was not sent, handed back. It is not kept either: try again if it still means something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signal was not sent")]
#[non_exhaustive]
pub struct Unsent {
    /// The signal.
    pub signal: Signal,
    /// Why.
    #[source]
    pub why: Refusal,
}
