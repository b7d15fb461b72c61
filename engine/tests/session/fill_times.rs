//! When history is asked: how soon, how many at a time, and how long its answer is waited for.

use std::time::Duration;

use agentchat_engine::realtime::{Event, GapReason, Input};
use serde_json::{Value, json};

use crate::fill::{HISTORY, gap, history, with_gap};
use crate::rig::{Rig, message, options, row};

#[test]
fn what_waits_goes_out_when_history_fails_for_longer_than_the_patience_and_a_drain_heals_it() {
    let mut rig = with_gap(&[4]);
    rig.fail_for(HISTORY, Duration::from_secs(27));
    assert!(rig.deliveries.is_empty(), "order is worth more than speed");
    assert!(rig.has_event(|e| matches!(e, Event::RequestFailed { purpose: "history", .. })));
    rig.fail_for(HISTORY, Duration::from_secs(2));
    assert_eq!(rig.handle_all(), ["c-4"]);
    assert_eq!(gap(&rig), (2, vec![], vec![], vec![(2, 3)], false, GapReason::FillFailed));
    rig.answer_sync(&[row("c", 2), row("c", 3)]);
    assert!(rig.deliveries[0].late);
    assert_eq!(rig.handle_all(), ["c-2", "c-3"], "without a reconnect");
}

#[test]
fn history_that_recovers_before_the_patience_ends_costs_no_order() {
    let mut rig = with_gap(&[4]);
    rig.fail_for(HISTORY, Duration::from_secs(24));
    rig.advance(Duration::from_secs(2));
    history(&mut rig, [2, 3]);
    assert_eq!(rig.handle_all(), ["c-2", "c-3", "c-4"]);
    assert_eq!(gap(&rig), (2, vec![(2, 3)], vec![], vec![], true, GapReason::Filled));
}

#[test]
fn a_retry_after_of_history_is_obeyed_in_full() {
    let mut rig = with_gap(&[3]);
    let request = rig.request(HISTORY);
    rig.requests.remove(&request);
    let response = http::Response::builder().status(429).header("retry-after", "300").body("{}".into()).unwrap();
    rig.input(Input::Response { request, result: Ok(response) });
    let mut asked = Vec::new();
    for second in 1..=310 {
        rig.advance(Duration::from_secs(1));
        rig.input(Input::Alive(rig.connection.unwrap()));
        rig.live_message(10 + 2 * second);
        rig.handle_all();
        if rig.has_request("/sync") {
            rig.answer_sync(&[]);
        }
        if rig.has_request(HISTORY) {
            asked.push(second);
            history(&mut rig, []);
        }
    }
    assert!((300..=302).contains(asked.first().unwrap()), "{asked:?}");
}

#[test]
fn history_is_asked_soon_by_default() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(3);
    rig.advance(Duration::from_millis(74));
    assert!(!rig.has_request(HISTORY));
    rig.advance(Duration::from_millis(1));
    assert!(rig.has_request(HISTORY));
}

#[test]
fn what_is_only_reordered_costs_no_question() {
    let mut rig = Rig::live();
    for pair in 0..100 {
        rig.live_message(2 * pair + 2);
        rig.advance(Duration::from_millis(20));
        rig.live_message(2 * pair + 1);
    }
    assert_eq!(rig.handle_all().len(), 200);
    assert!(!rig.has_request(HISTORY) && !rig.has_event(|e| matches!(e, Event::SequenceGap { .. })));
}

#[test]
fn where_gaps_were_own_sends_elsewhere_history_is_asked_at_once() {
    let mut rig = Rig::live();
    rig.live_message(1);
    let mut waits = Vec::new();
    for turn in 1..=5 {
        rig.live_message(2 * turn + 1);
        let waited = (0..1_000).find(|_| {
            let asked = rig.has_request(HISTORY);
            if !asked {
                rig.advance(Duration::from_millis(1));
            }
            asked
        });
        waits.push(waited.unwrap());
        let mut own = message("c", 2 * turn);
        own["sender"] = json!("me");
        rig.answer(HISTORY, &json!([own, message("c", 2 * turn + 1)]));
        rig.handle_all();
    }
    assert_eq!(waits, [75, 0, 0, 0, 0]);
    // One that closes by itself makes the next wait as at first.
    rig.live_message(13);
    rig.live_message(12);
    rig.answer(HISTORY, &json!([]));
    rig.live_message(15);
    assert!(!rig.has_request(HISTORY));
    rig.advance(Duration::from_millis(75));
    assert!(rig.has_request(HISTORY));
}

#[test]
fn history_can_be_asked_early() {
    let mut rig = Rig::greeted(options().fill_after(Duration::from_millis(200)));
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.live_message(3);
    rig.advance(Duration::from_millis(199));
    assert!(!rig.has_request(HISTORY));
    rig.advance(Duration::from_millis(1));
    assert!(rig.has_request(HISTORY));
}

