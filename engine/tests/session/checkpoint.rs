//! A restart of the process from a checkpoint: nothing lost, repeated or out of order.

use std::time::Duration;

use agentchat_engine::limits;
use agentchat_engine::realtime::{Checkpoint, Event, Input, Outcome};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::rig::{Rig, message, options, row};

#[test]
fn what_was_handled_but_not_acked_is_acked_and_not_offered_again() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.close(Some(1006), "");
    rig.handle();
    let mut rig = rig.restarted();
    assert_eq!(rig.acks(), ["c-1"], "the pending ack goes out after hello.ok");
    rig.live_message(1);
    rig.answer_sync(&[row("c", 1), row("c", 2)]);
    assert_eq!(rig.handle_all(), ["c-2"]);
    assert_eq!(rig.acks(), ["c-1"], "the repeat is acked again, silently");
    assert_eq!(rig.answer_ack(), "del_c_2", "one commit for both rows");
}

#[test]
fn what_was_handled_behind_a_stuck_row_is_not_offered_again() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("a", 1), row("b", 1)]);
    rig.deliveries.remove(0);
    rig.handle();
    let mut rig = rig.restarted();
    rig.answer_sync(&[row("a", 1), row("b", 1)]);
    assert_eq!(rig.handle_all(), ["a-1"]);
    assert_eq!(rig.answer_ack(), "del_b_1");
}

#[test]
fn what_was_not_settled_is_offered_again_in_order() {
    let mut rig = Rig::live();
    for seq in 1..=4 {
        rig.live_message(seq);
    }
    rig.handle();
    let mut rig = rig.restarted();
    rig.live_message(3);
    rig.live_message(4);
    rig.live_message(5);
    assert!(rig.deliveries.is_empty(), "2 was in flight and is still to come");
    rig.answer_sync(&[row("c", 2), row("c", 3), row("c", 4)]);
    assert!(!rig.deliveries[0].late, "offered before the restart, and not late");
    assert_eq!(rig.deliveries[0].attempt, 1, "a restart is often the cure");
    assert_eq!(rig.handle_all(), ["c-2", "c-3", "c-4", "c-5"]);
}

#[test]
fn the_mark_survives_a_restart() {
    let mut rig = Rig::live();
    for seq in [1, 2] {
        rig.live_message(seq);
    }
    rig.handle_all();
    let mut rig = rig.restarted();
    rig.answer_sync(&[]);
    rig.live_message(4);
    assert!(rig.deliveries.is_empty(), "3 is missing");
    rig.live_message(3);
    assert_eq!(rig.handle_all(), ["c-3", "c-4"]);
    rig.live_message(1);
    assert!(rig.deliveries.is_empty());
}

#[test]
fn a_gap_below_the_mark_survives_a_restart_and_what_fills_it_is_late() {
    let mut rig = Rig::greeted(options().fill_gaps(false));
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.live_message(3);
    rig.advance(Duration::from_secs(2));
    assert_eq!(rig.handle_all(), ["c-1", "c-3"]);
    let mut rig = rig.restarted();
    rig.answer_sync(&[]);
    rig.live_message(4);
    assert!(!rig.deliveries[0].late, "the gap was given up and is not waited for again");
    rig.live_message(2);
    rig.handle();
    assert!(rig.deliveries[0].late);
    assert_eq!(rig.handle_all(), ["c-2"]);
}

#[test]
fn what_was_settled_above_the_lowest_unsettled_seq_is_not_waited_for() {
    let mut rig = Rig::greeted(options().redelivery(vec![]));
    rig.answer_sync(&[]);
    for seq in 1..=3 {
        rig.live_message(seq);
    }
    rig.handle();
    rig.fail_delivery();
    rig.handle();
    rig.live_message(2);
    assert!(rig.deliveries[0].late, "given up, and brought back");
    let mut rig = rig.restarted();
    rig.answer_sync(&[row("c", 2)]);
    rig.live_message(4);
    assert_eq!(rig.handle_all(), ["c-2", "c-4"]);
    assert!(!rig.has_event(|e| matches!(e, Event::GaveUp { .. } | Event::SequenceGap { .. })));
}

#[test]
fn own_seqs_survive_a_restart() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.handle();
    rig.input(Input::Sent { conversation_id: "c".into(), seq: 3 });
    rig.input(Input::Sent { conversation_id: "new".into(), seq: 1 });
    let mut rig = rig.restarted();
    rig.answer_sync(&[]);
    rig.live_message(2);
    rig.live_message(4);
    assert_eq!(rig.handle_all(), ["c-2", "c-4"]);
}

#[test]
fn rows_that_cannot_be_read_stay_handled() {
    let (with_cursor, without) = (json!({"delivery_id": "del_bad"}), json!({"nothing": true}));
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("c", 1), with_cursor.clone(), without.clone()]);
    for delivery in rig.deliveries.split_off(1) {
        rig.input(Input::Settled { delivery: delivery.token, outcome: Outcome::Discarded { reason: "odd".into() } });
    }
    let mut rig = rig.restarted();
    rig.answer_sync(&[row("c", 1), with_cursor, without]);
    assert_eq!(rig.handle_all(), ["c-1"]);
    assert_eq!(rig.answer_ack(), "del_bad");
}

