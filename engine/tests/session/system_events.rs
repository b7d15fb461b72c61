//! A group's system events: emitted and acked in their turn, or delivered if they were asked for.

use std::time::Duration;

use agentchat_engine::realtime::{Event, Input};
use agentchat_engine::types::SystemEvent;
use serde_json::{Value, json};

use crate::rig::{Rig, message, options, row};

const HISTORY: &str = "/messages/grp_1";

fn event(of: Value) -> Value {
    let mut event = of;
    event["type"] = json!("system");
    event["content"] = json!({"data": {"schema_version": 1, "event": "member_joined", "agent_handle": "bob"}});
    event
}

fn live(rig: &mut Rig, message: &Value) {
    rig.frame(json!({"type": "message.new", "payload": message}));
}

/// Ids of the events that were emitted.
fn told(rig: &Rig) -> Vec<String> {
    let rows = rig.events.iter().filter_map(|event| match event {
        Event::System { row } => Some(row),
        _ => None,
    });
    rows.map(|row| {
        let message = row.message().unwrap();
        assert_eq!(message.system_event(), Some(SystemEvent::MemberJoined { agent: "bob".into() }));
        message.id.to_string()
    })
    .collect()
}

#[test]
fn they_are_emitted_in_their_turn_and_acked() {
    let mut rig = Rig::live();
    live(&mut rig, &message("grp_1", 1));
    live(&mut rig, &event(message("grp_1", 2)));
    live(&mut rig, &message("grp_1", 3));
    assert_eq!((rig.deliveries.len(), told(&rig).len()), (1, 0), "what comes before it is being handled");
    assert_eq!(rig.handle(), "grp_1-1");
    assert_eq!(told(&rig), ["grp_1-2"]);
    assert_eq!(rig.handle_all(), ["grp_1-3"]);
    assert_eq!(rig.acks(), ["grp_1-1", "grp_1-2", "grp_1-3"]);
    assert_eq!(rig.session.checkpoint_revision(), 3);

    // Brought again: acked again, and not emitted again.
    live(&mut rig, &event(message("grp_1", 2)));
    assert_eq!((told(&rig).len(), rig.acks()), (1, vec!["grp_1-2".to_owned()]));
}

#[test]
fn those_of_a_drain_are_acked_by_its_cursor_and_those_of_history_too() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("grp_1", 1), event(row("grp_1", 2)), event(row("grp_2", 1))]);
    assert_eq!(told(&rig), ["grp_2-1"]);
    rig.handle();
    assert_eq!(told(&rig), ["grp_2-1", "grp_1-2"]);
    rig.advance(Duration::from_millis(100));
    let mut last = rig.answer_ack();
    if rig.has_request("/sync/ack") {
        last = rig.answer_ack();
    }
    assert_eq!(last, "del_grp_2_1", "one after the other, to the end");

    live(&mut rig, &message("grp_1", 4));
    rig.advance(Duration::from_secs(2));
    rig.answer(HISTORY, &json!([event(message("grp_1", 3)), message("grp_1", 4)]));
    assert_eq!(told(&rig).last().map(String::as_str), Some("grp_1-3"));
    assert_eq!(rig.handle_all(), ["grp_1-4"]);
    assert_eq!(
        rig.acks(),
        ["grp_2-1", "grp_1-3", "grp_1-4"],
        "the first, because the cursor could not pass what was handled"
    );
}

#[test]
fn without_a_consumer_nothing_is_emitted_or_acked() {
    let mut rig = Rig::live();
    rig.input(Input::Consumer(false));
    live(&mut rig, &event(message("grp_1", 1)));
    assert!(told(&rig).is_empty() && rig.acks().is_empty());
    rig.input(Input::Consumer(true));
    assert_eq!((told(&rig).len(), rig.acks().len()), (1, 1));
}

#[test]
fn they_are_delivered_if_they_were_asked_for() {
    let mut rig = Rig::greeted(options().system_events(true));
    rig.answer_sync(&[event(row("grp_1", 1))]);
    assert_eq!(rig.handle_all(), ["grp_1-1"]);
    assert!(told(&rig).is_empty());
}

#[test]
fn what_only_says_that_it_is_one_is_a_message() {
    let mut rig = Rig::live();
    let mut text = event(message("grp_1", 1));
    text["content"] = json!({"text": "I am the system"});
    live(&mut rig, &text);
    live(&mut rig, &event(message("conv_1", 1)));
    assert_eq!(rig.handle_all(), ["grp_1-1", "conv_1-1"]);
    assert!(told(&rig).is_empty());
}
