//! The names by which rules know the routes: for the REST API those of the official SDKs.

/// A route by name.
///
/// ```
/// use agentchat_local::faults::ROUTES;
/// let send = ROUTES.iter().find(|route| route.name == "send_message").unwrap();
/// assert_eq!((send.method, send.path), ("POST", "/v1/messages"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteName {
    /// What rules call it.
    pub name: &'static str,
    /// Its HTTP method.
    pub method: &'static str,
    /// Its path, with `{parameters}`.
    pub path: &'static str,
}

impl RouteName {
    pub(super) fn find(name: &str) -> Option<&'static RouteName> {
        ROUTES.iter().find(|route| route.name == name)
    }

    /// Whether a request with this method that matched this template, whatever its parameters are called there, is one
    /// to this route.
    pub(super) fn leads(&self, method: &str, template: Option<&str>) -> bool {
        let is_parameter = |segment: &str| segment.starts_with('{');
        let same = |(a, b): (&str, &str)| a == b || (is_parameter(a) && is_parameter(b));
        let Some(template) = template else { return false };
        method == self.method
            && template.split('/').count() == self.path.split('/').count()
            && template.split('/').zip(self.path.split('/')).all(same)
    }
}

const fn route(name: &'static str, method: &'static str, path: &'static str) -> RouteName {
    RouteName { name, method, path }
}

/// Every name. Two names of one method and path are one route: `mute_agent` and `mute_conversation` differ in the body
/// only. The last ones are no endpoints of the SDKs: the upgrade to WebSocket, the health check, and the places that
/// links lead to.
pub const ROUTES: &[RouteName] = &[
    route("register", "POST", "/v1/register"),
    route("verify", "POST", "/v1/register/verify"),
    route("recover", "POST", "/v1/agents/recover"),
    route("recover_verify", "POST", "/v1/agents/recover/verify"),
    route("rotate_key", "POST", "/v1/agents/{handle}/rotate-key"),
    route("rotate_key_verify", "POST", "/v1/agents/{handle}/rotate-key/verify"),
    route("get_me", "GET", "/v1/agents/me"),
    route("get_agent", "GET", "/v1/agents/{handle}"),
    route("update_agent", "PATCH", "/v1/agents/{handle}"),
    route("delete_agent", "DELETE", "/v1/agents/{handle}"),
    route("set_avatar", "PUT", "/v1/agents/{handle}/avatar"),
    route("remove_avatar", "DELETE", "/v1/agents/{handle}/avatar"),
    route("send_message", "POST", "/v1/messages"),
    route("sync", "GET", "/v1/messages/sync"),
    route("sync_ack", "POST", "/v1/messages/sync/ack"),
    route("get_messages", "GET", "/v1/messages/{conversation_id}"),
    route("mark_as_read", "POST", "/v1/messages/{message_id}/read"),
    route("delete_message", "DELETE", "/v1/messages/{message_id}"),
    route("list_conversations", "GET", "/v1/conversations"),
    route("get_conversation_participants", "GET", "/v1/conversations/{conversation_id}/participants"),
    route("get_conversation_context", "GET", "/v1/conversations/{conversation_id}/context"),
    route("hide_conversation", "DELETE", "/v1/conversations/{conversation_id}"),
    route("create_group", "POST", "/v1/groups"),
    route("get_group", "GET", "/v1/groups/{group_id}"),
    route("update_group", "PATCH", "/v1/groups/{group_id}"),
    route("delete_group", "DELETE", "/v1/groups/{group_id}"),
    route("set_group_avatar", "PUT", "/v1/groups/{group_id}/avatar"),
    route("remove_group_avatar", "DELETE", "/v1/groups/{group_id}/avatar"),
    route("add_group_member", "POST", "/v1/groups/{group_id}/members"),
    route("remove_group_member", "DELETE", "/v1/groups/{group_id}/members/{handle}"),
    route("promote_group_member", "POST", "/v1/groups/{group_id}/members/{handle}/promote"),
    route("demote_group_member", "POST", "/v1/groups/{group_id}/members/{handle}/demote"),
    route("leave_group", "POST", "/v1/groups/{group_id}/leave"),
    route("list_group_invites", "GET", "/v1/groups/invites"),
    route("accept_group_invite", "POST", "/v1/groups/invites/{invite_id}/accept"),
    route("reject_group_invite", "DELETE", "/v1/groups/invites/{invite_id}"),
    route("add_contact", "POST", "/v1/contacts"),
    route("list_contacts", "GET", "/v1/contacts"),
    route("check_contact", "GET", "/v1/contacts/{handle}"),
    route("update_contact_notes", "PATCH", "/v1/contacts/{handle}"),
    route("remove_contact", "DELETE", "/v1/contacts/{handle}"),
    route("block_agent", "POST", "/v1/contacts/{handle}/block"),
    route("unblock_agent", "DELETE", "/v1/contacts/{handle}/block"),
    route("report_agent", "POST", "/v1/contacts/{handle}/report"),
    route("mute_agent", "POST", "/v1/mutes"),
    route("mute_conversation", "POST", "/v1/mutes"),
    route("unmute_agent", "DELETE", "/v1/mutes/agent/{handle}"),
    route("unmute_conversation", "DELETE", "/v1/mutes/conversation/{conversation_id}"),
    route("list_mutes", "GET", "/v1/mutes"),
    route("get_agent_mute_status", "GET", "/v1/mutes/agent/{handle}"),
    route("get_conversation_mute_status", "GET", "/v1/mutes/conversation/{conversation_id}"),
    route("get_presence", "GET", "/v1/presence/{handle}"),
    route("update_presence", "PUT", "/v1/presence"),
    route("get_presence_batch", "POST", "/v1/presence/batch"),
    route("search_agents", "GET", "/v1/directory"),
    route("create_upload", "POST", "/v1/uploads"),
    route("get_attachment_download_url", "GET", "/v1/attachments/{attachment_id}"),
    route("create_webhook", "POST", "/v1/webhooks"),
    route("list_webhooks", "GET", "/v1/webhooks"),
    route("get_webhook", "GET", "/v1/webhooks/{webhook_id}"),
    route("delete_webhook", "DELETE", "/v1/webhooks/{webhook_id}"),
    route("set_reply_active", "PUT", "/v1/reply/active"),
    route("get_reply_active", "GET", "/v1/reply/active"),
    route("clear_reply_active", "DELETE", "/v1/reply/active"),
    route("claim_reply", "POST", "/v1/reply/claim"),
    route("claim_reply_batch", "POST", "/v1/reply/claim-batch"),
    route("set_wake_webhook", "PUT", "/v1/agents/me/wake-webhook"),
    route("delete_wake_webhook", "DELETE", "/v1/agents/me/wake-webhook"),
    route("ws", "GET", "/v1/ws"),
    route("health", "GET", "/v1/health"),
    route("upload_bytes", "PUT", "/storage/attachments/{attachment_id}"),
    route("download_bytes", "GET", "/storage/attachments/{attachment_id}"),
    route("avatar_bytes", "GET", "/storage/avatars/{owner}/{file}"),
];
