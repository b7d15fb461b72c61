//! A typed call of every row, answered once.

use agentchat_engine::rest::*;
use agentchat_engine::types::{EventKind, Handle, PresenceStatus};
use agentchat_engine::{ApiKey, Call, CallInput, CallOptions, CallOutput, Context, Error, Now, Seed};
use bytes::Bytes;
use http::Response;

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Decoded,
    Undecodable,
    Api,
    /// Another attempt is to follow.
    Retried,
    Other,
}

macro_rules! rows {
    ($name:expr, $use:ident, { $( $row:literal => $request:expr, )+ }) => {
        match $name {
            $( $row => $use($request), )+
            other => panic!("{other} is not called here"),
        }
    };
}

/// Calls a row and answers it.
pub(crate) fn answer(name: &str, status: u16, body: &[u8]) -> Outcome {
    let mut response = Response::new(Bytes::copy_from_slice(body));
    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
    // The one row whose answer is a header takes any of these as well.
    response.headers_mut().insert(http::header::LOCATION, "https://s.example/1".parse().expect("a header"));
    let handles: Vec<Handle> = vec!["bob".into()];
    let run = Run(response);
    rows!(name, run_with, {
        "register" => (run, Register::new("a@example.com", "alice")),
        "verify" => (run, Verify::new("pnd_1", "123456")),
        "recover" => (run, Recover::new("a@example.com")),
        "recover_verify" => (run, RecoverVerify::new("pnd_1", "123456")),
        "rotate_key" => (run, RotateKey::new("alice")),
        "rotate_key_verify" => (run, RotateKeyVerify::new("alice", "pnd_1", "123456")),
        "get_me" => (run, GetMe::new()),
        "get_agent" => (run, GetAgent::new("bob")),
        "update_agent" => (run, UpdateAgent::new("alice")),
        "delete_agent" => (run, DeleteAgent::new("alice")),
        "set_avatar" => (run, SetAvatar::new("alice", vec![1_u8])),
        "remove_avatar" => (run, RemoveAvatar::new("alice")),
        "send_message" => (run, SendMessage::to("bob", "hi")),
        "sync" => (run, SyncMessages::new()),
        "sync_ack" => (run, SyncAck::new("del_1")),
        "get_messages" => (run, GetMessages::new("conv_1")),
        "mark_as_read" => (run, MarkAsRead::new("msg_1")),
        "delete_message" => (run, DeleteMessage::new("msg_1")),
        "list_conversations" => (run, ListConversations::new()),
        "get_conversation_participants" => (run, GetConversationParticipants::new("conv_1")),
        "get_conversation_context" => (run, GetConversationContext::new("conv_1")),
        "hide_conversation" => (run, HideConversation::new("conv_1")),
        "create_group" => (run, CreateGroup::new("Crabs")),
        "get_group" => (run, GetGroup::new("grp_1")),
        "update_group" => (run, UpdateGroup::new("grp_1")),
        "delete_group" => (run, DeleteGroup::new("grp_1")),
        "set_group_avatar" => (run, SetGroupAvatar::new("grp_1", vec![1_u8])),
        "remove_group_avatar" => (run, RemoveGroupAvatar::new("grp_1")),
        "add_group_member" => (run, AddGroupMember::new("grp_1", "bob")),
        "remove_group_member" => (run, RemoveGroupMember::new("grp_1", "bob")),
        "promote_group_member" => (run, PromoteGroupMember::new("grp_1", "bob")),
        "demote_group_member" => (run, DemoteGroupMember::new("grp_1", "bob")),
        "leave_group" => (run, LeaveGroup::new("grp_1")),
        "list_group_invites" => (run, ListGroupInvites::new()),
        "accept_group_invite" => (run, AcceptGroupInvite::new("gri_1")),
        "reject_group_invite" => (run, RejectGroupInvite::new("gri_1")),
        "add_contact" => (run, AddContact::new("bob")),
        "list_contacts" => (run, ListContacts::new()),
        "check_contact" => (run, CheckContact::new("bob")),
        "update_contact_notes" => (run, UpdateContactNotes::new("bob", Patch::Clear)),
        "remove_contact" => (run, RemoveContact::new("bob")),
        "block_agent" => (run, BlockAgent::new("bob")),
        "unblock_agent" => (run, UnblockAgent::new("bob")),
        "report_agent" => (run, ReportAgent::new("bob")),
        "mute_agent" => (run, MuteAgent::new("bob")),
        "mute_conversation" => (run, MuteConversation::new("conv_1")),
        "unmute_agent" => (run, UnmuteAgent::new("bob")),
        "unmute_conversation" => (run, UnmuteConversation::new("conv_1")),
        "list_mutes" => (run, ListMutes::new()),
        "get_agent_mute_status" => (run, GetAgentMuteStatus::new("bob")),
        "get_conversation_mute_status" => (run, GetConversationMuteStatus::new("conv_1")),
        "get_presence" => (run, GetPresence::new("bob")),
        "update_presence" => (run, UpdatePresence::new(PresenceStatus::Busy)),
        "get_presence_batch" => (run, GetPresenceBatch::new(handles)),
        "search_agents" => (run, SearchAgents::new("bo")),
        "create_upload" => (run, CreateUpload::new("a.txt", "text/plain", 1_u64, "0".repeat(64)).to("bob")),
        "get_attachment_download_url" => (run, GetAttachmentDownloadUrl::new("att_1")),
        "create_webhook" => (run, CreateWebhook::new("https://example.com", vec![EventKind::MessageNew])),
        "list_webhooks" => (run, ListWebhooks::new()),
        "get_webhook" => (run, GetWebhook::new("whk_1")),
        "delete_webhook" => (run, DeleteWebhook::new("whk_1")),
        "set_reply_active" => (run, SetReplyActive::new()),
        "get_reply_active" => (run, GetReplyActive::new()),
        "clear_reply_active" => (run, ClearReplyActive::new()),
        "claim_reply" => (run, ClaimReply::new("msg_1", "daemon:host")),
        "claim_reply_batch" => (run, ClaimReplyBatch::new(["msg_1"], "daemon:host")),
        "set_wake_webhook" => (run, SetWakeWebhook::new("https://example.com/wake", "hush")),
        "delete_wake_webhook" => (run, DeleteWakeWebhook::new()),
    })
}

