//! Frames of every kind, as the contract shows them, as a later version may send them, and spoiled: each is
//! passed on as it came, and the session goes on.

use agentchat_engine::realtime::{ConnectionState, DeliveryBody, Event};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::json::any_json;
use crate::rig::{Rig, message};
use crate::samples::{KINDS, payload};
use crate::spoiled::{mutated, with_strange_members};

fn frame(kind: &str, payload: &Value, beside: Map<String, Value>) -> String {
    let mut frame = beside;
    frame.extend([("type".to_owned(), json!(kind)), ("payload".to_owned(), payload.clone())]);
    Value::Object(frame).to_string()
}

/// What became of a frame.
#[derive(Debug, PartialEq)]
enum Told {
    Delivered(String),
    Event { kind: String, text: String },
    Bad,
    Nothing,
}

/// Gives the frame to a live session, and then a message, which must be delivered.
fn tell(text: &str) -> Told {
    let mut rig = Rig::live();
    rig.events.clear();
    rig.text(text);
    let told = match (rig.deliveries.pop(), rig.events.pop()) {
        (Some(delivery), None) => match delivery.body {
            DeliveryBody::Message(row) => Told::Delivered(row.text().to_owned()),
            DeliveryBody::Unreadable(unreadable) => panic!("a live message is fetched instead: {unreadable:?}"),
        },
        (None, Some(Event::Server(event))) => Told::Event { kind: event.kind, text: event.text },
        (None, Some(Event::BadFrame { .. })) => Told::Bad,
        (None, None) => Told::Nothing,
        both => panic!("{both:?}"),
    };
    assert!(rig.deliveries.is_empty() && rig.events.is_empty(), "one frame makes one delivery or event");
    rig.frame(json!({"type": "message.new", "payload": message("another", 1)}));
    assert_eq!(rig.handle_all(), ["another-1"]);
    assert_eq!(rig.session.state(), &ConnectionState::Live);
    told
}

fn is_passed_on(kind: &str, payload: &Value, beside: Map<String, Value>) -> bool {
    let (text, sent) = (frame(kind, payload, beside), payload.to_string());
    match tell(&text) {
        Told::Delivered(row) => kind == "message.new" && row == sent,
        Told::Event { kind: told, text: kept } => kind != "message.new" && told == kind && kept == text,
        Told::Bad | Told::Nothing => false,
    }
}

#[test]
fn every_kind_is_passed_on_as_it_came_whatever_a_later_version_adds() {
    for kind in KINDS.into_iter().chain(["message.pinned", "error", ""]) {
        assert!(is_passed_on(kind, &payload(kind), Map::new()), "{kind}");
        assert!(is_passed_on(kind, &with_strange_members(payload(kind)), Map::new()), "{kind}");
    }
}

/// The parser would take the members of a frame, or of a message, from an array as well.
#[test]
fn an_array_is_no_frame_and_no_message() {
    let message = payload("message.new");
    for text in [
        json!(["message.new", message]),
        json!(["message.new", message, null]),
        json!(["presence.update", payload("presence.update")]),
        json!({"type": "message.new", "payload": ["msg_1", "conv_1", 1, "alice", "text", "del_1"]}),
    ] {
        assert_eq!(tell(&text.to_string()), Told::Bad, "{text}");
    }
}

proptest! {
    #[test]
    fn an_event_that_is_no_message_is_passed_on_whatever_its_payload(
        kind in prop::sample::select(&KINDS[1..]),
        payload in any_json(),
        beside in prop::collection::btree_map("x_[a-z]{1,6}", any_json(), 0..3),
    ) {
        prop_assert!(is_passed_on(kind, &payload, beside.into_iter().collect()));
    }

    #[test]
    fn a_spoiled_message_is_delivered_as_it_came_or_is_a_bad_frame(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        with in any_json(),
    ) {
        let payload = mutated(payload("message.new"), &picks, &with);
        match tell(&frame("message.new", &payload, Map::new())) {
            Told::Delivered(row) => prop_assert_eq!(row, payload.to_string()),
            Told::Bad => {}
            told => prop_assert!(false, "{:?}", told),
        }
    }

    #[test]
    fn any_json_and_any_text_is_a_frame_or_a_bad_one(value in any_json(), text: String) {
        for text in [value.to_string(), text] {
            prop_assert!(matches!(tell(&text), Told::Bad | Told::Event { .. }), "{}", text);
        }
    }
}
