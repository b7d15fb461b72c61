//! What each row answers according to the contract.

use serde_json::{Value, json};

const TIME: &str = "2026-04-20T10:00:00.123456+00:00";

fn agent() -> Value {
    json!({"id": "agt_1", "handle": "alice", "display_name": "Alice", "description": null, "avatar_url": null,
        "status": "active", "paused_by_owner": "none", "email": "a@example.com", "email_masked": "a****@example.com",
        "settings": {"inbox_mode": "open", "group_invite_policy": "contacts_only"}, "is_system": false,
        "created_at": TIME, "updated_at": TIME})
}

fn message() -> Value {
    json!({"id": "msg_1", "conversation_id": "conv_1", "client_msg_id": "c", "sender": "alice", "seq": 1, "type": "text",
        "content": {"text": "hi", "data": {"a": 1}, "attachment_id": "att_1"}, "metadata": {"k": [1]}, "created_at": TIME,
        "context": {"sender": {"handle": "alice", "display_name": null, "kind": "agent"}, "mentions": ["bob"],
            "conversation": {"type": "group", "group_name": "Crabs", "member_count": 3}},
        "status": "read", "delivered_at": TIME, "read_at": TIME, "delivery_id": "del_1", "skipped_recipients": ["bob"]})
}

fn group() -> Value {
    json!({"id": "grp_1", "name": "Crabs", "description": null, "avatar_url": null, "created_by": "alice",
        "settings": {"who_can_invite": "admin"}, "member_count": 1, "created_at": TIME, "last_message_at": null,
        "members": [{"handle": "alice", "display_name": null, "role": "admin", "joined_at": TIME}], "your_role": "admin"})
}

fn contact() -> Value {
    json!({"handle": "bob", "display_name": null, "description": null, "notes": "n", "added_at": TIME, "avatar_key": null,
        "avatar_url": null, "status": "active"})
}

fn mute() -> Value {
    json!({"muter_agent_id": "agt_1", "target_kind": "agent", "target_id": "agt_2", "muted_until": null, "created_at": TIME})
}

fn presence() -> Value {
    json!({"handle": "bob", "status": "busy", "custom_message": "lunch", "last_seen": TIME})
}

fn webhook() -> Value {
    json!({"id": "whk_1", "url": "https://example.com", "events": ["message.new"], "active": true, "created_at": TIME})
}

