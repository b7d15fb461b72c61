//! Wire shapes: what is unknown survives a round trip, what is missing is absent, and nothing panics.

use agentchat_engine::types::{
    AddMemberResult, Agent, AgentProfile, Avatar, Contact, ContactPage, ContactStatus, ConversationDetails,
    ConversationListItem, DeletedGroupInfo, DirectoryPage, Group, GroupDeletion, GroupInvitation, LeftGroup, Message,
    MessageContext, Mute, MuteList, NewAgent, NewGroup, NewKey, PendingCode, Presence, PresenceList, Row, SyncPage,
    UploadSlot, Webhook, WebhookList,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

#[path = "samples/json.rs"]
mod any;
use any::any_json;

/// Members that no version knows.
fn strange_members() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("x_[a-z]{1,6}", any_json(), 0..4).prop_map(|map| map.into_iter().collect())
}

/// With strange members added, a sample comes out as it went in.
fn survives<T: Serialize + DeserializeOwned>(sample: &Value, strange: &Map<String, Value>) {
    let mut sample = sample.clone();
    sample.as_object_mut().unwrap().extend(strange.clone());
    let read: T = serde_json::from_value(sample.clone()).unwrap_or_else(|e| panic!("{e}: {sample}"));
    assert_eq!(serde_json::to_value(read).unwrap(), sample);
}

fn message() -> Value {
    json!({"id": "msg_1", "conversation_id": "conv_1", "client_msg_id": "c", "sender": "alice", "seq": 1, "type": "video",
        "content": {"text": "hi", "mood": "good"}, "metadata": {"k": [1]}, "created_at": "2026-04-20T10:00:00.000Z",
        "status": "teleported", "delivery_id": "del_1",
        "context": {"sender": {"handle": "alice", "kind": "android"}, "mentions": ["bob"],
            "conversation": {"type": "triangle", "member_count": 3, "weather": "fine"}}})
}

fn group() -> Value {
    json!({"id": "grp_1", "name": "Crabs", "created_by": "alice", "settings": {"who_can_invite": "moon"},
        "member_count": 1, "your_role": "captain", "members": [{"handle": "alice", "role": "captain", "shell": "red"}]})
}

/// What is empty where it is missing is empty where it is null.
#[test]
fn null_is_no_list_and_no_metadata() {
    fn alike<T: DeserializeOwned + PartialEq + std::fmt::Debug>(rest: &Value, names: &[&str]) {
        let missing: T = serde_json::from_value(rest.clone()).unwrap();
        let mut null = rest.clone();
        for name in names {
            null[*name] = Value::Null;
        }
        let null: T = serde_json::from_value(null).unwrap_or_else(|e| panic!("{e}: {names:?}"));
        assert_eq!(null, missing);
    }
    let message = json!({"id": "msg_1", "conversation_id": "conv_1", "sender": "alice", "type": "text",
        "content": {"text": "hi"}, "created_at": "2026-04-20T10:00:00.000Z"});
    alike::<Message>(&message, &["metadata", "skipped_recipients", "context", "status", "seq", "delivery_id"]);
    alike::<MessageContext>(&json!({}), &["mentions", "sender", "conversation"]);
    alike::<ContactPage>(&json!({}), &["contacts", "total"]);
    alike::<DirectoryPage>(&json!({}), &["agents", "total"]);
    alike::<Group>(&json!({"id": "grp_1", "name": "Crabs"}), &["members", "settings"]);
    alike::<NewGroup>(&json!({"group": {"id": "grp_1", "name": "Crabs"}}), &["add_results"]);
    alike::<ConversationListItem>(&json!({"id": "conv_1", "type": "group"}), &["participants", "unread_count"]);
    alike::<MuteList>(&json!({}), &["mutes"]);
    alike::<PresenceList>(&json!({}), &["presences"]);
}

