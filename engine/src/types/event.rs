//! The platform's events, typed (contract 5.5, 6): the same on the socket and in webhooks.
//!
//! On the socket an event is `{type, payload}`, in a webhook `{event, timestamp, data}`; payload and data
//! are alike. An event that this version does not know keeps its name and its text.

use core::fmt;

use serde::de::DeserializeOwned;
use serde::ser::{Error as _, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::{
    ConversationId, DeletedGroupInfo, GroupInvitation, Handle, Message, MessageId, Presence, Timestamp, open_enum,
    shape,
};
use crate::json::{self, members};
use crate::limits;
use crate::words::{bounded, printable};

open_enum! {
    /// The name of an event. Names this version does not know keep their text.
    ///
    /// ```
    /// use agentchat_engine::types::EventKind;
    /// assert_eq!(EventKind::from("message.new"), EventKind::MessageNew);
    /// assert_eq!(EventKind::from("message.pinned").as_str(), "message.pinned");
    /// ```
    pub enum EventKind {
        /// A message came.
        MessageNew = "message.new",
        /// A message of yours was read.
        MessageRead = "message.read",
        /// A contact came, went or changed its status.
        PresenceUpdate = "presence.update",
        /// You were invited to a group.
        GroupInviteReceived = "group.invite.received",
        /// A group you were in was deleted.
        GroupDeleted = "group.deleted",
        /// Somebody was blocked. Webhooks only.
        ContactBlocked = "contact.blocked",
        /// An agent was registered. Webhooks of system agents only.
        AgentCreated = "agent.created",
        /// Somebody is typing. Socket only.
        TypingStart = "typing.start",
        /// Somebody stopped typing. Socket only.
        TypingStop = "typing.stop",
        /// You are close to a rate limit. Socket only, advisory.
        RateLimitWarning = "rate_limit.warning",
    }
}

shape! {
    /// That a message was read, on every reading, repeats included (contract 5.5, 8.5).
    ///
    /// ```
    /// use agentchat_engine::types::{Handle, MessageRead};
    ///
    /// let read: MessageRead = serde_json::from_str(r#"{"message_id":"msg_1","read_by":"bob","through_seq":"7"}"#)?;
    /// assert_eq!(read.read_by, Some(Handle::from("bob")));
    /// assert!(read.through_seq.is_none(), "not a number: kept in `extra`");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct MessageRead {
        may {
            /// The message.
            message_id: MessageId,
            /// Who read it.
            read_by: Handle,
            /// When.
            read_at: Timestamp,
            /// Its conversation; not sent by every server.
            conversation_id: ConversationId,
            /// Everything up to this seq was read; not sent by every server.
            through_seq: u64,
        }
    }
}

shape! {
    /// That somebody was blocked (contract 6).
    pub struct ContactBlocked {
        may {
            /// A handle. Servers have been seen to put the **blocked** agent's own handle here: do not build on it.
            blocked_by: Handle,
        }
    }
}

shape! {
    /// That an agent was registered (contract 6).
    pub struct AgentCreated {
        may {
            /// Its handle.
            handle: Handle,
            /// The name it gave itself: untrusted.
            display_name: String,
            /// When.
            created_at: Timestamp,
        }
    }
}

shape! {
    /// That somebody is typing, or stopped (contract 5.5).
    pub struct Typing {
        may {
            /// Where.
            conversation_id: ConversationId,
            /// Who.
            sender: Handle,
        }
    }
}

shape! {
    /// That a rate limit is near (contract 5.5). Advisory.
    pub struct RateLimitWarning {
        may {
            /// Which route.
            endpoint: String,
            /// Requests a window.
            limit: u64,
            /// Requests left in this window.
            remaining: u64,
            /// When the window ends; a number stays in `extra`, because its unit is not documented.
            reset_at: Timestamp,
            /// The platform's words.
            message: String,
        }
    }
}

/// An event of the platform with its payload (contract 5.5, 6).
///
/// ```
/// use agentchat_engine::types::{PlatformEvent, PresenceStatus};
///
/// let frame = r#"{"type":"presence.update","payload":{"handle":"bob","status":"online","custom_message":null}}"#;
/// match PlatformEvent::from_frame(frame)? {
///     PlatformEvent::PresenceUpdate(presence) => assert_eq!(presence.status, PresenceStatus::Online),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), agentchat_engine::types::UnreadableEvent>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PlatformEvent {
    /// A message came.
    MessageNew(Box<Message>),
    /// A message of yours was read.
    MessageRead(MessageRead),
    /// A contact came, went or changed its status.
    PresenceUpdate(Presence),
    /// You were invited to a group.
    GroupInviteReceived(GroupInvitation),
    /// A group you were in was deleted.
    GroupDeleted(DeletedGroupInfo),
    /// Somebody was blocked.
    ContactBlocked(ContactBlocked),
    /// An agent was registered.
    AgentCreated(AgentCreated),
    /// Somebody is typing.
    TypingStart(Typing),
    /// Somebody stopped typing.
    TypingStop(Typing),
    /// You are close to a rate limit.
    RateLimitWarning(RateLimitWarning),
    /// An event that this version does not know.
    Other {
        /// Its name.
        kind: EventKind,
        /// The JSON text of its payload as it came; `null` if it had none.
        raw: String,
    },
}

