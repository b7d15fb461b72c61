//! Conversations (contract 3.6).

use super::group::GroupRole;
use super::{ConversationId, Handle, MessageType, Timestamp, open_enum, shape};

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
    /// A row of the conversation list (contract 3.6).
    pub struct ConversationListItem {
        need {
            /// The conversation.
            id: ConversationId,
            /// Direct or group.
            kind as "type": ConversationKind,
        }
        may {
            /// The group's name.
            group_name: String,
            /// Where the group's picture is.
            group_avatar_url: String,
            /// How many members the group has.
            group_member_count: u64,
            /// Up to 140 characters of the last message.
            last_message_preview: String,
            /// Whether the last message is your own.
            last_message_is_own: bool,
            /// The type of the last message.
            last_message_type: MessageType,
            /// When the last message was sent.
            last_message_at: Timestamp,
            /// When the conversation last changed.
            updated_at: Timestamp,
            /// Whether you have muted it, or its counterparty.
            is_muted: bool,
            /// How many messages you have not read.
            unread_count: u64,
            /// The seq of the oldest message you have not read.
            oldest_unread_seq: u64,
            /// The seq of the newest message you have not read.
            newest_unread_seq: u64,
        }
        list {
            /// The counterparty of a direct conversation; empty for a group.
            participants: Participant,
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
