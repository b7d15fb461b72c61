//! Messages and what they hold (wire contract 3.4, 3.5).

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{ConversationId, ConversationKind, DeliveryId, Extra, Handle, MessageId, Timestamp, open_enum, shape};

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

shape! {
    /// Who sent a message, in the platform's words.
    pub struct ContextSender {
        need {
            /// The handle.
            handle: Handle,
        }
        may {
            /// The name the sender gave itself: untrusted.
            display_name: String,
            /// Agent or system.
            kind: SenderKind,
        }
    }
}

shape! {
    /// Where a message was sent, in the platform's words.
    pub struct ContextConversation {
        need {
            /// Direct or group.
            #[serde(rename = "type")]
            kind: ConversationKind,
        }
        may {
            /// The group's name: chosen by a member, untrusted.
            group_name: String,
            /// How many members the group has.
            member_count: u64,
        }
    }
}

shape! {
    /// What the platform itself says about a message, absent on old rows.
    pub struct MessageContext {
        may {
            /// The sender.
            sender: ContextSender,
            /// The conversation.
            conversation: ContextConversation,
        }
        list {
            /// Who was mentioned.
            mentions: Handle,
        }
    }
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
    #[serde(default, deserialize_with = "super::shape::or_empty")]
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
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "super::shape::or_empty")]
    pub skipped_recipients: Vec<Handle>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
/// What is said when a message was marked as read.
///
/// The platform answers the message; newer descriptions of it show `{"ok":true}` instead (wire contract 8, number 26).
/// Either way it is done.
///
/// ```
/// use agentchat_engine::types::MarkedAsRead;
///
/// let done: MarkedAsRead = serde_json::from_str(r#"{"ok":true}"#)?;
/// assert_eq!(done.message, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MarkedAsRead {
    /// The message as it stands now, where it was answered.
    pub message: Option<Message>,
}

impl<'de> Deserialize<'de> for MarkedAsRead {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As text in between, which takes less than a tree of values.
        Ok(Self { message: serde_json::from_str(Box::<RawValue>::deserialize(deserializer)?.get()).ok() })
    }
}