impl PlatformEvent {
    /// Reads the payload of an event: `payload` of a frame, `data` of a webhook.
    ///
    /// # Errors
    /// [`UnreadableEvent`] if a known event's payload is not what the contract says, is nested deeper than
    /// 127 levels, or would take more than 16 MiB of memory. An unknown event is never an error.
    pub fn read(kind: EventKind, payload: &str) -> Result<Self, UnreadableEvent> {
        let read = match &kind {
            EventKind::MessageNew => parse(payload).map(Self::MessageNew),
            EventKind::MessageRead => parse(payload).map(Self::MessageRead),
            EventKind::PresenceUpdate => parse(payload).map(Self::PresenceUpdate),
            EventKind::GroupInviteReceived => parse(payload).map(Self::GroupInviteReceived),
            EventKind::GroupDeleted => parse(payload).map(Self::GroupDeleted),
            EventKind::ContactBlocked => parse(payload).map(Self::ContactBlocked),
            EventKind::AgentCreated => parse(payload).map(Self::AgentCreated),
            EventKind::TypingStart => parse(payload).map(Self::TypingStart),
            EventKind::TypingStop => parse(payload).map(Self::TypingStop),
            EventKind::RateLimitWarning => parse(payload).map(Self::RateLimitWarning),
            EventKind::Other(_) => return Ok(Self::Other { kind, raw: payload.to_owned() }),
        };
        read.map_err(|problem| UnreadableEvent { kind: Some(kind), problem })
    }

    /// Reads a text frame of the socket. Members beside `type` and `payload` are not kept: the whole frame is in
    /// [`ServerEvent::text`](crate::realtime::ServerEvent::text).
    ///
    /// # Errors
    /// [`UnreadableEvent`] if it is not an object with a `type`, or as for [`read`](Self::read).
    pub fn from_frame(text: &str) -> Result<Self, UnreadableEvent> {
        let unreadable = |problem| UnreadableEvent { kind: None, problem };
        let (mut kind, mut payload) = (None, "null");
        members(text, |name, value| match name {
            "type" => kind = json::text(value),
            "payload" => payload = value,
            _ => {}
        })
        .map_err(|e| unreadable(problem(&e)))?;
        let kind = kind.ok_or_else(|| unreadable("it has no type".to_owned()))?;
        Self::read(EventKind::from(&*kind), payload)
    }

    /// The event's name.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        match self {
            Self::MessageNew(_) => EventKind::MessageNew,
            Self::MessageRead(_) => EventKind::MessageRead,
            Self::PresenceUpdate(_) => EventKind::PresenceUpdate,
            Self::GroupInviteReceived(_) => EventKind::GroupInviteReceived,
            Self::GroupDeleted(_) => EventKind::GroupDeleted,
            Self::ContactBlocked(_) => EventKind::ContactBlocked,
            Self::AgentCreated(_) => EventKind::AgentCreated,
            Self::TypingStart(_) => EventKind::TypingStart,
            Self::TypingStop(_) => EventKind::TypingStop,
            Self::RateLimitWarning(_) => EventKind::RateLimitWarning,
            Self::Other { kind, .. } => kind.clone(),
        }
    }
}

/// As a frame of the socket, `{type, payload}`.
impl Serialize for PlatformEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut frame = serializer.serialize_struct("PlatformEvent", 2)?;
        frame.serialize_field("type", &self.kind())?;
        match self {
            Self::MessageNew(payload) => frame.serialize_field("payload", payload)?,
            Self::MessageRead(payload) => frame.serialize_field("payload", payload)?,
            Self::PresenceUpdate(payload) => frame.serialize_field("payload", payload)?,
            Self::GroupInviteReceived(payload) => frame.serialize_field("payload", payload)?,
            Self::GroupDeleted(payload) => frame.serialize_field("payload", payload)?,
            Self::ContactBlocked(payload) => frame.serialize_field("payload", payload)?,
            Self::AgentCreated(payload) => frame.serialize_field("payload", payload)?,
            Self::TypingStart(payload) | Self::TypingStop(payload) => frame.serialize_field("payload", payload)?,
            Self::RateLimitWarning(payload) => frame.serialize_field("payload", payload)?,
            Self::Other { raw, .. } => {
                let raw = serde_json::from_str::<&RawValue>(raw).map_err(S::Error::custom)?;
                frame.serialize_field("payload", raw)?;
            }
        }
        frame.end()
    }
}

/// An event whose payload is not what the contract says. Its text quotes nothing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadableEvent {
    /// The event's name, if that much could be read.
    pub kind: Option<EventKind>,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for UnreadableEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.as_ref().map_or("an event", EventKind::as_str);
        let kind = printable(&bounded(kind, limits::IDENTIFIER));
        write!(f, "{kind} cannot be read: {}", self.problem)
    }
}

impl core::error::Error for UnreadableEvent {}

/// Depth and weight are checked first: `extra` is a tree of the sender's making.
fn parse<T: DeserializeOwned>(payload: &str) -> Result<T, String> {
    if json::is_too_deep(payload) {
        return Err("it is nested deeper than 127 levels".to_owned());
    }
    if json::is_too_heavy(payload, limits::ANSWER_BODY) {
        return Err("it has too many values".to_owned());
    }
    json::read(payload).map_err(|e| problem(&e))
}

fn problem(error: &serde_json::Error) -> String {
    format!("{:?} error at line {} column {}", error.classify(), error.line(), error.column())
}
