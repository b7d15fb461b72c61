//! What system messages of groups tell: the events of the contract, those to come, and texts that are not events.

use agentchat_engine::types::{Handle, Message, SystemEvent};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::json::any_json;
use crate::samples::payload;
use crate::spoiled::{mutated, with_strange_members};

fn message(conversation: &str, kind: &str, data: Value) -> Value {
    let mut message = payload("message.new");
    message["conversation_id"] = json!(conversation);
    message["type"] = json!(kind);
    message["content"] = json!({"data": data});
    message
}

fn system(conversation: &str, kind: &str, data: Value) -> Option<SystemEvent> {
    serde_json::from_value::<Message>(message(conversation, kind, data)).unwrap().system_event()
}

/// With everything that any event has.
fn full(name: &str) -> Value {
    json!({"schema_version": 1, "event": name, "agent_handle": "bob", "actor_handle": "alice", "new_name": "N"})
}

#[test]
fn system_messages_of_groups_tell_what_happened() {
    let event = |data: Value| system("grp_1", "system", data);
    let (agent, actor) = (Handle::from("bob"), Handle::from("alice"));
    let pairs = [
        ("member_joined", SystemEvent::MemberJoined { agent: agent.clone() }),
        ("member_left", SystemEvent::MemberLeft { agent: agent.clone() }),
        ("member_removed", SystemEvent::MemberRemoved { agent: agent.clone(), actor: actor.clone() }),
        ("admin_promoted", SystemEvent::AdminPromoted { agent: agent.clone(), actor: Some(actor.clone()) }),
        ("admin_demoted", SystemEvent::AdminDemoted { agent: agent.clone(), actor: actor.clone() }),
        ("name_changed", SystemEvent::NameChanged { new_name: "N".to_owned(), actor: actor.clone() }),
        ("description_changed", SystemEvent::DescriptionChanged { actor: actor.clone() }),
        ("avatar_changed", SystemEvent::AvatarChanged { actor: actor.clone() }),
        ("group_deleted", SystemEvent::GroupDeleted { actor }),
    ];
    for (name, expected) in pairs {
        assert_eq!(event(with_strange_members(full(name))), Some(expected.clone()), "members to come change nothing");
        assert_eq!(event(full(name)), Some(expected));
        assert_eq!(system("conv_1", "system", full(name)), None, "groups only");
        assert_eq!(system("grp_1", "structured", full(name)), None, "system messages only");
    }
    let automatic =
        json!({"schema_version": 1, "event": "admin_promoted", "agent_handle": "bob", "actor_handle": null});
    assert_eq!(event(automatic), Some(SystemEvent::AdminPromoted { agent, actor: None }));
    assert_eq!(event(json!({"event": "member_left", "agent_handle": "bob"})), None, "no version, no event");
    for data in [
        json!({"schema_version": 2, "event": "member_left", "agent_handle": "bob"}),
        json!({"schema_version": 1, "event": "member_left"}),
        json!({"schema_version": 1, "event": "topic_changed", "topic": "x"}),
    ] {
        let other = event(data.clone()).unwrap();
        assert!(matches!(other, SystemEvent::Other { data: kept, .. } if Value::Object(kept.clone()) == data));
    }
}

proptest! {
    /// It is an event of the contract, one that is kept whole, or none; and the message comes out as it went in.
    #[test]
    fn spoiled_data_are_an_event_or_none(
        name in prop::sample::select(vec!["member_joined", "member_removed", "admin_promoted", "name_changed", "new_one"]),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        with in any_json(),
    ) {
        let data = mutated(full(name), &picks, &with);
        let sent = message("grp_1", "system", data.clone());
        let Ok(read) = serde_json::from_str::<Message>(&sent.to_string()) else {
            prop_assert!(!data.is_object() && !data.is_null());
            return Ok(());
        };
        if let Some(SystemEvent::Other { data: kept, .. }) = read.system_event() {
            prop_assert_eq!(Value::Object(kept), data.clone());
        }
        let written = serde_json::to_value(&read).unwrap();
        prop_assert_eq!(written["content"].get("data").unwrap_or(&Value::Null), &data);
    }
}
