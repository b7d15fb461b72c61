//! Filling a gap from history: paging, authority, what arrives meanwhile, failures.

use std::time::Duration;

use agentchat_engine::realtime::{Event, GapReason, Input, Origin, Outcome, SeqRange};
use serde_json::{Value, json};

use crate::rig::{Rig, message, options};

pub(crate) const HISTORY: &str = "/messages/c";

/// A live session in which 1 is handled and the given early messages have waited long enough.
pub(crate) fn with_gap(early: &[u64]) -> Rig {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.handle_all();
    for seq in early {
        rig.live_message(*seq);
    }
    rig.advance(Duration::from_secs(2));
    rig
}

fn query(rig: &Rig) -> String {
    rig.requests[&rig.request(HISTORY)].uri().query().unwrap().to_owned()
}

pub(crate) fn history(rig: &mut Rig, seqs: impl IntoIterator<Item = u64>) {
    let rows: Vec<Value> = seqs.into_iter().map(|seq| message("c", seq)).collect();
    rig.answer(HISTORY, &json!(rows));
}

/// The one gap event: expected, filled, absent, missing, recovered, reason.
#[allow(clippy::type_complexity, reason = "a tuple to compare with")]
pub(crate) fn gap(rig: &Rig) -> (u64, Vec<(u64, u64)>, Vec<(u64, u64)>, Vec<(u64, u64)>, bool, GapReason) {
    let pairs = |ranges: &[SeqRange]| ranges.iter().map(|r| (r.first, r.last)).collect();
    let mut gaps = rig.events.iter().filter_map(|event| match event {
        Event::SequenceGap { expected, filled, absent, missing, recovered, reason, .. } => {
            Some((*expected, pairs(filled), pairs(absent), pairs(missing), *recovered, *reason))
        }
        _ => None,
    });
    let gap = gaps.next().expect("a gap event");
    assert!(gaps.next().is_none(), "one gap event");
    gap
}

#[test]
fn what_history_has_is_delivered_in_order_and_acked() {
    let mut rig = with_gap(&[4]);
    assert_eq!(query(&rig), "limit=200&after_seq=1");
    history(&mut rig, [2, 3, 4]);
    assert_eq!(rig.deliveries[0].origin, Origin::Fill);
    assert_eq!(rig.handle_all(), ["c-2", "c-3", "c-4"]);
    assert_eq!(rig.acks(), ["c-1", "c-2", "c-3", "c-4"]);
    assert_eq!(gap(&rig), (2, vec![(2, 3)], vec![], vec![], true, GapReason::Filled));
    assert!(!rig.has_request(HISTORY));
}

#[test]
fn what_history_steps_over_does_not_exist() {
    let mut rig = with_gap(&[6]);
    history(&mut rig, [3, 6]);
    assert_eq!(rig.handle_all(), ["c-3", "c-6"]);
    assert_eq!(gap(&rig), (2, vec![(3, 3)], vec![(2, 2), (4, 5)], vec![], true, GapReason::Filled));
}

#[test]
fn a_long_gap_is_paged_and_a_short_page_is_not_the_end() {
    let mut rig = with_gap(&[301]);
    history(&mut rig, 2..=201);
    assert_eq!(query(&rig), "limit=200&after_seq=201");
    history(&mut rig, 202..=250);
    assert_eq!(query(&rig), "limit=200&after_seq=250");
    history(&mut rig, 251..=301);
    assert_eq!(rig.handle_all().len(), 300);
    assert_eq!(gap(&rig), (2, vec![(2, 300)], vec![], vec![], true, GapReason::Filled));
}

#[test]
fn an_empty_page_is_the_end() {
    let mut rig = with_gap(&[9]);
    history(&mut rig, [3]);
    assert_eq!(query(&rig), "limit=200&after_seq=3");
    history(&mut rig, []);
    assert_eq!(rig.handle_all(), ["c-3", "c-9"]);
    assert_eq!(gap(&rig), (2, vec![(3, 3)], vec![(2, 2), (4, 8)], vec![], true, GapReason::Filled));
}

#[test]
fn a_page_that_leads_nowhere_ends_the_fill() {
    let mut rig = with_gap(&[9]);
    while !rig.has_event(|e| matches!(e, Event::SequenceGap { .. })) {
        if rig.has_request(HISTORY) {
            history(&mut rig, [1]);
        }
        rig.advance(Duration::from_millis(500));
        rig.input(Input::Alive(rig.connection.unwrap()));
    }
    assert!(!rig.has_request(HISTORY));
    assert_eq!(gap(&rig), (2, vec![], vec![], vec![(2, 8)], false, GapReason::FillFailed));
    assert_eq!(rig.handle_all(), ["c-9"]);
}

#[test]
fn two_gaps_are_closed_by_one_answer_that_covers_both() {
    let mut rig = with_gap(&[3, 6]);
    history(&mut rig, 2..=6);
    assert_eq!(rig.handle_all(), ["c-2", "c-3", "c-4", "c-5", "c-6"]);
    rig.advance(Duration::from_secs(5));
    assert!(!rig.has_request(HISTORY));
}

#[test]
fn what_arrives_by_itself_while_history_is_asked_counts() {
    let mut rig = with_gap(&[4]);
    rig.live_message(2);
    assert_eq!(rig.handle_all(), ["c-2"]);
    rig.live_message(3);
    assert_eq!(rig.handle_all(), ["c-3", "c-4"]);
    history(&mut rig, [2, 3, 4, 5]);
    assert_eq!(rig.handle_all(), ["c-5"], "history knew of one more");
    rig.live_message(5);
    rig.live_message(6);
    assert_eq!(rig.handle_all(), ["c-6"]);
}

