//! The list of conversations (contract 3.6).

use super::{ConversationId, ConversationKind, MessageType, Participant, Timestamp, shape};

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
