//! The drain: sparse rows, held live messages, the cursor, failures.

use std::time::Duration;

use agentchat_engine::realtime::{ConnectionState, DeliveryBody, Event, Input, Origin, Outcome};
use agentchat_engine::{Fault, FaultKind, WasSent};
use serde_json::{Value, json};

use crate::rig::{Rig, options, row};

#[test]
fn rows_are_sparse_and_open_no_gaps() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("c", 10), row("c", 50)]);
    assert!(rig.has_event(|e| matches!(e, Event::CaughtUp { drained: 2 })));
    assert_eq!(rig.deliveries[0].origin, Origin::Drain);
    assert_eq!(rig.handle_all(), ["c-10", "c-50"]);
    rig.live_message(51);
    assert_eq!(rig.handle_all(), ["c-51"]);
}

#[test]
fn live_messages_ahead_wait_for_the_drain() {
    let mut rig = Rig::greeted(options());
    assert_eq!(rig.session.state(), &ConnectionState::CatchingUp);
    rig.live_message(12);
    rig.live_message(13);
    assert!(rig.deliveries.is_empty());
    rig.answer_sync(&[row("c", 10), row("c", 11), row("c", 12)]);
    let handled = rig.handle_all();
    assert_eq!(handled, ["c-10", "c-11", "c-12", "c-13"]);
    assert!(!rig.has_event(|e| matches!(e, Event::SequenceGap { .. })));
    assert_eq!(rig.session.state(), &ConnectionState::Live);
}

#[test]
fn held_messages_go_out_when_the_drain_does_not_answer() {
    let mut rig = Rig::greeted(options());
    rig.live_message(12);
    rig.advance(Duration::from_millis(4_999));
    assert!(rig.deliveries.is_empty());
    rig.advance(Duration::from_millis(1));
    assert_eq!(rig.handle_all(), ["c-12"]);
    rig.answer_sync(&[row("c", 11), row("c", 12)]);
    assert!(rig.deliveries[0].late);
    assert_eq!(rig.handle_all(), ["c-11"]);
}

#[test]
fn the_cursor_stops_before_the_first_unsettled_row_and_later_rows_are_acked_by_frame() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("a", 1), row("b", 1), row("c", 1)]);
    let stuck = rig.deliveries.remove(1);
    assert_eq!(rig.handle(), "a-1");
    assert_eq!(rig.answer_ack_later(), "del_a_1");
    assert_eq!(rig.handle(), "c-1");
    rig.advance(Duration::from_secs(1));
    assert!(!rig.has_request("/sync/ack"));
    assert_eq!(rig.acks(), ["c-1"]);
    rig.input(Input::Settled { delivery: stuck.token, outcome: Outcome::Handled });
    assert_eq!(rig.answer_ack(), "del_c_1");
    assert!(rig.acks().is_empty());
}

#[test]
fn only_one_commit_is_under_way_and_the_next_takes_what_settled_meanwhile() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("a", 1), row("b", 1), row("c", 1)]);
    rig.handle();
    rig.advance(Duration::from_millis(50));
    rig.handle_all();
    assert_eq!(rig.answer_ack(), "del_a_1");
    assert_eq!(rig.answer_ack(), "del_c_1");
    assert!(!rig.has_request("/sync/ack"));
}

#[test]
fn the_server_backlog_beside_the_drain_is_delivered_once() {
    let mut rig = Rig::greeted(options());
    rig.live_message(1);
    rig.answer_sync(&[row("c", 1), row("c", 2)]);
    rig.live_message(2);
    assert_eq!(rig.handle_all(), ["c-1", "c-2"]);
    assert_eq!(rig.answer_ack(), "del_c_2");
    rig.live_message(2);
    assert!(rig.deliveries.is_empty());
    assert_eq!(rig.acks(), ["c-2"], "a repeat of what was handled is acked again");
}

#[test]
fn full_pages_are_followed_by_cursor() {
    let mut rig = Rig::greeted(options().drain_page(2));
    rig.answer_sync(&[row("c", 1), row("c", 2)]);
    let request = &rig.requests[&rig.request("/sync")];
    assert_eq!(request.uri().query(), Some("limit=2&after=del_c_2"));
    rig.answer_sync(&[row("c", 3)]);
    assert_eq!(rig.handle_all(), ["c-1", "c-2", "c-3"]);
    assert!(rig.has_event(|e| matches!(e, Event::CaughtUp { drained: 3 })));
}

#[test]
fn a_cursor_that_leads_nowhere_new_ends_the_drain() {
    let mut rig = Rig::greeted(options().drain_page(1));
    rig.answer_sync(&[row("c", 1)]);
    rig.answer_sync(&[row("c", 1)]);
    assert!(rig.has_event(|e| matches!(e, Event::DrainStuck { .. })));
    assert_eq!(rig.session.state(), &ConnectionState::Live);
}

