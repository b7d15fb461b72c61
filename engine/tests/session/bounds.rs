//! Memory: every bound holds whatever is sent, and what had no room is fetched later.

use std::time::Duration;

use agentchat_engine::limits;
use agentchat_engine::realtime::{ConnectionState, Event, GapReason, Input, SessionOptions};
use serde_json::{Value, json};

use crate::rig::{Rig, message, options, row};

fn small(buffered_messages: usize) -> SessionOptions {
    options().buffered_messages(buffered_messages)
}

fn rows(seqs: impl IntoIterator<Item = u64>) -> Vec<Value> {
    seqs.into_iter().map(|seq| row("c", seq)).collect()
}

#[test]
fn a_page_of_the_drain_is_taken_as_far_as_there_is_room() {
    let mut rig = Rig::greeted(small(4));
    rig.answer_sync(&rows(1..=10));
    assert_eq!(rig.session.state(), &ConnectionState::CatchingUp);
    assert!(!rig.has_request("/sync"), "no room for the next page");
    let mut handled = vec![rig.handle(), rig.handle()];
    let asked = rig.request("/sync");
    assert_eq!(rig.requests[&asked].uri().query(), Some("limit=100&after=del_c_4"));
    rig.answer_sync(&rows(5..=10));
    handled.extend(rig.handle_all());
    rig.answer_sync(&rows(7..=10));
    handled.extend(rig.handle_all());
    let all: Vec<_> = (1..=10).map(|seq| format!("c-{seq}")).collect();
    assert_eq!(handled, all);
    assert!(rig.has_event(|e| matches!(e, Event::CaughtUp { drained: 10 })), "{:?}", rig.events);
}

#[test]
fn one_message_larger_than_all_room_is_taken_alone() {
    let large = |seq| {
        let mut large = row("c", seq);
        large["content"] = json!({"text": "x".repeat(5_000)});
        large
    };
    let mut rig = Rig::greeted(options().buffered_bytes(4_000));
    rig.answer_sync(&[row("c", 1), large(2), large(3)]);
    assert!(!rig.has_request("/sync"), "half the room is free, and it would not fit");
    assert_eq!(rig.handle(), "c-1");
    rig.answer_sync(&[large(2), large(3)]);
    assert_eq!(rig.handle(), "c-2");
    rig.answer_sync(&[large(3)]);
    assert_eq!(rig.handle(), "c-3");
    assert!(rig.has_event(|e| matches!(e, Event::CaughtUp { .. })));

    rig.live_message(4);
    let mut live = large(5);
    live.as_object_mut().unwrap().remove("delivery_id");
    rig.frame(json!({"type": "message.new", "payload": live}));
    assert!(rig.has_event(|e| matches!(e, Event::Shed { .. })));
    assert!(!rig.has_request("/sync"), "fetching it would shed it again");
    assert_eq!(rig.handle(), "c-4");
    rig.answer_sync(&[large(5)]);
    assert_eq!(rig.handle_all(), ["c-5"]);
}

#[test]
fn a_gap_that_fills_the_buffers_is_resolved_and_what_is_missing_fetched() {
    let mut rig = Rig::greeted(small(4));
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.handle();
    for seq in 3..=6 {
        rig.live_message(seq);
    }
    rig.advance(Duration::from_secs(2));
    assert!(!rig.has_request("/messages/c"), "there is no room for an answer");
    assert!(rig.has_event(|e| matches!(e, Event::SequenceGap { reason: GapReason::Overflow, recovered: false, .. })));
    assert_eq!([rig.handle(), rig.handle()], ["c-3", "c-4"]);
    rig.answer_sync(&[row("c", 2)]);
    assert_eq!(rig.handle_all(), ["c-5", "c-2", "c-6"], "late, and not lost");
}

#[test]
fn an_answer_of_history_is_taken_as_far_as_there_is_room() {
    let mut rig = Rig::greeted(small(4));
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.handle();
    rig.live_message(6);
    rig.advance(Duration::from_secs(2));
    rig.answer("/messages/c", &json!((2..=6).map(|seq| message("c", seq)).collect::<Vec<_>>()));
    let overflow = |e: &Event| match e {
        Event::SequenceGap { reason: GapReason::Overflow, missing, filled, recovered: false, .. } => {
            (missing[0].first, missing[0].last) == (5, 5) && (filled[0].first, filled[0].last) == (2, 4)
        }
        _ => false,
    };
    assert!(rig.has_event(overflow), "{:?}", rig.events);
    let mut handled = vec![rig.handle(), rig.handle(), rig.handle()];
    rig.answer_sync(&[row("c", 5)]);
    handled.extend(rig.handle_all());
    assert_eq!(handled, ["c-2", "c-3", "c-4", "c-6", "c-5"], "late, and not lost");
}