#[test]
fn a_few_conversations_are_asked_at_a_time() {
    let mut rig = Rig::live();
    for n in 0..10 {
        for seq in [1, 3] {
            rig.frame(json!({"type": "message.new", "payload": message(&format!("room-{n}"), seq)}));
        }
    }
    rig.advance(Duration::from_secs(2));
    let asked = |rig: &Rig| rig.requests.values().filter(|r| r.uri().path().contains("/room-")).count();
    assert_eq!(asked(&rig), 4);
    rig.answer("/room-0", &json!([message("room-0", 2)]));
    assert_eq!(asked(&rig), 4);
}

#[test]
fn what_arrives_by_itself_after_an_early_question_failed_closes_the_gap() {
    let mut rig = Rig::greeted(options().fill_after(Duration::from_millis(200)));
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.live_message(3);
    rig.handle();
    rig.advance(Duration::from_millis(200));
    rig.answer_status(HISTORY, 400, &json!({"code": "VALIDATION_ERROR", "message": "no"}));
    rig.live_message(2);
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
    rig.live_message(5);
    rig.advance(Duration::from_millis(200));
    history(&mut rig, [4]);
    assert_eq!(rig.handle_all(), ["c-4", "c-5"], "the next gap has windows of its own");
}

#[test]
fn history_that_takes_too_long_is_given_up_for_those_asked_and_those_in_the_queue() {
    let mut rig = Rig::live();
    for n in 0..10 {
        for seq in [1, 3] {
            rig.frame(json!({"type": "message.new", "payload": message(&format!("room-{n}"), seq)}));
        }
    }
    rig.handle_all();
    rig.advance(Duration::from_secs(2));
    assert_eq!(rig.requests.len(), 4);
    for _ in 0..3 {
        rig.advance(Duration::from_secs(9));
        rig.input(Input::Alive(rig.connection.unwrap()));
    }
    assert!(rig.deliveries.is_empty());
    rig.advance(Duration::from_millis(900));
    let asked: Vec<_> = rig.requests.keys().copied().collect();
    assert!(rig.deliveries.is_empty());
    rig.advance(Duration::from_millis(100));
    assert_eq!(rig.handle_all().len(), 10);
    let failed = |e: &&Event| matches!(e, Event::SequenceGap { reason: GapReason::FillFailed, recovered: false, .. });
    assert_eq!(rig.events.iter().filter(failed).count(), 10);
    assert!(asked.iter().all(|request| rig.cancelled.contains(request)));
    let paths: Vec<_> = rig.requests.values().map(|request| request.uri().path()).collect();
    assert_eq!(paths, ["/v1/messages/sync"], "a drain brings what is missing");
    let late = Value::from(vec![message("room-0", 2)]).to_string();
    rig.input(Input::Response { request: asked[0], result: Ok(http::Response::new(late.into())) });
    assert!(rig.deliveries.is_empty());
}

#[test]
fn what_comes_while_its_question_waits_is_not_asked_for() {
    let mut rig = Rig::live();
    let conversations = ["a", "b", "c", "d", "e", "f"];
    for seq in [1, 3] {
        for conversation in conversations {
            rig.frame(json!({"type": "message.new", "payload": message(conversation, seq)}));
        }
    }
    rig.handle_all();
    rig.advance(Duration::from_secs(2));
    let asked = |rig: &Rig| conversations.map(|id| rig.has_request(&format!("/messages/{id}")));
    assert_eq!(asked(&rig), [true, true, true, true, false, false], "so many at once");
    rig.frame(json!({"type": "message.new", "payload": message("e", 2)}));
    rig.frame(json!({"type": "message.new", "payload": message("f", 6)}));
    rig.frame(json!({"type": "message.new", "payload": message("f", 2)}));
    assert_eq!(rig.handle_all(), ["e-2", "f-2", "e-3", "f-3"]);

    for conversation in ["a", "b"] {
        rig.answer(&format!("/messages/{conversation}"), &json!([message(conversation, 2), message(conversation, 3)]));
    }
    assert_eq!(asked(&rig), [false, false, true, true, false, true], "nothing of e is missing any more");
    let query = rig.requests[&rig.request("/messages/f")].uri().query().unwrap().to_owned();
    assert_eq!(query, "limit=200&after_seq=3");
}

/// A suspension, for one: history is asked before the patience with it ends.
#[test]
fn a_timer_that_fires_after_the_patience_asks_history_all_the_same() {
    let mut rig = with_gap(&[]);
    rig.live_message(4);
    rig.now.mono = rig.now.mono + Duration::from_secs(31);
    rig.input(Input::Timeout);
    assert!(rig.deliveries.is_empty());
    history(&mut rig, [2, 3]);
    assert_eq!(rig.handle_all(), ["c-2", "c-3", "c-4"]);
}