#[test]
fn a_commit_that_was_under_way_is_made_again() {
    let mut rig = Rig::greeted(options());
    rig.answer_sync(&[row("c", 1)]);
    rig.handle();
    assert!(rig.has_request("/sync/ack"));
    let mut rig = rig.restarted();
    rig.answer_sync(&[row("c", 1)]);
    assert!(rig.deliveries.is_empty());
    assert_eq!(rig.answer_ack(), "del_c_1");
}

#[test]
fn a_second_restart_knows_what_the_first_session_knew() {
    let mut rig = Rig::live();
    for seq in [1, 2] {
        rig.live_message(seq);
        rig.handle();
    }
    let once = rig.stored();
    let rig = rig.restarted();
    // The pending acks were sent again, and that is all that has changed.
    assert_eq!(rig.stored(), once);
}

#[test]
fn recent_ids_and_unconfirmed_ones_are_kept_and_no_others() {
    let mut rig = Rig::greeted(options().drain_page(500));
    rig.answer_sync(&[row("stuck", 1), row("behind", 1)]);
    let stuck = rig.deliveries.remove(0);
    rig.handle();
    let many = limits::CHECKPOINT_IDS as u64 + 100;
    for seq in 1..=many {
        rig.live_message(seq);
        rig.handle();
        rig.sent.clear();
    }
    let stored: Value = serde_json::from_str(&rig.stored()).unwrap();
    let handled = stored["handled"].as_array().unwrap();
    assert_eq!(handled.len(), limits::CHECKPOINT_IDS + 1);
    assert_eq!(handled[0], "behind-1", "the cursor has not passed it");
    assert_eq!(handled.last().unwrap(), &json!(format!("c-{many}")));
    rig.input(Input::Settled { delivery: stuck.token, outcome: Outcome::Handled });
    rig.answer_ack();
    let stored: Value = serde_json::from_str(&rig.stored()).unwrap();
    assert_eq!(stored["handled"].as_array().unwrap().len(), limits::CHECKPOINT_IDS);
}

#[test]
fn a_checkpoint_holds_no_secret_and_nothing_of_a_message() {
    let mut rig = Rig::live();
    let mut private = message("c", 1);
    private["content"] = json!({"text": "private words"});
    rig.frame(json!({"type": "message.new", "payload": private}));
    rig.live_message(2);
    rig.handle();
    let stored = rig.stored();
    assert!(!stored.contains("ac_key") && !stored.contains("private") && !stored.contains("alice"), "{stored}");
    assert_eq!(
        serde_json::from_str::<Value>(&stored).unwrap(),
        json!({"format": "agentchat-checkpoint", "version": 1, "legacy": false, "handled": ["c-1"],
            "conversations": [{"id": "c", "mark": 2, "offered": 2}]})
    );
}

#[test]
fn a_stored_lie_can_make_messages_late_and_lose_none() {
    let lie = r#"{"format":"agentchat-checkpoint","version":1,
        "conversations":[{"id":"c","mark":9007199254740992,"offered":9007199254740991,"seen":[[1,9007199254740991]]}]}"#;
    let mut rig = Rig::live().restart(lie);
    rig.answer_sync(&[row("c", 1)]);
    rig.live_message(2);
    rig.live_message(9_007_199_254_740_991);
    assert_eq!(rig.handle_all(), ["c-1", "c-2", "c-9007199254740991"]);
    assert!(Checkpoint::from_json(&rig.stored()).is_ok());
}

#[test]
fn settling_for_good_makes_a_stored_checkpoint_old() {
    let mut rig = Rig::live();
    assert_eq!(rig.session.checkpoint_revision(), 0);
    rig.live_message(1);
    rig.fail_delivery();
    assert_eq!(rig.session.checkpoint_revision(), 0);
    rig.advance(Duration::from_secs(1));
    rig.handle();
    assert_eq!(rig.session.checkpoint_revision(), 1);
}

#[test]
fn a_resumed_session_forgets_the_quietest_conversation_first() {
    let mut rig = Rig::live();
    for n in 0..limits::REMEMBERED_CONVERSATIONS {
        rig.frame(json!({"type": "message.new", "payload": message(&format!("room-{n}"), 1)}));
        rig.handle_all();
        rig.sent.clear();
    }
    let mut rig = rig.restarted();
    rig.answer_sync(&[]);
    rig.frame(json!({"type": "message.new", "payload": message("another", 1)}));
    rig.handle_all();
    let forgotten =
        |e: &Event| matches!(e, Event::MarkForgotten { conversation_id } if conversation_id.as_str() == "room-0");
    assert!(rig.has_event(forgotten), "{:?}", rig.events.last());
}

