//! Conversations as they are listed (wire contract 3.6).

use serde::{Deserialize, Serialize};

use super::{ConversationId, Extra, Handle, MessageType, Timestamp, open_enum};

open_enum! {
    /// Whether a conversation has two participants or is a group.
    pub enum ConversationKind {
        /// Two participants.
        Direct = "direct",
        /// A group.
        Group = "group",
    }
}

/// A participant as listings show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Participant {
    /// The handle.
    pub handle: Handle,
    /// The name shown to others.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Where its picture is.
    #[serde(default)]
    pub avatar_url: Option<String>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A row of the conversation list (wire contract 3.6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConversationListItem {
    /// The conversation.
    pub id: ConversationId,
    /// Direct or group.
    #[serde(rename = "type")]
    pub kind: ConversationKind,
    /// The counterparty of a direct conversation; empty for a group.
    #[serde(default)]
    pub participants: Vec<Participant>,
    /// The group's name.
    #[serde(default)]
    pub group_name: Option<String>,
    /// Where the group's picture is.
    #[serde(default)]
    pub group_avatar_url: Option<String>,
    /// How many members the group has.
    #[serde(default)]
    pub group_member_count: Option<u64>,
    /// Up to 140 characters of the last message.
    #[serde(default)]
    pub last_message_preview: Option<String>,
    /// Whether the last message is your own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_message_is_own: Option<bool>,
    /// The type of the last message.
    #[serde(default)]
    pub last_message_type: Option<MessageType>,
    /// When the last message was sent.
    #[serde(default)]
    pub last_message_at: Option<Timestamp>,
    /// When the conversation last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Whether you have muted it, or its counterparty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_muted: Option<bool>,
    /// How many messages you have not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread_count: Option<u64>,
    /// The seq of the oldest message you have not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_unread_seq: Option<u64>,
    /// The seq of the newest message you have not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_unread_seq: Option<u64>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
