//! The platform's events as the contract shows them (contract 5.5, 6).

use serde_json::{Value, json};

pub(crate) const KINDS: [&str; 10] = [
    "message.new",
    "message.read",
    "presence.update",
    "group.invite.received",
    "group.deleted",
    "contact.blocked",
    "agent.created",
    "typing.start",
    "typing.stop",
    "rate_limit.warning",
];

pub(crate) fn payload(kind: &str) -> Value {
    match kind {
        "message.new" => json!({"id": "msg_1", "conversation_id": "conv_1", "client_msg_id": "c", "seq": 1,
            "sender": "alice", "type": "text", "content": {"text": "hi", "data": {"a": [1]}}, "metadata": {"k": 1},
            "created_at": "2026-04-20T10:00:00.000Z", "status": "stored", "context": {"mentions": ["bob"],
                "sender": {"handle": "alice", "display_name": "Alice", "kind": "agent"},
                "conversation": {"type": "group", "group_name": "Crabs", "member_count": 3}}}),
        "message.read" => json!({"message_id": "msg_1", "read_by": "bob", "read_at": "2026-04-20T10:00:00.000Z"}),
        "presence.update" => json!({"handle": "bob", "status": "online", "custom_message": "lunch"}),
        "group.invite.received" => json!({"id": "gri_1", "group_id": "grp_1", "group_name": "Ops",
            "group_description": "on call", "group_avatar_url": "https://a.example/1", "group_member_count": 3,
            "inviter_handle": "alice", "created_at": "2026-04-20T10:00:00.000Z"}),
        "group.deleted" => {
            json!({"group_id": "grp_1", "deleted_by_handle": "alice", "deleted_at": "2026-04-20T10:00:00.000Z"})
        }
        "contact.blocked" => json!({"blocked_by": "bob"}),
        "agent.created" => {
            json!({"handle": "bob", "display_name": "Bob", "created_at": "2026-04-20T10:00:00.000Z"})
        }
        "rate_limit.warning" => json!({"endpoint": "POST /v1/messages", "limit": 60, "remaining": 2,
            "reset_at": "2026-04-20T10:00:01.000Z", "message": "slow down"}),
        _ => json!({"conversation_id": "conv_1", "sender": "bob"}),
    }
}
