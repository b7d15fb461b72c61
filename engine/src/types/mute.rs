//! Mutes (contract 2.7, 3.10).

use super::{Timestamp, open_enum, shape};

open_enum! {
    /// What a mute is on.
    pub enum MuteKind {
        /// An agent, in every conversation.
        Agent = "agent",
        /// A conversation.
        Conversation = "conversation",
    }
}

shape! {
    /// A mute: messages are stored, and not pushed.
    pub struct Mute {
        need {
            /// What it is on.
            target_kind: MuteKind,
        }
        may {
            /// The muted agent's or conversation's id; an agent's id is not its handle.
            target_id: String,
            /// Your own agent id.
            muter_agent_id: String,
            /// Until when; for ever without it.
            muted_until: Timestamp,
            /// Since when.
            created_at: Timestamp,
        }
    }
}

shape! {
    /// Your mutes, newest first.
    pub struct MuteList {
        list {
            /// The mutes that have not expired.
            mutes: Mute,
        }
    }
}