proptest! {
    #[test]
    fn what_is_unknown_survives(strange in strange_members()) {
        survives::<Agent>(&json!({"handle": "alice", "status": "asleep", "paused_by_owner": "weekend",
            "settings": {"inbox_mode": "ajar", "new_switch": true}}), &strange);
        survives::<AgentProfile>(&json!({"handle": "alice", "is_system": false}), &strange);
        survives::<Group>(&group(), &strange);
        survives::<NewGroup>(&json!({"group": group(), "add_results": [{"handle": "bob", "outcome": "maybe"}]}), &strange);
        survives::<AddMemberResult>(&json!({"handle": "bob", "outcome": "invited", "invite_id": "gri_1"}), &strange);
        survives::<GroupInvitation>(&json!({"id": "gri_1", "group_id": "grp_1", "inviter_handle": "alice"}), &strange);
        survives::<DeletedGroupInfo>(&json!({"group_id": "grp_1", "deleted_by_handle": "alice"}), &strange);
        survives::<GroupDeletion>(&json!({"deleted_at": "2026-04-20T10:00:00Z"}), &strange);
        survives::<LeftGroup>(&json!({"promoted_handle": "bob"}), &strange);
        survives::<Contact>(&json!({"handle": "bob", "notes": "n", "status": "asleep"}), &strange);
        survives::<ContactPage>(&json!({"contacts": [{"handle": "bob"}], "total": 1, "limit": 50, "offset": 0}), &strange);
        survives::<ContactStatus>(&json!({"is_contact": true}), &strange);
        survives::<DirectoryPage>(&json!({"agents": [{"handle": "bob", "in_contacts": true}], "total": 1}), &strange);
        survives::<Mute>(&json!({"target_kind": "planet", "target_id": "x"}), &strange);
        survives::<MuteList>(&json!({"mutes": [{"target_kind": "agent"}]}), &strange);
        survives::<Presence>(&json!({"handle": "bob", "status": "dreaming", "custom_message": "zzz"}), &strange);
        survives::<PresenceList>(&json!({"presences": [{"handle": "bob", "status": "online"}]}), &strange);
        survives::<ConversationListItem>(&json!({"id": "conv_1", "type": "direct", "participants": [{"handle": "bob"}],
            "unread_count": 2, "last_message_type": "video"}), &strange);
        survives::<ConversationDetails>(&json!({"conversation_id": "conv_1", "type": "direct",
            "counterparty": {"handle": "bob"}, "relationship": {"is_contact": true}, "unread": {"count": 0}}), &strange);
        survives::<PendingCode>(&json!({"pending_id": "pnd_1", "message": "sent"}), &strange);
        survives::<Avatar>(&json!({"avatar_key": "k", "avatar_url": "u"}), &strange);
    }

    #[test]
    fn messages_survive_too(strange in strange_members()) {
        let mut sample = message();
        sample.as_object_mut().unwrap().extend(strange);
        let read: Message = serde_json::from_value(sample.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(read).unwrap(), sample);
    }

    /// Any JSON at all is read, or refused with an error.
    #[test]
    fn nothing_panics(value in any_json(), base in prop::sample::select(vec![message(), group(), json!({"handle": "a"})]), key in "[a-z_]{1,12}") {
        let mut mutated = base;
        let members: Vec<String> = mutated.as_object().unwrap().keys().cloned().collect();
        let target = if members.is_empty() { key } else { members[value.to_string().len() % members.len()].clone() };
        mutated[target] = value.clone();
        for candidate in [value, mutated] {
            let text = candidate.to_string();
            macro_rules! read { ($($T:ty),+) => { $( let _ = serde_json::from_str::<$T>(&text); )+ } }
            read!(Agent, AgentProfile, Message, Group, NewGroup, Contact, ContactPage, Mute, MuteList, Presence, SyncPage,
                ConversationListItem, ConversationDetails, NewAgent, NewKey, UploadSlot, Webhook, WebhookList, DirectoryPage);
            if let Ok(row) = Row::read(&text) {
                let _ = row.message();
            }
        }
    }
}

#[test]
fn secrets_in_answers_are_wrapped() {
    let key: NewKey = serde_json::from_value(json!({"handle": "alice", "api_key": "ac_topsecret"})).unwrap();
    let slot = json!({"attachment_id": "att_1", "upload_url": "https://s.example/u?sig=topsecret", "expires_in": 7200});
    let slot: UploadSlot = serde_json::from_value(slot).unwrap();
    let webhook =
        json!({"id": "whk_1", "url": "https://example.com", "events": ["message.new"], "secret": "topsecret"});
    let webhook: Webhook = serde_json::from_value(webhook).unwrap();
    let printed = format!("{key:?} {slot:?} {webhook:?}");
    assert!(!printed.contains("topsecret"), "{printed}");
}
