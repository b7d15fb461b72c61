//! What each row answers according to the contract, and ways to spoil it.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any JSON, a few levels deep.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

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
        // Their answer is that they are done, or the header of a redirect.
        _ => json!({"ok": true}),
    }
}

/// Every place in a value, as a JSON pointer.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(members) => members.iter().for_each(|(name, one)| places(one, &format!("{here}/{name}"), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, one)| places(one, &format!("{here}/{n}"), found));
        }
        _ => {}
    }
}

/// At each picked place something else: `with`, `null`, nothing, or a list of what was there.
pub(crate) fn mutated(mut value: Value, picks: &[prop::sample::Index], with: &Value) -> Value {
    for (n, pick) in picks.iter().enumerate() {
        let mut all = Vec::new();
        places(&value, "", &mut all);
        let place = pick.get(&all).clone();
        let Some(found) = value.pointer_mut(&place) else { continue };
        match (n + pick.index(4)) % 4 {
            0 => *found = with.clone(),
            1 => *found = Value::Null,
            2 => *found = json!([found.take()]),
            _ => {
                let (parent, name) = place.rsplit_once('/').unwrap_or_default();
                if let Some(Value::Object(members)) = value.pointer_mut(parent) {
                    members.remove(name);
                }
            }
        }
    }
    value
}

/// With members that no version knows, in every object, and unknown values where enumerations stand.
pub(crate) fn with_strange_members(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut strange: Map<String, Value> =
                members.into_iter().map(|(name, one)| (name, with_strange_members(one))).collect();
            for name in ["status", "role", "outcome", "paused_by_owner", "inbox_mode", "target_kind", "who_can_invite"]
            {
                if strange.get(name).is_some_and(Value::is_string) {
                    strange.insert(name.into(), json!("something new"));
                }
            }
            strange.insert("x_new".into(), json!({"deep": [1, null, {"er": true}]}));
            Value::Object(strange)
        }
        Value::Array(items) => items.into_iter().map(with_strange_members).collect(),
        other => other,
    }
}
