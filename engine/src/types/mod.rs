//! The platform's data shapes (wire contract 3): forgiving inward, strict outward.
//!
//! Unknown members are kept in `extra`, unknown enum values keep their text, and both survive a round
//! trip. What is optional anywhere is optional here.

mod account;
mod conversation;
mod event;
mod forgiving;
mod group_event;
mod identifier;
mod message;
mod open_enum;
mod presence;
mod row;
mod system_event;
mod timestamp;

pub use account::{Agent, AgentProfile, AgentStatus, InboxMode, NewAgent, PausedByOwner, PendingCode, Settings};
pub use conversation::{ConversationKind, ConversationListItem, Participant};
pub use event::{
    AgentCreated, ContactBlocked, EventKind, MessageRead, PlatformEvent, RateLimitWarning, Typing, UnreadableEvent,
};
pub use group_event::{DeletedGroupInfo, GroupInvitation};
pub use identifier::{ConversationId, DeliveryId, Handle, MessageId, PendingId};
pub use message::{
    Content, ContextConversation, ContextSender, Message, MessageContext, MessageStatus, MessageType, SenderKind,
};
pub use presence::{Presence, PresenceStatus};
pub use row::{Header, Row, SyncAcked, SyncPage, SyncRow, Unreadable};
pub use system_event::SystemEvent;
pub use timestamp::Timestamp;

pub use crate::secret::OneTimeCode;
pub(crate) use identifier::segment_problem;
pub(crate) use open_enum::open_enum;

/// Members of an object that this version does not know.
pub type Extra = serde_json::Map<String, serde_json::Value>;