#[test]
fn an_unreadable_row_is_delivered_and_the_cursor_waits_for_it() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("a", 1), json!({"delivery_id": "del_bad", "id": 7}), row("c", 1)]);
    assert_eq!(rig.deliveries.len(), 3);
    assert_eq!(rig.handle(), "a-1");
    assert_eq!(rig.answer_ack_later(), "del_a_1");
    let bad = rig.deliveries.remove(0);
    let DeliveryBody::Unreadable(unreadable) = &bad.body else { panic!("{bad:?}") };
    assert!(unreadable.problem.contains("no id"));
    assert_eq!(rig.handle(), "c-1");
    rig.advance(Duration::from_secs(1));
    assert!(!rig.has_request("/sync/ack"));
    rig.input(Input::Settled { delivery: bad.token, outcome: Outcome::Discarded { reason: "not a message".into() } });
    assert_eq!(rig.answer_ack(), "del_c_1");
    assert!(rig.has_event(|e| matches!(e, Event::Discarded { .. })));
}

#[test]
fn a_failed_drain_is_tried_again_while_the_connection_lives() {
    let mut rig = Rig::greeted(options());
    rig.answer_status("/sync", 403, &json!({"code": "FORBIDDEN", "message": "no"}));
    assert!(rig.has_event(|e| matches!(e, Event::RequestFailed { purpose: "sync", .. })));
    rig.advance(Duration::from_millis(1_250));
    rig.answer_sync(&[row("c", 1)]);
    assert_eq!(rig.handle_all(), ["c-1"]);
}

#[test]
fn an_answer_that_is_no_page_is_an_error_and_not_an_empty_page() {
    let mut rig = Rig::greeted(options());
    // A question is harmless, so the call itself asks three times more.
    for _ in 0..4 {
        rig.answer("/sync", &json!({"code": "X", "message": "y"}));
        rig.advance(Duration::from_millis(1_500));
    }
    assert!(rig.has_event(|e| matches!(e, Event::RequestFailed { purpose: "sync", .. })));
    assert!(!rig.has_event(|e| matches!(e, Event::CaughtUp { .. })));
}

#[test]
fn a_failed_commit_is_tried_again() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("c", 1)]);
    rig.handle_all();
    rig.answer_status("/sync/ack", 400, &json!({"code": "VALIDATION_ERROR", "message": "no"}));
    assert!(!rig.has_request("/sync/ack"));
    rig.advance(Duration::from_millis(1_250));
    assert_eq!(rig.answer_ack(), "del_c_1");
}

#[test]
fn requests_that_meet_a_fault_are_retried_by_the_call_inside() {
    let mut rig = Rig::greeted(options());
    rig.fail("/sync");
    assert!(!rig.has_request("/sync"));
    rig.advance(Duration::from_secs(1));
    rig.answer_sync(&[]);
    assert_eq!(rig.session.state(), &ConnectionState::Live);
}

#[test]
fn a_late_answer_to_an_old_drain_changes_nothing() {
    let mut rig = Rig::greeted(options());
    let old = rig.request("/sync");
    rig.reconnect();
    assert!(rig.cancelled.contains(&old));
    let body = Value::from(vec![row("c", 1)]).to_string();
    rig.input(Input::Response { request: old, result: Ok(http::Response::new(body.into())) });
    assert!(rig.deliveries.is_empty());
    rig.input(Input::Response { request: old, result: Err(Fault::new(FaultKind::Io, WasSent::Maybe, "x")) });
    rig.answer_sync(&[row("c", 1)]);
    assert_eq!(rig.handle_all(), ["c-1"]);
}

#[test]
fn a_drain_asked_for_during_a_drain_runs_after_it() {
    let mut rig = Rig::greeted(options());
    rig.input(Input::Drain);
    rig.input(Input::Drain);
    rig.answer_sync(&[row("c", 1)]);
    assert!(rig.has_request("/sync"));
    rig.answer_sync(&[row("c", 1), row("c", 2)]);
    assert!(!rig.has_request("/sync"));
    assert_eq!(rig.handle_all(), ["c-1", "c-2"]);
}

#[test]
fn buffered_messages_wait_for_the_next_drain_across_a_reconnect() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.live_message(3);
    rig.handle_all();
    rig.close(Some(1006), "");
    rig.next_socket();
    rig.greet(true);
    rig.advance(Duration::from_secs(3));
    assert!(rig.deliveries.is_empty(), "the drain may still bring 2");
    rig.answer_sync(&[row("c", 2), row("c", 3)]);
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
}

#[test]
fn when_the_buffers_are_full_live_messages_are_shed_and_fetched_later() {
    let mut rig = Rig::greeted(options().buffered_messages(4));
    rig.answer_sync(&[]);
    for seq in 1..=8 {
        rig.live_message(seq);
    }
    assert!(rig.has_event(|e| matches!(e, Event::Shed { .. })));
    assert_eq!(rig.handle_all(), ["c-1", "c-2", "c-3", "c-4"]);
    let rows: Vec<_> = (5..=8).map(|seq| row("c", seq)).collect();
    rig.answer_sync(&rows);
    assert_eq!(rig.handle_all(), ["c-5", "c-6", "c-7", "c-8"]);
}