/// A checkpoint with something in every member.
fn busy() -> String {
    let mut rig = Rig::idle(options());
    rig.input(Input::Consumer(true));
    rig.input(Input::Start { api_key: None });
    rig.greet(false);
    rig.answer_sync(&[row("a", 1), json!({"delivery_id": "del_bad"}), json!({"nothing": true}), row("b", 4)]);
    for seq in [1, 2, 5, 9] {
        rig.live_message(seq);
    }
    rig.input(Input::Sent { conversation_id: "c".into(), seq: 12 });
    rig.close(Some(1006), "");
    rig.handle_all();
    rig.stored()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever a stored checkpoint was turned into, it is an error or a checkpoint, and a session goes on from it.
    #[test]
    fn a_mutilated_checkpoint_is_an_error_or_harmless(
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), "[0-9a-z\"\\[\\]{}:,.-]{0,3}", 0_usize..4), 1..4)
    ) {
        let mut text = busy();
        for (at, insert, remove) in edits {
            let at = at.index(text.len());
            text.replace_range(at..(at + remove).min(text.len()), &insert);
        }
        if let Ok(checkpoint) = Checkpoint::from_json(&text) {
            let again = Checkpoint::from_json(&checkpoint.to_json());
            prop_assert_eq!(again.as_ref(), Ok(&checkpoint));
            let mut rig = Rig::live().restart(&text);
            rig.answer_sync(&[row("a", 2), row("c", 3)]);
            for seq in 1..=12 {
                rig.live_message(seq);
            }
            rig.advance(Duration::from_secs(40));
            rig.handle_all();
            prop_assert!(Checkpoint::from_json(&rig.stored()).is_ok());
        }
    }
}

/// A process that is killed has settled more than its last checkpoint says. The drain does not bring that again, for it was
/// acked; history does, once the conversation goes on.
#[test]
fn what_was_acked_after_the_last_checkpoint_is_not_offered_again() {
    let with_status = |seq: u64, status: &str| {
        let mut row = message("c", seq);
        row["status"] = json!(status);
        row
    };
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.handle_all();
    let stored = rig.stored();
    rig.live_message(2);
    rig.live_message(3);
    rig.handle_all();
    let mut rig = rig.restart(&stored);
    rig.answer_sync(&[]);
    rig.live_message(6);
    rig.until_request("/messages/c");
    let rows = [with_status(2, "delivered"), with_status(3, "read"), with_status(4, "stored"), message("c", 5)];
    rig.answer("/messages/c", &json!(rows));
    assert_eq!(rig.handle_all(), ["c-4", "c-5", "c-6"]);

    // Later gaps are this process's own: whatever the platform says of them, nobody here has seen them.
    rig.live_message(9);
    rig.until_request("/messages/c");
    rig.answer("/messages/c", &json!([with_status(7, "delivered"), message("c", 8)]));
    assert_eq!(rig.handle_all(), ["c-7", "c-8", "c-9"]);
}

#[test]
fn a_checkpoint_is_old_as_soon_as_the_platform_takes_no_acks() {
    let mut rig = Rig::live();
    let before = rig.session.checkpoint_revision();
    rig.close(Some(1006), "");
    rig.next_socket();
    rig.greet(false);
    assert!(rig.session.checkpoint_revision() > before);
    let stored = rig.stored();
    rig.answer_sync(&[]);
    rig.live_message(1);
    let mut rig = rig.restart(&stored);
    rig.answer_sync(&[]);
    rig.live_message(2);
    rig.handle_all();
    rig.close(Some(1006), "");
    rig.next_socket();
    rig.greet(true);
    rig.answer_sync(&[]);
    rig.live_message(4);
    rig.until_request("/messages/c");
    let mut written = message("c", 3);
    written["status"] = json!("delivered");
    rig.answer("/messages/c", &json!([written, message("c", 4)]));
    assert_eq!(rig.handle_all(), ["c-3", "c-4"], "written to a socket is not handled");
}

/// The same where a message that failed is brought by the drain, and moves the mark.
#[test]
fn what_was_acked_behind_one_that_failed_is_not_offered_again_either() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.handle_all();
    let mut rig = rig.restarted();
    rig.answer_sync(&[row("c", 2)]);
    assert_eq!(rig.handle_all(), ["c-2"]);
    rig.live_message(5);
    rig.until_request("/messages/c");
    let mut rows = [message("c", 3), message("c", 4)];
    rows[0]["status"] = json!("delivered");
    rig.answer("/messages/c", &json!(rows));
    assert_eq!(rig.handle_all(), ["c-4", "c-5"]);
}

/// Without acks "delivered" says that it was written to a socket, and no more.
#[test]
fn without_acks_what_history_calls_delivered_is_offered() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.handle_all();
    let stored = rig.stored();
    let mut rig = rig.restart_legacy(&stored);
    rig.answer_sync(&[]);
    rig.live_message(3);
    rig.until_request("/messages/c");
    let mut row = message("c", 2);
    row["status"] = json!("delivered");
    rig.answer("/messages/c", &json!([row]));
    assert_eq!(rig.handle_all(), ["c-2", "c-3"]);
}
