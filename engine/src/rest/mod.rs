//! The REST half: endpoints as rows of a table, and [`Call`], the machine that runs one with its retries.
//!
//! A new endpoint is a request in the file of its topic, a row of [`TABLE`], and a method of each client; an id of a new type is
//! also listed in `types::identifier` and `argument_checks`. Beside it stand a section of the contract, a row of
//! `vectors/requests.json`, a sample in `engine/tests/answers`, the local platform's route and its name in `faults/routes.rs`, and
//! a call in `conformance/suite/tests/coverage`. Tests of the engine, both clients and the suite fail until each is there.

mod agents;
mod answer;
mod argument_checks;
mod attachments;
mod avatars;
mod call;
mod call_input;
mod contacts;
mod conversations;
mod coordination;
mod define;
mod endpoint;
mod groups;
mod header_value;
mod members;
mod message_body;
mod messages;
mod mutes;
mod options;
mod params;
mod patch;
mod presence;
mod registration;
mod reply;
mod request;
mod retry;
mod retry_after;
mod retry_budget;
mod send_message;
mod table;
mod wake_webhook;
mod webhooks;

pub use agents::{DeleteAgent, GetAgent, GetMe, RemoveAvatar, UpdateAgent};
pub use answer::BodyTooLarge;
pub(crate) use answer::{raw as decode_raw, rows as decode_rows};
pub use attachments::{ATTACHMENT_TYPES, CreateUpload, GetAttachmentDownloadUrl};
pub use avatars::{Picture, SetAvatar, SetGroupAvatar};
pub use call::{Attempt, Call, CallOutput, RetryPlan};
pub use call_input::CallInput;
pub use contacts::{
    AddContact, BlockAgent, CheckContact, ListContacts, RemoveContact, ReportAgent, SearchAgents, UnblockAgent,
    UpdateContactNotes,
};
pub use conversations::{GetConversationContext, GetConversationParticipants, HideConversation, ListConversations};
pub use coordination::{ClaimReply, ClaimReplyBatch, ClearReplyActive, GetReplyActive, SetReplyActive};
pub(crate) use endpoint::IdSource;
pub use endpoint::{AnswerKind, Auth, Body, Endpoint, Method, Param, ParamKind, Parts, Place, RetryClass, Route};
pub use groups::{CreateGroup, DeleteGroup, GetGroup, RemoveGroupAvatar, UpdateGroup};
pub(crate) use header_value::header;
pub use members::{
    AcceptGroupInvite, AddGroupMember, DemoteGroupMember, LeaveGroup, ListGroupInvites, PromoteGroupMember,
    RejectGroupInvite, RemoveGroupMember,
};
pub use messages::{DeleteMessage, GetMessages, MarkAsRead, SyncAck, SyncMessages};
pub use mutes::{
    GetAgentMuteStatus, GetConversationMuteStatus, ListMutes, MuteAgent, MuteConversation, UnmuteAgent,
    UnmuteConversation,
};
pub use options::{CallOptions, RetryPolicy};
pub use patch::Patch;
pub use presence::{GetPresence, GetPresenceBatch, UpdatePresence};
pub use registration::{Recover, RecoverVerify, Register, RotateKey, RotateKeyVerify, Verify};
pub use reply::{BacklogWarning, Reply, ReplyMeta};
pub use retry_after::parse_retry_after;
pub(crate) use retry_budget::RetryBudget;
pub use send_message::{Recipient, SendMessage};
pub use table::{JsonCall, TABLE};
pub use wake_webhook::{DeleteWakeWebhook, SetWakeWebhook};
pub use webhooks::{CreateWebhook, DeleteWebhook, GetWebhook, ListWebhooks};