#[test]
fn rows_in_an_object_are_read_as_older_documents_show_them() {
    let mut rig = Rig::greeted(options());
    rig.answer("/sync", &json!({"envelopes": [row("c", 1)]}));
    assert_eq!(rig.handle_all(), ["c-1"]);
    assert!(rig.has_event(|e| matches!(e, Event::CaughtUp { drained: 1 })));
}

#[test]
fn after_an_answer_that_is_no_page_the_drain_is_tried_again_with_growing_waits() {
    let mut rig = Rig::greeted(options());
    for (body, wait) in [(json!(null), 1), (json!(7), 2), (json!({"rows": []}), 4)] {
        let failures = |rig: &Rig| rig.events.iter().filter(|e| matches!(e, Event::RequestFailed { .. })).count();
        let before = failures(&rig);
        while failures(&rig) == before {
            if rig.has_request("/sync") {
                rig.answer("/sync", &body);
            } else {
                rig.advance(Duration::from_millis(50));
            }
        }
        rig.advance(Duration::from_millis(wait * 750 - 1));
        assert!(!rig.has_request("/sync"), "{body}");
        rig.advance(Duration::from_millis(wait * 500 + 1));
    }
    rig.answer_sync(&[row("c", 1)]);
    assert_eq!(rig.handle_all(), ["c-1"]);
    let failures = rig.events.iter().filter(|e| matches!(e, Event::RequestFailed { purpose: "sync", .. })).count();
    assert_eq!(failures, 3);
}

#[test]
fn rows_without_a_cursor_are_delivered_and_a_full_page_of_them_ends_the_drain() {
    let mut rig = Rig::greeted(options().drain_page(2));
    let bare = |seq: u64| {
        let mut bare = row("c", seq);
        bare["delivery_id"] = json!(null);
        bare
    };
    rig.answer_sync(&[row("c", 1), bare(2)]);
    assert_eq!([rig.handle(), rig.handle()], ["c-1", "c-2"]);
    assert_eq!(rig.answer_ack(), "del_c_1");
    rig.answer_sync(&[bare(3), bare(4)]);
    assert!(rig.has_event(|e| matches!(e, Event::DrainStuck { drained: 4 })));
    assert_eq!(rig.handle_all(), ["c-3", "c-4"]);
    assert_eq!(rig.acks(), ["c-2", "c-3", "c-4"], "without a cursor they are acked by frame");
}

#[test]
fn the_next_page_does_not_wait_for_the_first_to_be_handled() {
    let mut rig = Rig::greeted(options().drain_page(1));
    rig.answer_sync(&[row("a", 1)]);
    rig.answer_sync(&[row("b", 1)]);
    rig.answer_sync(&[]);
    assert_eq!(rig.deliveries.len(), 2);
    assert!(!rig.has_request("/sync/ack"));
}

#[test]
fn a_live_message_that_cannot_be_read_is_fetched_and_can_be_settled() {
    let mut rig = Rig::live();
    for _ in 0..3 {
        rig.frame(json!({"type": "message.new", "payload": {"id": "m", "seq": 4}}));
    }
    assert!(rig.has_event(|e| matches!(e, Event::BadFrame { .. })));
    assert!(rig.deliveries.is_empty() && !rig.has_request("/sync"));
    rig.advance(Duration::from_secs(1));
    rig.answer_sync(&[json!({"id": "m", "seq": 4, "delivery_id": "del_m"})]);
    let delivery = rig.deliveries.remove(0);
    assert!(matches!(delivery.body, DeliveryBody::Unreadable(_)));
    rig.input(Input::Settled { delivery: delivery.token, outcome: Outcome::Discarded { reason: "odd".into() } });
    assert!(rig.has_event(|e| matches!(e, Event::Discarded { discarded: 1, .. })));
    assert_eq!(rig.answer_ack(), "del_m");
    rig.advance(Duration::from_secs(5));
    assert!(!rig.has_request("/sync"), "many cost one drain");
}

#[test]
fn a_frame_that_is_too_large_to_look_at_is_fetched_as_well() {
    let mut rig = Rig::live();
    rig.text("x".repeat(agentchat_engine::limits::FRAME + 1));
    rig.advance(Duration::from_secs(1));
    assert!(rig.has_request("/sync"));
}

#[test]
fn a_drain_that_fails_does_not_hold_up_the_connection() {
    let mut rig = Rig::greeted(options());
    rig.live_message(1);
    rig.live_message(2);
    for _ in 0..4 {
        assert!(rig.deliveries.is_empty(), "order is worth more than speed while REST fails");
        rig.fail("/sync");
        rig.advance(Duration::from_secs(8));
        rig.input(Input::Alive(rig.connection.unwrap()));
    }
    assert_eq!(rig.handle_all(), ["c-1", "c-2"]);
    assert_eq!(rig.session.state(), &ConnectionState::CatchingUp);
}
