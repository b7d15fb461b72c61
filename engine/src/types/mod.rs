//! The platform's data shapes (contract 3): forgiving inward, strict outward.
//!
//! Unknown members are kept in `extra`, unknown enum values keep their text, and both survive a round
//! trip. What is optional anywhere is optional here.

mod account;
mod contact;
mod conversation;
mod conversation_list;
mod coordination;
mod event;
mod group;
mod group_event;
mod identifier;
mod list;
mod many;
mod member;
mod message;
mod mute;
mod open_enum;
mod presence;
mod row;
mod row_bytes;
mod shape;
mod sync_page;
mod system_event;
mod timestamp;
mod upload;
mod webhook;

pub use account::{
    Agent, AgentProfile, AgentStatus, Avatar, InboxMode, NewAgent, NewKey, PausedByOwner, PendingCode, PendingRecovery,
    Settings,
};
pub use contact::{Contact, ContactPage, ContactStatus, DirectoryEntry, DirectoryPage};
pub use conversation::{ConversationDetails, ConversationKind, GroupSummary, Participant, Relationship, Unread};
pub use conversation_list::ConversationListItem;
pub use coordination::{ReplyActive, ReplyClaim, ReplyClaims};
pub use event::{
    AgentCreated, ContactBlocked, EventKind, MessageRead, PlatformEvent, RateLimitWarning, Typing, UnreadableEvent,
};
pub use group::{
    AddMemberResult, AddOutcome, Group, GroupDeletion, GroupMember, GroupRole, GroupSettings, LeftGroup, NewGroup,
};
pub use group_event::{DeletedGroupInfo, GroupInvitation};
pub use identifier::{AttachmentId, ConversationId, DeliveryId, Handle, InviteId, MessageId, PendingId, WebhookId};
pub use list::List;
pub use many::Many;
pub use message::{
    Content, ContextConversation, ContextSender, MarkedAsRead, Message, MessageContext, MessageStatus, MessageType,
    SenderKind,
};
pub use mute::{Mute, MuteKind, MuteList};
pub use presence::{Presence, PresenceList, PresenceStatus};
pub(crate) use row::Fields;
pub use row::{Header, Row, Unreadable};
pub use sync_page::{SyncAcked, SyncPage, SyncRow};
pub use system_event::SystemEvent;
pub use timestamp::Timestamp;
pub use upload::{SignedUrl, UploadSlot};
pub use webhook::{WakeWebhook, Webhook, WebhookList};

pub use crate::secret::{OneTimeCode, SecretText};
pub(crate) use identifier::segment_problem;
pub(crate) use member::{Member, text_member};
pub(crate) use open_enum::open_enum;
pub(crate) use shape::{shape, wire, wire_name};

/// Members of an object that this version does not know.
pub type Extra = serde_json::Map<String, serde_json::Value>;
