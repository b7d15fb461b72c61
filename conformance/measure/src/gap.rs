//! A gap of a conversation, filled from history, against the same messages in order.

use bytes::Bytes;

use super::clock::spent;
use super::compare::compare;
use super::frames::{conversation_id, frame, message};
use super::live::{self, Live};
use super::{Effort, Figure, Measured, Measurement};

pub(crate) const GAP: Measurement = Measurement { name: "gap_500", baseline: "the same in order", run: gap };

/// Messages that are missing at first.
const MISSING: u64 = 500;

/// How often time may pass before a session must have asked for history.
const WAITS: usize = 100;

fn gap(effort: Effort) -> Measured {
    let conversations = effort.of(50);
    let messages = conversations as u64 * (MISSING + 2);
    let cx = live::context();
    let (mut gaps, mut whole) = (Live::new(&cx, live::options()), Live::new(&cx, live::options()));
    let (mut next_gap, mut next_whole) = (0.., 0..);
    let compared = compare(
        effort.rounds(),
        || {
            let each = next_gap.by_ref().take(conversations).map(|conversation| with_gap(&mut gaps, conversation));
            each.sum::<f64>() / messages as f64
        },
        || {
            let each = next_whole.by_ref().take(conversations).map(|conversation| in_order(&mut whole, conversation));
            each.sum::<f64>() / messages as f64
        },
    );
    if gaps.handled != whole.handled {
        return Err(format!("{} and {} were handled", gaps.handled, whole.handled).into());
    }
    let what = format!(
        "{:.2} against {:.2} us of CPU a message of {MISSING} that were missing",
        compared.ours * 1e6,
        compared.baseline * 1e6
    );
    Ok(vec![Figure::new(compared.cost, "CPU", what)])
}

/// Seconds of CPU for a conversation of which the first and the last message arrive, and the others are fetched.
fn with_gap(live: &mut Live, conversation: u64) -> f64 {
    let last = MISSING + 2;
    let (first_text, last_text) = (frame(conversation, 1), frame(conversation, last));
    let rows: Vec<String> = (2..=last).map(|seq| message(conversation, seq, "")).collect();
    let arrival = spent(|| {
        live.round(first_text);
        live.round(last_text);
        live.handle_all();
    });
    let filling = fill(live, conversation, &rows);
    (arrival + filling).as_secs_f64()
}

/// CPU time until all that is missing was handled. What history answers is made beside it.
fn fill(live: &mut Live, conversation: u64, rows: &[String]) -> std::time::Duration {
    let mut cpu = std::time::Duration::ZERO;
    let history = format!("/{}", conversation_id(conversation));
    let until = live.handled + rows.len();
    for _ in 0..WAITS {
        if live.handled == until {
            break;
        }
        match live.request() {
            Some((request, http)) => {
                assert!(http.uri().path().ends_with(&history), "history is asked for");
                let seq = |name| live::parameter(&http, name).and_then(|value| value.parse::<usize>().ok());
                let after = seq("after_seq").expect("where the gap begins");
                let limit = seq("limit").expect("a page's size");
                let page: Vec<&str> = rows.iter().skip(after - 1).take(limit).map(String::as_str).collect();
                let body = Bytes::from(format!("[{}]", page.join(",")));
                cpu += spent(|| {
                    live.answer(request, body);
                    live.poll();
                    live.handle_all();
                });
            }
            None => cpu += spent(|| live.wait()),
        }
    }
    cpu
}

/// Seconds of CPU for a conversation whose messages arrive one after another.
fn in_order(live: &mut Live, conversation: u64) -> f64 {
    let batch: Vec<String> = (1..=MISSING + 2).map(|seq| frame(conversation, seq)).collect();
    let arrival = spent(|| {
        for text in batch {
            live.round(text);
        }
        live.handle_all();
    });
    arrival.as_secs_f64()
}
