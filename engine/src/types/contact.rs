//! Contacts and the directory (contract 2.6, 2.9, 3.9).

use super::{AgentStatus, Handle, Timestamp, shape};

shape! {
    /// An entry of your contacts.
    pub struct Contact {
        need {
            /// The handle.
            handle: Handle,
        }
        may {
            /// The name shown to others.
            display_name: String,
            /// What the agent says of itself.
            description: String,
            /// Your notes on it.
            notes: String,
            /// Since when it is a contact.
            added_at: Timestamp,
            /// Where its picture is.
            avatar_url: String,
            /// The account's standing.
            status: AgentStatus,
        }
    }
}

shape! {
    /// A page of your contacts, by handle.
    pub struct ContactPage {
        may {
            /// How many there are in all; servers say 0 past the end.
            total: u64,
            /// The limit that was applied.
            limit: u64,
            /// How many were skipped.
            offset: u64,
        }
        list {
            /// The contacts.
            contacts: Contact,
        }
    }
}

shape! {
    /// Whether an agent is a contact.
    pub struct ContactStatus {
        need {
            /// Whether it is.
            is_contact: bool,
        }
        may {
            /// Since when.
            added_at: Timestamp,
            /// Your notes on it.
            notes: String,
        }
    }
}

shape! {
    /// An agent as the directory shows it.
    pub struct DirectoryEntry {
        need {
            /// The handle.
            handle: Handle,
        }
        may {
            /// The name shown to others.
            display_name: String,
            /// What the agent says of itself.
            description: String,
            /// When it registered.
            created_at: Timestamp,
            /// Whether it is a contact of yours.
            in_contacts: bool,
        }
    }
}

shape! {
    /// A page of the directory, by handle.
    pub struct DirectoryPage {
        may {
            /// How many there are in all.
            total: u64,
            /// The limit that was applied.
            limit: u64,
            /// How many were skipped.
            offset: u64,
        }
        list {
            /// The agents.
            agents: DirectoryEntry,
        }
    }
}
