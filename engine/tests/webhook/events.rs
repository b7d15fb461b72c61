//! Events of the platform: those of the contract, those to come, and those that nobody would send.

use agentchat_engine::types::{EventKind, Handle, Message, PlatformEvent, SystemEvent};
use proptest::prelude::*;
use serde_json::{Value, json};

const KINDS: [&str; 10] = [
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

fn payload(kind: &str) -> Value {
    match kind {
        "message.new" => json!({"id": "msg_1", "conversation_id": "conv_1", "client_msg_id": "c", "seq": 1,
            "sender": "alice", "type": "text", "content": {"text": "hi"}, "metadata": {},
            "created_at": "2026-04-20T10:00:00.000Z"}),
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

fn frame(kind: &str, payload: &Value) -> String {
    json!({"type": kind, "payload": payload}).to_string()
}

#[test]
fn every_event_of_the_contract_is_known_and_survives_a_round_trip() {
    for kind in KINDS {
        let sent = frame(kind, &payload(kind));
        let event = PlatformEvent::from_frame(&sent).unwrap();
        assert_eq!(event.kind().as_str(), kind);
        assert!(!matches!(event.kind(), EventKind::Other(_)), "{kind}");
        let written = serde_json::to_value(&event).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(&sent).unwrap());
    }
}

#[test]
fn null_is_the_same_as_absent() {
    let mut nulled = payload("group.invite.received");
    nulled["group_description"] = Value::Null;
    let Ok(PlatformEvent::GroupInviteReceived(invitation)) =
        PlatformEvent::from_frame(&frame("group.invite.received", &nulled))
    else {
        panic!("a null description spoils the invitation")
    };
    assert!(invitation.group_description.is_none());
}

#[test]
fn known_members_are_typed() {
    let read = |kind: &str| PlatformEvent::read(EventKind::from(kind), &payload(kind).to_string()).unwrap();
    assert!(matches!(read("message.new"), PlatformEvent::MessageNew(m) if m.sender == Handle::from("alice")));
    assert!(matches!(read("message.read"), PlatformEvent::MessageRead(r) if r.extra.is_empty() && r.read_at.is_some()));
    assert!(matches!(read("typing.stop"), PlatformEvent::TypingStop(t) if t.sender == Some(Handle::from("bob"))));
    assert!(matches!(read("rate_limit.warning"), PlatformEvent::RateLimitWarning(w) if w.remaining == Some(2)));
    assert!(matches!(read("contact.blocked"), PlatformEvent::ContactBlocked(b) if b.blocked_by.is_some()));
    assert!(matches!(read("agent.created"), PlatformEvent::AgentCreated(a) if a.extra.is_empty()));
}

#[test]
fn events_that_only_inform_forgive_every_member() {
    let odd = json!({"reader": "bob", "at": "x", "through_seq": "7", "message_id": null, "read_by": ["bob"]});
    let event = PlatformEvent::from_frame(&frame("message.read", &odd)).unwrap();
    assert_eq!(serde_json::to_value(&event).unwrap()["payload"], odd);
    let PlatformEvent::MessageRead(read) = event else { panic!() };
    assert_eq!((read.through_seq, read.message_id, read.read_by), (None, None, None));
}

#[test]
fn an_unknown_event_keeps_its_name_and_its_text() {
    let text = r#"{"type":"message.pinned","payload":{"n": 1.50, "s":"\ud83d"}}"#;
    let event = PlatformEvent::from_frame(text).unwrap();
    let raw = r#"{"n": 1.50, "s":"\ud83d"}"#.to_owned();
    assert_eq!(event, PlatformEvent::Other { kind: EventKind::from("message.pinned"), raw });
    assert_eq!(serde_json::to_string(&event).unwrap(), text);
    let bare = PlatformEvent::from_frame(r#"{"type":"x"}"#).unwrap();
    assert!(matches!(bare, PlatformEvent::Other { raw, .. } if raw == "null"));
}

#[test]
fn what_is_wrong_with_an_event_is_said_without_quoting_it() {
    let deep = |depth: usize| format!(r#"{{"x":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    for payload in ["null", "[]", "7", r#"{"id":"s3cret"}"#, r#""s3cret""#, &deep(127), &deep(100_000)] {
        let error = PlatformEvent::read(EventKind::MessageNew, payload).unwrap_err();
        assert!(error.to_string().starts_with("message.new cannot be read: "), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    assert!(PlatformEvent::read(EventKind::MessageRead, &deep(126)).is_ok());
    for text in ["", "null", "[]", "7", "{}", r#"{"type":7}"#, "{"] {
        assert!(PlatformEvent::from_frame(text).unwrap_err().kind.is_none(), "{text}");
    }
}

fn system(conversation: &str, kind: &str, data: Value) -> Option<SystemEvent> {
    let mut message = payload("message.new");
    message["conversation_id"] = json!(conversation);
    message["type"] = json!(kind);
    message["content"] = json!({"data": data});
    serde_json::from_value::<Message>(message).unwrap().system_event()
}

#[test]
fn system_messages_of_groups_tell_what_happened() {
    let event = |data: Value| system("grp_1", "system", data);
    let (agent, actor) = (Handle::from("bob"), Handle::from("alice"));
    let full = |name: &str| json!({"schema_version": 1, "event": name, "agent_handle": "bob", "actor_handle": "alice", "new_name": "N"});
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

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn any_payload_is_an_event_or_a_typed_error(kind in prop::sample::select(&KINDS[..]), payload in any_json()) {
        match PlatformEvent::from_frame(&frame(kind, &payload)) {
            Ok(event) => prop_assert_eq!(serde_json::to_value(&event).unwrap()["payload"].clone(), payload),
            Err(error) => prop_assert_eq!(error.kind, Some(EventKind::from(kind))),
        }
    }

    #[test]
    fn any_text_is_an_event_or_a_typed_error(text: String) {
        let _ = PlatformEvent::from_frame(&text);
        let _ = PlatformEvent::read(EventKind::MessageNew, &text);
    }

    #[test]
    fn one_odd_member_is_an_event_or_a_typed_error(
        kind in prop::sample::select(&KINDS[..]),
        member: prop::sample::Index,
        odd in any_json(),
    ) {
        let mut payload = payload(kind);
        let members = payload.as_object_mut().unwrap();
        let name = members.keys().nth(member.index(members.len())).unwrap().clone();
        members.insert(name, odd);
        if let Err(error) = PlatformEvent::from_frame(&frame(kind, &payload)) {
            prop_assert_eq!(error.kind, Some(EventKind::from(kind)));
        }
    }

    #[test]
    fn unknown_members_survive_a_round_trip(
        kind in prop::sample::select(&KINDS[..]),
        added in prop::collection::btree_map("x_[a-z]{1,8}", any_json(), 0..5),
    ) {
        let mut payload = payload(kind);
        payload.as_object_mut().unwrap().extend(added);
        let event = PlatformEvent::from_frame(&frame(kind, &payload)).unwrap();
        prop_assert_eq!(serde_json::to_value(&event).unwrap()["payload"].clone(), payload);
    }
}
