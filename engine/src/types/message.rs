//! Messages and what they hold (contract 3.4, 3.5).

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{
    ConversationId, ConversationKind, DeliveryId, Extra, Handle, MessageId, Timestamp, open_enum, shape, wire,
};
use crate::json;

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

/// What a message says (contract 3.5): at least one member is present.
///
/// ```
/// use agentchat_engine::types::Content;
/// let content = Content::from("hello");
/// assert_eq!(content.text.as_deref(), Some("hello"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Content {
    /// Text.
    pub text: Option<String>,
    /// Structured data.
    pub data: Option<Map<String, Value>>,
    /// The id of an uploaded file.
    pub attachment_id: Option<String>,
    /// Members that this version does not know, and those that are not of the type that the contract says. The platform
    /// drops them from what is sent.
    pub extra: Extra,
}

wire!(Content { may { text: String, data: Map<String, Value>, attachment_id: String } });

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
            kind as "type": ConversationKind,
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

shape! {
    /// A message (contract 3.4).
    ///
    /// `status` is absent on live messages and on the answer to a send. `metadata` is written by the sender:
    /// untrusted.
    ///
    /// Only an object without ids is no message. Of one whose other members are missing or are not what the contract says,
    /// the sender is `unknown`, which is also the platform's word, the type is [`MessageType::Other`] with an empty text,
    /// and the content is empty; what stood there instead is in `extra`.
    ///
    /// ```
    /// use agentchat_engine::types::{Handle, Message};
    ///
    /// let message: Message = serde_json::from_str(r#"{"id":"msg_1","conversation_id":"conv_1","content":"hi"}"#)?;
    /// assert_eq!((message.sender, message.created_at), (Handle::from("unknown"), None));
    /// assert_eq!((message.content.text, &message.extra["content"]), (None, &"hi".into()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Message {
        need {
            /// The message's id.
            id: MessageId,
            /// Where it was sent.
            conversation_id: ConversationId,
        }
        or {
            /// Who sent it.
            sender: Handle = Handle::from("unknown"),
            /// What it is.
            kind as "type": MessageType = MessageType::from(""),
            /// What it says.
            content: Content = Content::default(),
            /// The sender's metadata.
            metadata: Map<String, Value> = Map::new(),
        }
        may {
            /// The sender's own id for it.
            client_msg_id: String,
            /// Its place in the conversation, from 1.
            seq: u64,
            /// What the platform says about it.
            context: MessageContext,
            /// When it was stored.
            created_at: Timestamp,
            /// How far its delivery has come.
            status: MessageStatus,
            /// When it was delivered.
            delivered_at: Timestamp,
            /// When it was read.
            read_at: Timestamp,
            /// The cursor of its delivery, on history and sync rows.
            delivery_id: DeliveryId,
        }
        few {
            /// Group members who are too far behind to be sent it; only on the answer to a send.
            skipped_recipients: Handle,
        }
    }
}

/// The answer to marking a message as read.
///
/// The platform answers the message; newer descriptions of it show `{"ok":true}` instead (contract 8.26).
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
        Ok(Self { message: json::read(Box::<RawValue>::deserialize(deserializer)?.get()).ok() })
    }
}
