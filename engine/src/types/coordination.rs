//! Who of an agent's processes replies (contract 2.12).

use super::shape;

shape! {
    /// Whether a foreground turn of the agent is under way.
    pub struct ReplyActive {
        need {
            /// Whether there is one.
            active: bool,
        }
    }
}

shape! {
    /// What became of claiming a reply.
    pub struct ReplyClaim {
        need {
            /// Whether the reply is the caller's.
            claimed: bool,
        }
        may {
            /// Whether it was left to a foreground turn.
            deferred: bool,
        }
    }
}

shape! {
    /// What became of claiming several replies.
    pub struct ReplyClaims {
        need {
            /// How many from the beginning are the caller's.
            claimed_count: u64,
        }
        may {
            /// Whether the rest was left to a foreground turn.
            deferred: bool,
        }
    }
}