#[test]
fn early_messages_of_one_conversation_are_limited_and_rows_of_history_count() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.handle();
    let most = limits::EARLY_PER_CONVERSATION as u64;
    for seq in (0..most).map(|n| 400 + 2 * n) {
        rig.live_message(seq);
    }
    assert!(rig.deliveries.is_empty());
    rig.advance(Duration::from_secs(2));
    // Rows up to 201 are due at once, and 300 rows of history never wait beside five hundred early messages.
    rig.answer("/messages/c", &json!((2..=201).map(|seq| message("c", seq)).collect::<Vec<_>>()));
    assert_eq!(rig.handle_all().len(), 200);
    rig.live_message(400 + 2 * most);
    assert!(rig.has_event(|e| matches!(e, Event::SequenceGap { reason: GapReason::Overflow, .. })));
    assert_eq!(rig.handle_all(), ["c-400"], "the lowest gap is resolved, and the others have their own windows");
}

#[test]
fn an_endless_drain_ends() {
    let mut rig = Rig::greeted(options().drain_page(1));
    let mut own = row("c", 1);
    own["sender"] = json!("me");
    for n in 0..=limits::HANDLED_IDS {
        own["delivery_id"] = json!(format!("del_{n}"));
        own["seq"] = json!(n + 1);
        if rig.has_request("/sync/ack") {
            rig.answer_ack();
        }
        let request = *rig.requests.iter().find(|(_, r)| r.uri().path().ends_with("/sync")).expect("a request").0;
        rig.requests.remove(&request);
        let response = http::Response::new(json!([own]).to_string().into());
        rig.input(Input::Response { request, result: Ok(response) });
        rig.log.clear();
    }
    assert!(rig.has_event(|e| matches!(e, Event::DrainStuck { .. })));
}

#[test]
fn marks_are_limited_and_a_forgotten_one_is_reported() {
    let mut rig = Rig::live();
    for n in 0..=limits::REMEMBERED_CONVERSATIONS {
        rig.frame(json!({"type": "message.new", "payload": message(&format!("room-{n}"), 7)}));
        rig.handle();
        rig.sent.clear();
        rig.log.clear();
    }
    let forgotten: Vec<_> = rig
        .events
        .iter()
        .filter_map(|e| match e {
            Event::MarkForgotten { conversation_id } => Some(conversation_id.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(forgotten, ["room-0"], "the one that was quiet longest");
    rig.frame(json!({"type": "message.new", "payload": message("room-0", 70)}));
    assert_eq!(rig.handle_all(), ["room-0-70"], "it anchors anew");
}

#[test]
fn an_idle_session_wakes_for_nothing_it_stores() {
    let mut rig = Rig::live();
    let wake = rig.wake;
    for n in 0..1_000 {
        rig.frame(json!({"type": "message.new", "payload": message(&format!("room-{n}"), 1)}));
    }
    rig.handle_all();
    assert_eq!(rig.wake, wake, "the keepalive alone, as before");
    rig.log.clear();
    rig.input(Input::Timeout);
    assert_eq!(rig.log.len(), 1, "a time-out that is early does nothing: {:?}", rig.log);
}

#[test]
fn a_conversation_holds_back_five_hundred_messages_for_a_drain_and_the_rest_is_fetched() {
    let mut rig = Rig::greeted(options());
    let most = limits::EARLY_PER_CONVERSATION as u64;
    for seq in 1..=most + 10 {
        rig.live_message(seq);
        rig.log.clear();
    }
    assert!(!rig.reads, "the peer was to be held back");
    rig.answer_sync(&[]);
    assert!(rig.deliveries.is_empty(), "what was left may have come after the page was made");
    let all: Vec<_> = rows(1..=most + 10);
    for page in all.chunks(100) {
        rig.answer_sync(page);
    }
    assert!(rig.reads);
    let handled = rig.handle_all();
    assert_eq!(handled, (1..=most + 10).map(|seq| format!("c-{seq}")).collect::<Vec<_>>(), "in order, each once");
    assert!(!rig.has_event(|e| matches!(e, Event::Shed { .. })), "the drain brings it");
    assert!(!rig.has_event(|e| matches!(e, Event::SequenceGap { .. })));
}
