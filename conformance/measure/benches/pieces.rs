//! The steps of a message's way through a session, each by itself: `cargo bench -p agentchat-measure`.

use std::cell::RefCell;

use agentchat_engine::types::Row;
use agentchat_measure::frames::{Frames, Order, message};
use agentchat_measure::live::{self, Live};
use divan::Bencher;

/// Messages before the first that is measured: as many ids are remembered then as ever are.
const HANDLED: usize = agentchat_engine::limits::HANDLED_IDS;

/// Conversations that they come from.
const CONVERSATIONS: u64 = 100;

fn main() {
    divan::main();
}

/// A session in which all that grows has grown, and what comes next.
fn steady() -> (RefCell<Live>, RefCell<Frames>) {
    let mut live = Live::new(&live::context(), live::options());
    let mut frames = Frames::new(CONVERSATIONS, Order::Rising);
    for text in frames.by_ref().take(HANDLED) {
        live.round(text);
    }
    live.handle_all();
    (RefCell::new(live), RefCell::new(frames))
}

fn next(frames: &RefCell<Frames>) -> String {
    frames.borrow_mut().next().expect("there is always another")
}

/// A row's header is read.
#[divan::bench]
fn row_header(bencher: Bencher<'_, '_>) {
    let text = message(1, 1, "");
    bencher.bench_local(|| Row::read(divan::black_box(&text)).expect("a row"));
}

/// A row is parsed in full, as by a handler that wants all of it.
#[divan::bench]
fn row_message(bencher: Bencher<'_, '_>) {
    let row = Row::read(&message(1, 1, "")).expect("a row");
    bencher.bench_local(|| divan::black_box(&row).message().expect("a message"));
}

/// A frame arrives and its message is dispatched.
#[divan::bench(sample_count = 20_000, sample_size = 1)]
fn admit(bencher: Bencher<'_, '_>) {
    let (live, frames) = steady();
    let input = || {
        live.borrow_mut().handle_all();
        next(&frames)
    };
    bencher.with_inputs(input).bench_local_values(|text| {
        let mut live = live.borrow_mut();
        live.text(text);
        live.poll();
    });
}

/// A frame whose message was handled before arrives once more.
#[divan::bench(sample_count = 20_000, sample_size = 1)]
fn repeated(bencher: Bencher<'_, '_>) {
    let (live, _) = steady();
    let again = RefCell::new(Frames::new(CONVERSATIONS, Order::Rising));
    let input = || {
        if again.borrow().made() == HANDLED as u64 {
            again.replace(Frames::new(CONVERSATIONS, Order::Rising));
        }
        next(&again)
    };
    bencher.with_inputs(input).bench_local_values(|text| {
        let mut live = live.borrow_mut();
        live.text(text);
        live.poll();
    });
    assert!(!live.borrow_mut().handle(), "none is delivered again");
}

/// A message is settled.
#[divan::bench(sample_count = 20_000, sample_size = 1)]
fn settle(bencher: Bencher<'_, '_>) {
    let (live, frames) = steady();
    let input = || {
        let mut live = live.borrow_mut();
        live.text(next(&frames));
        live.poll();
    };
    bencher.with_inputs(input).bench_local_values(|()| live.borrow_mut().handle());
}

/// What a settlement brings is taken: the ack's text.
#[divan::bench(sample_count = 20_000, sample_size = 1)]
fn ack_text(bencher: Bencher<'_, '_>) {
    let (live, frames) = steady();
    let input = || {
        let mut live = live.borrow_mut();
        live.text(next(&frames));
        live.poll();
        live.handle();
    };
    bencher.with_inputs(input).bench_local_values(|()| live.borrow_mut().poll());
}
