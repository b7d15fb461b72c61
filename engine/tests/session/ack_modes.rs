//! One connection takes acks and the next takes none: what was shed or given up is asked of the platform by a drain, and of
//! history once no drain brings it.

use agentchat_engine::realtime::Input;

use crate::legacy::{HISTORY, asked_after, history, small};
use crate::rig::{Rig, options, row};

/// With acks, 5 to 8 are shed, and 1 to 4 handled; the drain that is to bring them is under way.
fn shed_with_acks() -> Rig {
    let mut rig = Rig::greeted(small());
    rig.answer_sync(&[]);
    for seq in 1..=8 {
        rig.live_message(seq);
    }
    rig.handle_all();
    rig
}

/// Loses the socket; the next one takes no acks.
pub(crate) fn reconnect_without_acks(rig: &mut Rig, code: Option<u16>) {
    rig.close(code, "");
    rig.next_socket();
    rig.greet(false);
}

#[test]
fn with_acks_the_platform_is_asked_and_history_is_not() {
    let mut rig = shed_with_acks();
    assert!(rig.has_request("/sync") && !rig.has_request(HISTORY));
    rig.answer_sync(&[row("c", 5), row("c", 6), row("c", 7), row("c", 8)]);
    assert_eq!(rig.handle_all(), ["c-5", "c-6", "c-7", "c-8"]);
    reconnect_without_acks(&mut rig, Some(1006));
    assert!(!rig.has_request(HISTORY), "all of it has come");
}

#[test]
fn what_was_shed_with_acks_is_fetched_from_history_by_a_connection_that_takes_none() {
    let mut rig = shed_with_acks();
    reconnect_without_acks(&mut rig, Some(1006));
    // The platform writes its backlog to the new socket, and 5 and 7 are lost with it.
    rig.live_message(6);
    rig.live_message(8);
    assert_eq!(asked_after(&rig), "limit=200&after_seq=4");
    history(&mut rig, 5..=8);
    rig.answer_sync(&[]);
    assert_eq!(rig.handle_all(), ["c-5", "c-6", "c-7", "c-8"]);
}

#[test]
fn what_was_shed_with_acks_is_fetched_by_the_next_process_if_it_gets_none() {
    let rig = shed_with_acks();
    let mut rig = Rig::resuming(options(), Some(rig.session.checkpoint()));
    rig.input(Input::Consumer(true));
    rig.input(Input::Start { api_key: None });
    rig.greet(false);
    rig.answer_sync(&[]);
    history(&mut rig, 5..=8);
    assert_eq!(rig.handle_all(), ["c-5", "c-6", "c-7", "c-8"]);
}

#[test]
fn what_a_drain_with_acks_does_not_bring_is_not_missing() {
    let mut rig = shed_with_acks();
    // 7 is shed again while the drain is under way, which may have passed it.
    for seq in [5, 6, 7, 8, 7] {
        rig.live_message(seq);
    }
    rig.answer_sync(&[]);
    assert_eq!(rig.handle_all(), ["c-5", "c-6", "c-7", "c-8"]);
    assert!(!rig.stored().contains("owed"));

    let mut rig = shed_with_acks();
    rig.answer_sync(&[]);
    assert!(!rig.stored().contains("owed"), "another process has handled them");
    reconnect_without_acks(&mut rig, Some(1006));
    assert!(!rig.has_request(HISTORY));
}

#[test]
fn what_is_shed_during_a_drain_may_not_be_in_it() {
    let mut rig = Rig::greeted(small());
    for seq in 1..=6 {
        rig.live_message(seq);
    }
    rig.answer_sync(&[]);
    rig.handle_all();
    reconnect_without_acks(&mut rig, Some(1006));
    assert_eq!(asked_after(&rig), "limit=200&after_seq=2", "half of the room is the drain's");
}

#[test]
fn what_was_given_up_with_acks_is_fetched_from_history_by_a_connection_that_takes_none() {
    let mut rig = Rig::greeted(options().redelivery(vec![]));
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.fail_delivery();
    reconnect_without_acks(&mut rig, Some(1006));
    rig.answer_sync(&[]);
    history(&mut rig, [1]);
    assert_eq!(rig.deliveries[0].attempt, 2);
}

#[test]
fn a_checkpoint_that_does_not_say_so_is_of_a_platform_without_acks_if_anything_is_missing() {
    for (legacy, asks) in [("", true), (r#""legacy":true,"#, true), (r#""legacy":false,"#, false)] {
        let stored = format!(
            r#"{{"format":"agentchat-checkpoint","version":1,{legacy}"conversations":[{{"id":"c","mark":4,"owed":[[2,3]]}}]}}"#
        );
        let rig = Rig::live().restart(&stored);
        assert_eq!(rig.has_request(HISTORY), asks, "{stored}");
    }
}
