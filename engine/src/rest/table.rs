//! The table of all endpoints, and calls by name: what the CLI and the coverage test are driven from.

use bytes::Bytes;
use http::Response;
use serde_json::Value;
use serde_json::value::RawValue;

use super::endpoint::IdSource;
use super::*;
use crate::error::InvalidArgument;

/// Every endpoint that this version knows, in the order of the contract.
pub static TABLE: &[&Route] = &[
    Register::ROUTE,
    Verify::ROUTE,
    Recover::ROUTE,
    RecoverVerify::ROUTE,
    RotateKey::ROUTE,
    RotateKeyVerify::ROUTE,
    GetMe::ROUTE,
    GetAgent::ROUTE,
    UpdateAgent::ROUTE,
    DeleteAgent::ROUTE,
    SetAvatar::ROUTE,
    RemoveAvatar::ROUTE,
    SendMessage::ROUTE,
    SyncMessages::ROUTE,
    SyncAck::ROUTE,
    GetMessages::ROUTE,
    MarkAsRead::ROUTE,
    DeleteMessage::ROUTE,
    ListConversations::ROUTE,
    GetConversationParticipants::ROUTE,
    GetConversationContext::ROUTE,
    HideConversation::ROUTE,
    CreateGroup::ROUTE,
    GetGroup::ROUTE,
    UpdateGroup::ROUTE,
    DeleteGroup::ROUTE,
    SetGroupAvatar::ROUTE,
    RemoveGroupAvatar::ROUTE,
    AddGroupMember::ROUTE,
    RemoveGroupMember::ROUTE,
    PromoteGroupMember::ROUTE,
    DemoteGroupMember::ROUTE,
    LeaveGroup::ROUTE,
    ListGroupInvites::ROUTE,
    AcceptGroupInvite::ROUTE,
    RejectGroupInvite::ROUTE,
    AddContact::ROUTE,
    ListContacts::ROUTE,
    CheckContact::ROUTE,
    UpdateContactNotes::ROUTE,
    RemoveContact::ROUTE,
    BlockAgent::ROUTE,
    UnblockAgent::ROUTE,
    ReportAgent::ROUTE,
    MuteAgent::ROUTE,
    MuteConversation::ROUTE,
    UnmuteAgent::ROUTE,
    UnmuteConversation::ROUTE,
    ListMutes::ROUTE,
    GetAgentMuteStatus::ROUTE,
    GetConversationMuteStatus::ROUTE,
    GetPresence::ROUTE,
    UpdatePresence::ROUTE,
    GetPresenceBatch::ROUTE,
    SearchAgents::ROUTE,
    CreateUpload::ROUTE,
    GetAttachmentDownloadUrl::ROUTE,
    CreateWebhook::ROUTE,
    ListWebhooks::ROUTE,
    GetWebhook::ROUTE,
    DeleteWebhook::ROUTE,
    SetReplyActive::ROUTE,
    GetReplyActive::ROUTE,
    ClearReplyActive::ROUTE,
    ClaimReply::ROUTE,
    ClaimReplyBatch::ROUTE,
    SetWakeWebhook::ROUTE,
    DeleteWakeWebhook::ROUTE,
];

/// An endpoint chosen by name, with parameters and answer as JSON.
///
/// The answer is the platform's own JSON, unparsed and unredacted: a registration's answer holds the new key.
///
/// ```
/// use agentchat_engine::rest::JsonCall;
/// use serde_json::json;
///
/// assert!(JsonCall::new("get_agent", json!({"handle": "@alice"})).is_some());
/// assert!(JsonCall::new("get_everything", json!({})).is_none());
/// ```
#[derive(Clone)]
pub struct JsonCall {
    route: &'static Route,
    params: Value,
}

impl JsonCall {
    /// Looks the name up; `None` if there is no such endpoint. `params` is one object with the official
    /// SDK's parameter names; it is checked when the call is made.
    #[must_use]
    pub fn new(name: &str, params: Value) -> Option<Self> {
        let route = TABLE.iter().find(|route| route.name == name)?;
        Some(Self { route, params })
    }
}

impl core::fmt::Debug for JsonCall {
    /// Parameters may hold a one-time code, so they are left out.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("JsonCall").field("name", &self.route.name).finish_non_exhaustive()
    }
}

impl Endpoint for JsonCall {
    type Output = Box<RawValue>;

    fn route(&self) -> &'static Route {
        self.route
    }

    fn parts(&self, ids: &mut IdSource<'_>) -> Result<Parts, InvalidArgument> {
        (self.route.from_json)(self.params.clone(), ids.0)
    }

    fn decode(&self, response: &Response<Bytes>) -> Result<Box<RawValue>, String> {
        answer::raw(response, self.route)
    }

    fn typed(&self) -> bool {
        false
    }
}
