//! What is missing and how it is found: W-10, W-18.

use agentchat_engine::realtime::{Event, GapReason, SeqRange};

use crate::Scene;
use crate::stage::{Stage, ids, options, row};

pub(crate) const SCENES: &[Scene] = &[
    ("w10_a_mark_outlives_idleness", mark),
    ("w18_a_fill_reads_page_after_page", pages),
    ("w18_b_what_history_does_not_have_is_said_to_be_absent", absent),
    ("w18_c_what_arrives_while_history_is_asked_is_not_repeated", natural_arrival),
    ("w18_d_each_of_two_holes_has_its_own_end", two_gaps),
    ("w18_e_after_an_overflow_what_comes_late_is_late", overflow),
    ("w18_f_rows_of_history_are_bounded_as_well", bounded),
    ("w18_g_a_cursor_that_stands_still_ends_the_drain", stuck),
    ("w18b_memory_is_bounded_and_nothing_is_lost", shedding),
];

fn range(first: u64, last: u64) -> SeqRange {
    serde_json::from_value(serde_json::json!({"first": first, "last": last})).unwrap()
}

fn mark() -> String {
    let mut stage = Stage::live();
    stage.push(1);
    stage.push(2);
    assert_eq!(stage.handle_all(), ids([1, 2]));
    stage.pass_ms(3_000);
    stage.push(4);
    assert!(stage.open.is_empty());
    stage.pass_ms(2_000);
    assert_eq!(stage.asked("/messages/conv"), ["limit=200&after_seq=2"]);
    stage.history(&[3, 4]);
    assert_eq!(stage.handle_all(), ids([3, 4]));
    assert!(stage.said(|event| matches!(event, Event::SequenceGap { recovered: true, expected: 3, .. })));
    stage.recording()
}

fn pages() -> String {
    let mut stage = Stage::live();
    stage.push(1);
    stage.push(10);
    assert_eq!(stage.handle(), "conv-1");
    stage.pass_ms(2_000);
    stage.history(&[2, 3, 4]);
    assert_eq!(stage.asked("/messages/conv"), ["limit=200&after_seq=4"], "a short page is not the end");
    stage.history(&[5, 6, 7, 8, 9, 10]);
    assert_eq!(stage.handle_all(), ids(2..=10));
    stage.recording()
}

fn absent() -> String {
    let mut stage = Stage::live();
    stage.push(8);
    stage.push(15);
    assert_eq!(stage.handle(), "conv-8");
    stage.pass_ms(2_000);
    stage.history(&[9, 10, 12, 15]);
    assert_eq!(stage.handle_all(), ids([9, 10, 12, 15]));
    let said = |event: &Event| match event {
        Event::SequenceGap { absent, missing, recovered: true, reason: GapReason::Filled, .. } => {
            *absent == [range(11, 11), range(13, 14)] && missing.is_empty()
        }
        _ => false,
    };
    assert!(stage.said(said), "{:?}", stage.events);
    stage.recording()
}

fn natural_arrival() -> String {
    let mut stage = Stage::live();
    stage.push(1);
    stage.push(3);
    assert_eq!(stage.handle(), "conv-1");
    stage.pass_ms(2_000);
    assert_eq!(stage.asked("/messages/conv").len(), 1);
    stage.push(2);
    assert_eq!(stage.handle_all(), ids([2, 3]));
    if !stage.asked("/messages/conv").is_empty() {
        stage.history(&[2, 3]);
    }
    assert!(stage.open.is_empty());
    stage.recording()
}

fn two_gaps() -> String {
    let mut stage = Stage::live();
    stage.push(1);
    stage.push(3);
    assert_eq!(stage.handle(), "conv-1");
    stage.pass_ms(50);
    stage.push(6);
    stage.push(2);
    assert_eq!(stage.handle_all(), ids([2, 3]));
    stage.pass_ms(290);
    assert!(stage.asked("/messages/conv").is_empty(), "the second gap has a window of its own");
    stage.pass_ms(10);
    stage.history(&[4, 5, 6]);
    assert_eq!(stage.handle_all(), ids([4, 5, 6]));
    assert!(stage.said(|event| matches!(event, Event::SequenceGap { expected: 4, recovered: true, .. })));
    stage.recording()
}

fn overflow() -> String {
    let mut stage = Stage::live();
    stage.push(1);
    assert_eq!(stage.handle(), "conv-1");
    (3..=503).for_each(|seq| stage.push(seq));
    assert!(stage.said(|event| matches!(event, Event::SequenceGap { reason: GapReason::Overflow, .. })));
    stage.push(504);
    assert_eq!(stage.handle(), "conv-3");
    stage.push(2);
    stage.pass_ms(10_000);
    // What is late is offered, and is no reason to wait again.
    let late = (0..503).find(|_| stage.open[0].late || stage.handle().is_empty());
    assert!(late.is_some() && stage.handle() == "conv-2");
    assert!(stage.asked("/messages/conv").is_empty());
    stage.recording()
}

fn bounded() -> String {
    let mut stage = Stage::greeted(options().buffered_messages(4));
    stage.sync(&[]);
    stage.push(1);
    assert_eq!(stage.handle(), "conv-1");
    stage.push(9);
    stage.pass_ms(2_000);
    stage.history(&[2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(stage.buffered(), 4, "three of them fit beside the one that waits");
    let said = |event: &Event| match event {
        Event::SequenceGap { missing, recovered: false, reason: GapReason::Overflow, .. } => *missing == [range(5, 8)],
        _ => false,
    };
    assert!(stage.said(said), "{:?}", stage.events);
    assert_eq!(stage.handle_all(), ids([2, 3, 4, 9]));
    // The platform has the others.
    stage.sync(&[5, 6, 7, 8].map(|seq| row("conv", seq)));
    assert!(stage.open[0].late);
    assert_eq!(stage.handle_all(), ids(5..=8));
    stage.recording()
}

fn stuck() -> String {
    let mut stage = Stage::greeted(options().drain_page(2));
    let page = [row("a", 1), row("b", 1)];
    stage.sync(&page);
    stage.sync(&page);
    assert!(stage.asked("/sync").is_empty(), "it would go on for ever");
    assert!(stage.said(|event| matches!(event, Event::DrainStuck { .. })));
    stage.recording()
}

fn shedding() -> String {
    let mut stage = Stage::greeted(options().buffered_messages(4));
    stage.sync(&[]);
    (1..=8).for_each(|seq| stage.push(seq));
    assert!(stage.said(|event| matches!(event, Event::Shed { .. })));
    let handled = stage.handle_all();
    let next = handled.len() as u64 + 1;
    assert_eq!(handled, ids(1..next), "in order, as far as there was room");
    let rest: Vec<_> = (next..=8).map(|seq| row("conv", seq)).collect();
    stage.sync(&rest);
    assert_eq!(stage.handle_all(), ids(next..=8));
    stage.recording()
}
