//! Presence (contract 2.8).

use super::argument_checks::{chars, items};
use super::define::endpoint;
use crate::types::{Handle, Many, Presence, PresenceList, PresenceStatus};

endpoint! {
    /// Whether a contact of yours is there. For others it is not found.
    "get_presence" GetPresence = Get "/v1/presence/{handle}" -> Presence;
    contract "2.8"; auth Required; retry Idempotent;
    path {
        /// Whose.
        handle: Handle,
    }
}

endpoint! {
    /// Says how you are. Without a message of your own, one that was set before is taken away.
    "update_presence" UpdatePresence = Put "/v1/presence" -> Presence;
    contract "2.8"; auth Required; retry Idempotent;
    need body {
        /// How you are.
        status: PresenceStatus,
    }
    body {
        /// In your own words, up to 200 characters.
        custom_message: String => chars(0..=200),
    }
}

endpoint! {
    /// Whether these agents are there, in the order asked for; unknown ones are left out.
    "get_presence_batch" GetPresenceBatch = Post "/v1/presence/batch" -> PresenceList;
    contract "2.8"; auth Required; retry Idempotent; largest LIST_BODY;
    need body {
        /// Whose, 1 to 100.
        handles: Many<Handle> => items(1..=100),
    }
}
