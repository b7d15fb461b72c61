//! The methods of the driver's client, by name: each is that method, waited for.

use agentchat_engine::rest::{
    ClaimReply, ClaimReplyBatch, ClearReplyActive, CreateGroup, CreateUpload, CreateWebhook, GetMessages,
    GetPresenceBatch, ListContacts, ListConversations, ListMutes, MuteAgent, MuteConversation, Picture, Recover,
    Register, ReportAgent, SearchAgents, SendMessage, SetReplyActive, SyncMessages, UpdateAgent, UpdateContactNotes,
    UpdateGroup, UpdatePresence,
};
use agentchat_engine::types::{
    AddMemberResult, Agent, AgentProfile, AttachmentId, Avatar, Contact, ContactPage, ContactStatus,
    ConversationDetails, ConversationId, ConversationListItem, DeliveryId, DirectoryPage, Group, GroupDeletion,
    GroupInvitation, Handle, InviteId, LeftGroup, List, MarkedAsRead, Message, MessageId, Mute, MuteList, NewAgent,
    NewGroup, NewKey, OneTimeCode, Participant, PendingCode, PendingId, PendingRecovery, Presence, PresenceList,
    ReplyActive, ReplyClaim, ReplyClaims, SecretText, SignedUrl, SyncAcked, SyncPage, UploadSlot, WakeWebhook, Webhook,
    WebhookId, WebhookList,
};
use agentchat_engine::{Error, Reply};

use crate::{Client, block_on};

/// One line a method; what it does is documented in the driver, and decided nowhere else.
macro_rules! methods {
    ($( $name:ident($( $argument:ident: $type:ty ),*) -> $output:ty; )+) => {
        impl Client {
            $(
                #[doc = concat!("Waits for [`", stringify!($name), "`](agentchat_driver::Client::", stringify!($name), ").")]
                ///
                /// # Errors
                /// [`Error`], as there.
                pub fn $name(&self, $( $argument: $type ),*) -> Result<Reply<$output>, Error> {
                    block_on(self.0.$name($( $argument ),*))
                }
            )+
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$( stringify!($name) ),+];
    };
}

methods! {
    recover(request: Recover) -> PendingRecovery;
    recover_verify(pending_id: impl Into<PendingId>, code: impl Into<OneTimeCode>) -> NewKey;
    rotate_key(handle: impl Into<Handle>) -> PendingCode;
    rotate_key_verify(handle: impl Into<Handle>, pending_id: impl Into<PendingId>, code: impl Into<OneTimeCode>) -> NewKey;
    register(request: Register) -> PendingCode;
    verify(pending_id: impl Into<PendingId>, code: impl Into<OneTimeCode>) -> NewAgent;
    get_me() -> Agent;
    get_agent(handle: impl Into<Handle>) -> AgentProfile;
    send_message(message: SendMessage) -> Message;
    get_messages(request: GetMessages) -> List<Message>;
    mark_as_read(message_id: impl Into<MessageId>) -> MarkedAsRead;
    list_conversations(request: ListConversations) -> List<ConversationListItem>;
    sync(request: SyncMessages) -> SyncPage;
    sync_ack(last_delivery_id: impl Into<DeliveryId>) -> SyncAcked;
    update_agent(request: UpdateAgent) -> Agent;
    delete_agent(handle: impl Into<Handle>) -> ();
    set_avatar(handle: impl Into<Handle>, picture: impl Into<Picture>) -> Avatar;
    remove_avatar(handle: impl Into<Handle>) -> ();
    get_conversation_participants(conversation_id: impl Into<ConversationId>) -> List<Participant>;
    get_conversation_context(conversation_id: impl Into<ConversationId>) -> ConversationDetails;
    hide_conversation(conversation_id: impl Into<ConversationId>) -> ();
    delete_message(message_id: impl Into<MessageId>) -> ();
    create_group(request: CreateGroup) -> NewGroup;
    get_group(group_id: impl Into<ConversationId>) -> Group;
    update_group(request: UpdateGroup) -> Group;
    delete_group(group_id: impl Into<ConversationId>) -> GroupDeletion;
    set_group_avatar(group_id: impl Into<ConversationId>, picture: impl Into<Picture>) -> Avatar;
    remove_group_avatar(group_id: impl Into<ConversationId>) -> ();
    add_group_member(group_id: impl Into<ConversationId>, handle: impl Into<Handle>) -> AddMemberResult;
    remove_group_member(group_id: impl Into<ConversationId>, handle: impl Into<Handle>) -> ();
    promote_group_member(group_id: impl Into<ConversationId>, handle: impl Into<Handle>) -> ();
    demote_group_member(group_id: impl Into<ConversationId>, handle: impl Into<Handle>) -> ();
    leave_group(group_id: impl Into<ConversationId>) -> LeftGroup;
    list_group_invites() -> List<GroupInvitation>;
    accept_group_invite(invite_id: impl Into<InviteId>) -> Group;
    reject_group_invite(invite_id: impl Into<InviteId>) -> ();
    add_contact(handle: impl Into<Handle>) -> Contact;
    list_contacts(request: ListContacts) -> ContactPage;
    check_contact(handle: impl Into<Handle>) -> ContactStatus;
    update_contact_notes(request: UpdateContactNotes) -> ();
    remove_contact(handle: impl Into<Handle>) -> ();
    block_agent(handle: impl Into<Handle>) -> ();
    unblock_agent(handle: impl Into<Handle>) -> ();
    report_agent(request: ReportAgent) -> ();
    search_agents(request: SearchAgents) -> DirectoryPage;
    mute_agent(request: MuteAgent) -> Mute;
    mute_conversation(request: MuteConversation) -> Mute;
    unmute_agent(handle: impl Into<Handle>) -> ();
    unmute_conversation(conversation_id: impl Into<ConversationId>) -> ();
    list_mutes(request: ListMutes) -> MuteList;
    get_agent_mute_status(handle: impl Into<Handle>) -> Option<Mute>;
    get_conversation_mute_status(conversation_id: impl Into<ConversationId>) -> Option<Mute>;
    get_presence(handle: impl Into<Handle>) -> Presence;
    update_presence(request: UpdatePresence) -> Presence;
    get_presence_batch(request: GetPresenceBatch) -> PresenceList;
    create_upload(request: CreateUpload) -> UploadSlot;
    get_attachment_download_url(attachment_id: impl Into<AttachmentId>) -> SignedUrl;
    create_webhook(request: CreateWebhook) -> Webhook;
    list_webhooks() -> WebhookList;
    get_webhook(webhook_id: impl Into<WebhookId>) -> Webhook;
    delete_webhook(webhook_id: impl Into<WebhookId>) -> ();
    set_reply_active(request: SetReplyActive) -> ();
    get_reply_active() -> ReplyActive;
    clear_reply_active(request: ClearReplyActive) -> ();
    claim_reply(request: ClaimReply) -> ReplyClaim;
    claim_reply_batch(request: ClaimReplyBatch) -> ReplyClaims;
    set_wake_webhook(url: impl Into<String>, secret: impl Into<SecretText>) -> WakeWebhook;
    delete_wake_webhook() -> ();
}

#[cfg(test)]
mod tests {
    use agentchat_engine::rest::TABLE;

    use super::NAMES;

    #[test]
    fn every_row_of_the_table_has_a_method_of_its_name() {
        for route in TABLE {
            assert!(NAMES.contains(&route.name), "Client has no method {}", route.name);
        }
        assert_eq!(NAMES.len(), TABLE.len());
    }
}