/// The answer to give.
struct Run(Response<Bytes>);

fn run_with<E: Endpoint>((Run(response), endpoint): (Run, E)) -> Outcome
where
    E::Output: core::fmt::Debug,
{
    let context = Context::builder().api_key(ApiKey::new("ac_key").expect("a key")).build().expect("a context");
    let call = Call::new(&context, endpoint, CallOptions::default(), Seed::from_bytes([0; 32]), Now::default());
    let mut call = call.expect("good arguments");
    let mut attempts = 0;
    loop {
        match call.poll_output() {
            CallOutput::Send(_) if attempts > 0 => return Outcome::Retried,
            CallOutput::Send(_) => {
                attempts += 1;
                call.handle_input(Now::default(), CallInput::Response { attempt: 1, response: response.clone() });
            }
            CallOutput::Retrying(plan) => {
                let _ = (format!("{plan:?}"), plan.cause.to_string());
                return Outcome::Retried;
            }
            CallOutput::Done(Ok(reply)) => {
                let _ = format!("{reply:?}");
                return Outcome::Decoded;
            }
            CallOutput::Done(Err(error)) => {
                let _ = (error.to_string(), format!("{error:?}"), error.retry_after(), error.maybe_executed());
                return match error {
                    Error::Undecodable { .. } => Outcome::Undecodable,
                    Error::Api(_) => Outcome::Api,
                    _ => Outcome::Other,
                };
            }
            CallOutput::Idle { .. } | CallOutput::Finished => return Outcome::Other,
        }
    }
}
