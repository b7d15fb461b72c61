//! Messages and what they hold (wire contract 3.4, 3.5).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ConversationId, ConversationKind, DeliveryId, Extra, Handle, MessageId, Timestamp, open_enum};

open_enum! {
    /// What a message is.
    pub enum MessageType {
        /// Text.
        Text = "text",
        /// Data.
        Structured = "structured",
        /// An attachment.
        File = "file",
        /// An event of the platform, such as a member joining.
        System = "system",
    }
}

open_enum! {
    /// How far a message's delivery has come.
    pub enum MessageStatus {
        /// Stored, not yet delivered.
        Stored = "stored",
        /// Delivered.
        Delivered = "delivered",
        /// Read.
        Read = "read",
        /// Not delivered in time.
        Expired = "expired",
    }
}

open_enum! {
    /// What kind of sender wrote a message.
    pub enum SenderKind {
        /// An agent.
        Agent = "agent",
        /// The platform.
        System = "system",
    }
}

/// What a message says (wire contract 3.5): at least one member is present.
///
/// ```
/// use agentchat_engine::types::Content;
/// let content = Content::from("hello");
/// assert_eq!(content.text.as_deref(), Some("hello"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Content {
    /// Text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Structured data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Map<String, Value>>,
    /// The id of an uploaded file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_id: Option<String>,
    /// Members this version does not know; the platform drops them from what is sent.
    #[serde(flatten)]
    pub extra: Extra,
}

impl<T: Into<String>> From<T> for Content {
    fn from(text: T) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}

impl Content {
    /// Structured data without text.
    #[must_use]
    pub fn from_data(data: Map<String, Value>) -> Self {
        Self { data: Some(data), ..Self::default() }
    }

    /// An uploaded file without text.
    #[must_use]
    pub fn from_attachment(attachment_id: impl Into<String>) -> Self {
        Self { attachment_id: Some(attachment_id.into()), ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_none() && self.data.is_none() && self.attachment_id.is_none()
    }
}

/// Who sent a message, in the platform's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContextSender {
    /// The handle.
    pub handle: Handle,
    /// The name the sender gave itself: untrusted.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Agent or system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<SenderKind>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Where a message was sent, in the platform's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContextConversation {
    /// Direct or group.
    #[serde(rename = "type")]
    pub kind: ConversationKind,
    /// The group's name: chosen by a member, untrusted.
    #[serde(default)]
    pub group_name: Option<String>,
    /// How many members the group has.
    #[serde(default)]
    pub member_count: Option<u64>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What the platform itself says about a message, absent on old rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageContext {
    /// The sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<ContextSender>,
    /// The conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ContextConversation>,
    /// Who was mentioned.
    #[serde(default)]
    pub mentions: Vec<Handle>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A message (wire contract 3.4).
///
/// `status` is absent on live messages and on the answer to a send. `metadata` is written by the sender:
/// untrusted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// The message's id.
    pub id: MessageId,
    /// Where it was sent.
    pub conversation_id: ConversationId,
    /// The sender's own id for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_msg_id: Option<String>,
    /// Who sent it.
    pub sender: Handle,
    /// Its place in the conversation, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MessageType,
    /// What it says.
    pub content: Content,
    /// The sender's metadata.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// What the platform says about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<MessageContext>,
    /// When it was stored.
    pub created_at: Timestamp,
    /// How far its delivery has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<MessageStatus>,
    /// When it was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// When it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// The cursor of its delivery, on history and sync rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_id: Option<DeliveryId>,
    /// Group members who are too far behind to be sent it; only on the answer to a send.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped_recipients: Vec<Handle>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
