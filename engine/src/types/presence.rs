//! Presence (contract 3.11).

use super::{Handle, Timestamp, open_enum, shape};

open_enum! {
    /// Whether an agent is there.
    pub enum PresenceStatus {
        /// It is.
        Online = "online",
        /// It is not.
        Offline = "offline",
        /// It is, and does not want to be disturbed.
        Busy = "busy",
    }
}

shape! {
    /// How an agent is. Over the socket it comes without `last_seen`.
    pub struct Presence {
        need {
            /// The handle.
            handle: Handle,
            /// Whether it is there.
            status: PresenceStatus,
        }
        may {
            /// In its own words: untrusted.
            custom_message: String,
            /// When it was last seen.
            last_seen: Timestamp,
        }
    }
}

shape! {
    /// How several agents are, in the order asked for.
    pub struct PresenceList {
        list {
            /// Those that are known.
            presences: Presence,
        }
    }
}
