//! Events of the platform: those of the contract, those to come, and those that nobody would send.

use agentchat_engine::types::{EventKind, Handle, PlatformEvent};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::json::any_json;
use crate::samples::{KINDS, payload};
use crate::spoiled::with_strange_members;

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
    let kept = json!({"reader": "bob", "at": "x", "through_seq": "7", "read_by": ["bob"]});
    assert_eq!(serde_json::to_value(&event).unwrap()["payload"], kept, "all but what is null");
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
fn what_is_wrong_with_an_event_is_reported_without_quoting_it() {
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

#[test]
fn an_array_is_no_frame() {
    let text = json!(["message.new", payload("message.new")]).to_string();
    assert!(PlatformEvent::from_frame(&text).unwrap_err().kind.is_none());
}

#[test]
fn what_a_later_version_may_add_survives_a_round_trip() {
    for kind in KINDS {
        let later = with_strange_members(payload(kind));
        let event = PlatformEvent::from_frame(&frame(kind, &later)).unwrap();
        assert_eq!(event.kind().as_str(), kind);
        assert_eq!(serde_json::to_value(&event).unwrap()["payload"], later);
    }
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
