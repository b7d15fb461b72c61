//! In which order, and how often: W-08, W-09, W-13, W-17, W-19, W-28, W-29.

use agentchat_engine::realtime::{Event, Input};

use crate::Scene;
use crate::stage::{Stage, ids, options, row};

pub(crate) const SCENES: &[Scene] = &[
    ("w08_an_own_send_is_no_gap", own_send),
    ("w09_rows_of_a_sync_open_no_gaps", sparse_rows),
    ("w13_a_live_message_waits_for_the_drain", live_beats_drain),
    ("w17_one_at_a_time_and_never_twice_at_once", one_at_a_time),
    ("w19_one_drain_at_a_time", one_drain),
    ("w28_what_waits_survives_a_cut_without_acks", legacy),
    ("w29_an_implausible_seq_moves_no_mark", poison_seq),
];

fn own_send() -> String {
    let mut stage = Stage::live();
    stage.push(1);
    assert_eq!(stage.handle(), "conv-1");
    stage.input(Input::Sent { conversation_id: "conv".into(), seq: 2 });
    stage.push(3);
    assert_eq!(stage.handle(), "conv-3", "at once");
    stage.pass_ms(10_000);
    assert!(stage.asked("/messages/conv").is_empty());
    stage.recording()
}

fn sparse_rows() -> String {
    let mut stage = Stage::greeted(options());
    stage.sync(&[row("conv", 10), row("conv", 50)]);
    assert_eq!(stage.handle_all(), ids([10, 50]));
    stage.pass_ms(10_000);
    assert!(stage.asked("/messages/conv").is_empty());
    assert!(!stage.said(|event| matches!(event, Event::SequenceGap { .. })));
    stage.recording()
}

fn live_beats_drain() -> String {
    let mut stage = Stage::greeted(options());
    stage.push(12);
    assert!(stage.open.is_empty());
    stage.sync(&[row("conv", 10), row("conv", 11)]);
    assert_eq!(stage.handle_all(), ids([10, 11, 12]));
    stage.recording()
}

fn one_at_a_time() -> String {
    let mut stage = Stage::live();
    stage.push(1);
    stage.push(3);
    stage.push(1);
    stage.pass_ms(50);
    stage.push(2);
    assert_eq!(stage.open.len(), 1, "1 is being handled");
    stage.pass_ms(10_000);
    assert_eq!(stage.handle_all(), ids([1, 2, 3]));
    assert!(stage.asked("/messages/conv").is_empty(), "2 came by itself, however long 1 takes");
    stage.recording()
}

fn one_drain() -> String {
    let mut stage = Stage::greeted(options());
    stage.input(Input::Drain);
    stage.input(Input::Drain);
    assert_eq!(stage.asked("/sync").len(), 1);
    stage.sync(&[row("conv", 1)]);
    assert_eq!(stage.asked("/sync").len(), 1, "the one that was asked for meanwhile");
    stage.sync(&[row("conv", 1)]);
    assert_eq!(stage.open.len(), 1);
    assert!(stage.asked("/sync/ack").is_empty(), "it is still being handled");
    assert_eq!(stage.handle_all(), ids([1]));
    assert_eq!(stage.cursor(), "del_conv_1");
    stage.recording()
}

fn legacy() -> String {
    let mut stage = Stage::empty(options());
    stage.input(Input::Consumer(true));
    stage.input(Input::Start { api_key: None });
    stage.greet(false);
    stage.sync(&[]);
    stage.push(1);
    stage.push(3);
    assert_eq!(stage.handle_all(), ids([1]));
    stage.pass_ms(20);
    stage.reconnect(false);
    stage.sync(&[]);
    stage.pass_ms(5_000);
    stage.history(&[]);
    assert_eq!(stage.handle_all(), ids([3]), "the platform counts it as delivered: nobody else has it");
    stage.recording()
}

fn poison_seq() -> String {
    const FAR: u64 = 1_000_000_000_000_000;
    let mut stage = Stage::live();
    stage.push(1);
    stage.push(FAR);
    stage.push(2);
    assert_eq!(stage.handle_all(), ids([1, FAR, 2]));
    assert!(stage.said(|event| matches!(event, Event::ImplausibleSeq { seq: FAR, .. })));
    stage.push(3);
    assert_eq!(stage.handle_all(), ids([3]));
    stage.recording()
}