#[test]
fn own_rows_fill_without_being_delivered() {
    let mut rig = with_gap(&[4]);
    let (mut two, mut three) = (message("c", 2), message("c", 3));
    two["sender"] = json!("me");
    three["sender"] = json!("me");
    rig.answer(HISTORY, &json!([two, three]));
    assert_eq!(rig.handle_all(), ["c-4"]);
}

#[test]
fn history_that_is_refused_for_good_ends_the_gap() {
    for status in [403, 404, 410] {
        let mut rig = with_gap(&[4]);
        rig.answer_status(HISTORY, status, &json!({"code": "FORBIDDEN", "message": "no"}));
        assert_eq!(rig.handle_all(), ["c-4"]);
        assert_eq!(gap(&rig), (2, vec![], vec![(2, 3)], vec![], true, GapReason::Refused));
        rig.advance(Duration::from_secs(15));
        assert!(rig.requests.is_empty(), "nothing is missing there");
        rig.live_message(3);
        assert!(rig.deliveries[0].late);
    }
    // Said of the account, it is no word on the conversation.
    let mut rig = with_gap(&[4]);
    rig.answer_status(HISTORY, 403, &json!({"code": "SUSPENDED", "message": "no"}));
    assert!(rig.deliveries.is_empty() && !rig.has_event(|e| matches!(e, Event::SequenceGap { .. })));
}

#[test]
fn an_answer_that_is_cut_is_asked_for_again() {
    let mut rig = with_gap(&[3]);
    let request = rig.request(HISTORY);
    rig.requests.remove(&request);
    let whole = json!([message("c", 2), message("c", 3)]).to_string();
    let cut = whole[..whole.len() / 2].to_owned();
    rig.input(Input::Response { request, result: Ok(http::Response::new(cut.into())) });
    assert!(rig.deliveries.is_empty());
    rig.advance(Duration::from_millis(313));
    history(&mut rig, [2, 3]);
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
}

#[test]
fn rows_that_cannot_be_read_or_belong_elsewhere_spoil_no_other() {
    let mut rig = with_gap(&[4]);
    rig.answer(HISTORY, &json!([null, message("d", 2), message("c", 3), {"id": 7}]));
    assert_eq!(rig.handle_all(), ["c-3", "c-4"]);
}

#[test]
fn a_fill_that_a_close_interrupts_leaves_nothing_behind() {
    let mut rig = with_gap(&[4]);
    let asked = rig.request(HISTORY);
    rig.input(Input::Close);
    assert!(rig.finished && rig.cancelled.contains(&asked));
}

#[test]
fn group_events_that_history_has_are_delivered_in_order() {
    let mut rig = with_gap(&[4]);
    let mut event = message("c", 2);
    event["type"] = json!("system");
    event["sender"] = json!("chatfather");
    event["content"] = json!({"data": {"schema_version": 1, "event": "member_joined"}});
    rig.answer(HISTORY, &json!([event, message("c", 3), message("c", 4)]));
    assert_eq!(rig.handle_all(), ["c-2", "c-3", "c-4"]);
}

#[test]
fn a_fill_goes_on_while_the_connection_is_lost() {
    let mut rig = with_gap(&[3]);
    rig.close(Some(1006), "");
    history(&mut rig, [2, 3]);
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
}

#[test]
fn rows_before_what_was_asked_for_are_not_taken() {
    let mut rig = with_gap(&[4]);
    let mut old = message("c", 1);
    old["id"] = json!("forgotten");
    rig.answer(HISTORY, &json!([old, message("c", 2), message("c", 3)]));
    assert_eq!(rig.handle_all(), ["c-2", "c-3", "c-4"]);
}

#[test]
fn what_was_settled_before_a_restart_is_not_taken_from_history() {
    let mut rig = Rig::greeted(options().redelivery(vec![]));
    rig.answer_sync(&[]);
    for seq in 1..=3 {
        rig.live_message(seq);
    }
    rig.handle();
    let stuck = rig.deliveries.remove(0);
    rig.input(Input::Settled { delivery: stuck.token, outcome: Outcome::Failed { retry_after: None } });
    rig.handle();
    rig.live_message(2);
    // 2 is in flight once more, and nothing of what is settled behind it is remembered by id.
    let stored = rig.stored();
    let handled = stored.find("\"handled\"").unwrap();
    let forgetful = format!("{}\"handled\":[]}}", &stored[..handled]);
    let mut rig = rig.restart(&forgetful);
    rig.answer_sync(&[]);
    rig.live_message(5);
    rig.advance(Duration::from_secs(2));
    history(&mut rig, 2..=5);
    assert_eq!(rig.handle_all(), ["c-2", "c-4", "c-5"]);
}

#[test]
fn a_page_without_a_usable_seq_is_not_the_end_of_history() {
    let mut rig = with_gap(&[4]);
    let mut odd = message("c", 2);
    odd["seq"] = json!("2");
    rig.answer(HISTORY, &json!([odd]));
    assert!(rig.deliveries.is_empty());
    rig.advance(Duration::from_millis(1_250));
    history(&mut rig, [2, 3]);
    assert_eq!(rig.handle_all(), ["c-2", "c-3", "c-4"], "it was asked again");
}