/// The answer of a row.
pub(crate) fn sample(name: &str) -> Value {
    match name {
        "register" | "recover" | "rotate_key" => json!({"pending_id": "pnd_1", "message": "sent"}),
        "verify" => json!({"agent": agent(), "api_key": "ac_1"}),
        "recover_verify" | "rotate_key_verify" => json!({"handle": "alice", "api_key": "ac_1"}),
        "get_me" | "update_agent" => agent(),
        "get_agent" => json!({"handle": "bob", "display_name": null, "status": "active", "created_at": TIME}),
        "set_avatar" | "set_group_avatar" => json!({"avatar_key": "k", "avatar_url": "https://example.com/k"}),
        "send_message" | "mark_as_read" => message(),
        "get_messages" | "sync" => json!([message(), message()]),
        "sync_ack" => json!({"acked": 2}),
        "list_conversations" => json!([{"id": "conv_1", "type": "direct", "participants": [{"handle": "bob",
            "display_name": null, "avatar_url": null}], "group_name": null, "group_avatar_url": null,
            "group_member_count": null, "last_message_preview": "hi", "last_message_is_own": false,
            "last_message_type": "text", "last_message_at": TIME, "updated_at": TIME, "is_muted": false,
            "unread_count": 1, "oldest_unread_seq": 1, "newest_unread_seq": 1}]),
        "get_conversation_participants" => json!([{"handle": "bob", "display_name": null, "avatar_url": null}]),
        "get_conversation_context" => json!({"conversation_id": "conv_1", "type": "direct", "group": null,
            "counterparty": {"handle": "bob", "display_name": null, "avatar_url": null},
            "relationship": {"is_contact": true, "added_at": TIME, "note": null},
            "unread": {"count": 1, "oldest_seq": 1, "newest_seq": 1}}),
        "create_group" => {
            json!({"group": group(), "add_results": [{"handle": "bob", "outcome": "invited", "invite_id": "gri_1"}]})
        }
        "get_group" | "update_group" | "accept_group_invite" => group(),
        "delete_group" => json!({"message": "deleted", "deleted_at": TIME}),
        "add_group_member" => json!({"handle": "bob", "outcome": "already_member"}),
        "leave_group" => json!({"message": "left", "promoted_handle": null}),
        "list_group_invites" => json!([{"id": "gri_1", "group_id": "grp_1", "group_name": "Crabs",
            "group_description": null, "group_avatar_url": null, "group_member_count": 2, "inviter_handle": "alice",
            "created_at": TIME}]),
        "add_contact" => contact(),
        "list_contacts" => json!({"contacts": [contact()], "total": 1, "limit": 50, "offset": 0}),
        "check_contact" => json!({"is_contact": true, "added_at": TIME, "notes": null}),
        "mute_agent" | "mute_conversation" | "get_agent_mute_status" | "get_conversation_mute_status" => mute(),
        "list_mutes" => json!({"mutes": [mute()]}),
        "get_presence" | "update_presence" => presence(),
        "get_presence_batch" => json!({"presences": [presence()]}),
        "search_agents" => json!({"agents": [{"handle": "bob", "display_name": null, "description": null,
            "created_at": TIME, "in_contacts": false}], "total": 1, "limit": 20, "offset": 0}),
        "create_upload" => json!({"attachment_id": "att_1", "upload_url": "https://s.example/1", "expires_in": 7200}),
        "create_webhook" | "get_webhook" => webhook(),
        "list_webhooks" => json!({"webhooks": [webhook()]}),
        "get_reply_active" => json!({"active": true}),
        "claim_reply" => json!({"claimed": false, "deferred": true}),
        "claim_reply_batch" => json!({"claimed_count": 2, "deferred": false}),
        "set_wake_webhook" => json!({"state": "active"}),
        // Their answer is that they are done, or the header of a redirect.
        _ => json!({"ok": true}),
    }
}

/// The shortest answers that the contract shows, by row.
pub(crate) fn least() -> Vec<(&'static str, Value)> {
    let me = json!({"handle": "alice", "display_name": null, "description": null, "avatar_url": null, "status": "active",
        "paused_by_owner": "none", "settings": {"inbox_mode": "open", "group_invite_policy": "open"},
        "email_masked": "a****@example.com", "created_at": TIME});
    let message = json!({"id": "msg_1", "conversation_id": "conv_1", "client_msg_id": "c", "sender": "alice", "seq": 1,
        "type": "text", "content": {"text": ""}, "metadata": {}, "created_at": TIME});
    let group = json!({"id": "grp_1", "name": "Crabs", "description": null, "avatar_url": null, "created_by": "alice",
        "settings": {"who_can_invite": "admin"}, "member_count": 1, "created_at": TIME, "last_message_at": null});
    vec![
        ("recover", json!({"message": "sent"})),
        ("verify", json!({"agent": me, "api_key": "ac_1"})),
        ("get_me", me.clone()),
        ("update_agent", me),
        ("get_agent", json!({"handle": "bob", "display_name": null, "avatar_url": null})),
        ("send_message", message.clone()),
        ("get_messages", json!([message])),
        ("get_messages", json!([])),
        ("mark_as_read", json!({"ok": true})),
        ("delete_message", json!({"ok": true})),
        ("hide_conversation", json!({"ok": true})),
        ("get_group", group.clone()),
        ("create_group", json!({"group": group, "add_results": []})),
        ("add_contact", json!({"handle": "bob", "display_name": null})),
        ("check_contact", json!({"is_contact": false, "added_at": null, "notes": null})),
        ("list_contacts", json!({"contacts": [], "total": 0, "limit": 50, "offset": 0})),
        ("update_presence", json!({"handle": "alice", "status": "online", "custom_message": null})),
        ("get_presence", json!({"handle": "bob", "status": "offline", "custom_message": null, "last_seen": null})),
        ("sync", json!([{"id": "msg_1", "conversation_id": "conv_1", "delivery_id": null}])),
        ("sync", json!([])),
        ("claim_reply", json!({"claimed": true})),
        ("claim_reply_batch", json!({"claimed_count": 0})),
        ("set_wake_webhook", json!({})),
    ]
}
