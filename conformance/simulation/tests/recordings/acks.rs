//! What is acked, and when: W-11, W-12, W-14, W-15, W-16, W-27.

use agentchat_engine::realtime::{ConnectionState, Event, Input};

use crate::Scene;
use crate::stage::{Stage, ids, options, row};

pub(crate) const SCENES: &[Scene] = &[
    ("w11_a_failed_row_holds_the_cursor", failed_row),
    ("w12_a_waiting_row_is_not_acked_and_survives_a_cut", waiting_row),
    ("w12b_a_poison_row_stops_nobody_else", poison_row),
    ("w14_a_drain_does_not_ack_what_failed_live", failed_live),
    ("w14b_a_repeat_after_a_failure_is_handled_and_a_lost_ack_is_said_again", lost_ack),
    ("w15_without_a_consumer_nothing_is_acked", no_consumer),
    ("w16_an_ack_that_could_not_be_sent_goes_out_later", outbox),
    ("w27_a_close_waits_for_the_handler_and_sends_its_ack", close),
];

fn failed_row() -> String {
    let mut stage = Stage::greeted(options());
    stage.sync(&[row("a", 1), row("b", 1), row("c", 1)]);
    assert_eq!(stage.handle(), "a-1");
    assert_eq!(stage.cursor(), "del_a_1");
    assert_eq!(stage.fail(), "b-1");
    assert_eq!(stage.handle(), "c-1");
    assert_eq!(stage.acked, ["c-1"], "by frame, because the cursor may not pass b-1");
    assert!(stage.asked("/sync/ack").is_empty());
    stage.pass_ms(1_000);
    assert_eq!(stage.handle(), "b-1");
    stage.recording()
}

fn waiting_row() -> String {
    let mut stage = Stage::greeted(options());
    stage.sync(&[row("conv", 1), row("conv", 3)]);
    assert_eq!(stage.open.len(), 1, "3 waits for 1");
    stage.reconnect(true);
    assert!(stage.acked.is_empty() && stage.asked("/sync/ack").is_empty());
    stage.sync(&[row("conv", 1), row("conv", 3)]);
    assert_eq!(stage.open.len(), 1, "1 is being handled, and is not started again");
    assert_eq!(stage.handle_all(), ids([1, 3]));
    stage.recording()
}

fn poison_row() -> String {
    let mut stage = Stage::greeted(options());
    stage.sync(&[row("poison", 1), row("conv", 1), row("conv", 2)]);
    assert_eq!(stage.fail(), "poison-1");
    assert_eq!(stage.handle_all(), ids([1, 2]));
    assert_eq!(stage.acked, ids([1, 2]));
    for wait in [1_000, 5_000, 30_000] {
        stage.pass_ms(wait);
        assert_eq!(stage.fail(), "poison-1");
    }
    assert!(stage.said(|event| matches!(event, Event::GaveUp { attempts: 4, .. })));
    stage.pass_ms(60_000);
    assert!(stage.open.is_empty());
    stage.recording()
}

fn failed_live() -> String {
    let mut stage = Stage::live();
    stage.push(5);
    assert_eq!(stage.fail(), "conv-5");
    stage.input(Input::Drain);
    stage.sync(&[row("conv", 5)]);
    assert!(stage.acked.is_empty() && stage.asked("/sync/ack").is_empty());
    stage.pass_ms(1_000);
    assert_eq!(stage.handle(), "conv-5");
    assert!(!stage.acked.is_empty() || !stage.asked("/sync/ack").is_empty());
    stage.recording()
}

fn lost_ack() -> String {
    let mut stage = Stage::live();
    stage.push(5);
    assert_eq!(stage.fail(), "conv-5");
    stage.push(5);
    stage.pass_ms(1_000);
    assert_eq!(stage.handle(), "conv-5");
    assert_eq!(stage.acked, ids([5]));
    stage.push(5);
    assert!(stage.open.is_empty(), "handled is handled");
    assert_eq!(stage.acked, ids([5, 5]));
    stage.recording()
}

fn no_consumer() -> String {
    let mut stage = Stage::empty(options());
    stage.input(Input::Start { api_key: None });
    stage.greet(true);
    stage.sync(&[row("conv", 1)]);
    stage.push(2);
    stage.pass_ms(10_000);
    assert!(stage.open.is_empty() && stage.acked.is_empty() && stage.asked("/sync/ack").is_empty());
    stage.input(Input::Consumer(true));
    assert_eq!(stage.handle_all(), ids([1, 2]));
    assert_eq!((stage.cursor().as_str(), &stage.acked), ("del_conv_1", &ids([2])));
    stage.recording()
}

fn outbox() -> String {
    let mut stage = Stage::live();
    stage.push(1);
    stage.close(None, "");
    assert_eq!(stage.handle(), "conv-1");
    assert!(stage.acked.is_empty());
    stage.next_socket();
    stage.greet(true);
    assert_eq!(stage.acked, ids([1]));
    stage.recording()
}

fn close() -> String {
    let mut stage = Stage::live();
    stage.push(1);
    stage.input(Input::Close);
    assert_eq!(stage.state(), &ConnectionState::Closing);
    stage.pass_ms(3_000);
    assert_eq!(stage.handle(), "conv-1");
    assert_eq!((&stage.acked, &stage.closes), (&ids([1]), &vec![1_000]));
    assert!(stage.said(|event| matches!(event, Event::Closed { unsettled: 0 })));
    stage.recording()
}
