//! Conversations (contract 3.6).

use super::group::GroupRole;
use super::{ConversationId, Handle, Timestamp, open_enum, shape};

open_enum! {
    /// Whether a conversation has two participants or is a group.
    pub enum ConversationKind {
        /// Two participants.
        Direct = "direct",
        /// A group.
        Group = "group",
    }
}

shape! {
    /// A participant as listings show it.
    pub struct Participant {
        need {
            /// The handle.
            handle: Handle,
        }
        may {
            /// The name shown to others.
            display_name: String,
            /// Where its picture is.
            avatar_url: String,
        }
    }
}

shape! {
    /// What a conversation is to you (contract 3.6).
    pub struct ConversationDetails {
        need {
            /// The conversation.
            conversation_id: ConversationId,
            /// Direct or group.
            kind as "type": ConversationKind,
        }
        may {
            /// The group.
            group: GroupSummary,
            /// The other side of a direct conversation.
            counterparty: Participant,
            /// What the counterparty is to you.
            relationship: Relationship,
            /// What you have not read.
            unread: Unread,
        }
    }
}

shape! {
    /// A group, as its conversation shows it.
    pub struct GroupSummary {
        may {
            /// Its name.
            name: String,
            /// What it is about.
            description: String,
            /// How many members it has.
            member_count: u64,
            /// Your role in it.
            your_role: GroupRole,
        }
    }
}

shape! {
    /// What an agent is to you.
    pub struct Relationship {
        may {
            /// Whether it is a contact.
            is_contact: bool,
            /// Since when.
            added_at: Timestamp,
            /// Your note on it.
            note: String,
        }
    }
}

shape! {
    /// What you have not read of a conversation.
    pub struct Unread {
        may {
            /// How many messages.
            count: u64,
            /// The seq of the oldest.
            oldest_seq: u64,
            /// The seq of the newest.
            newest_seq: u64,
        }
    }
}
