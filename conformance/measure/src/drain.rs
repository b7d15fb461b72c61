//! A backlog: rows of the sync, handled, and their cursor committed.

use std::hint::black_box;

use bytes::Bytes;

use super::clock::spent;
use super::compare::compare;
use super::frames::row;
use super::ingest::CONVERSATIONS;
use super::live::{self, Live};
use super::{Effort, Figure, Measured, Measurement, typed};

pub(crate) const DRAIN: Measurement =
    Measurement { name: "drain_10k", baseline: "typed parse of the same pages", run: drain };

/// Rows a page, by default.
const PAGE: usize = agentchat_engine::limits::DRAIN_PAGE as usize;

/// As the sync answers: full pages, and an empty one at the end.
fn pages(rows: usize) -> Vec<Bytes> {
    let rows: Vec<String> =
        (0..rows as u64).map(|number| row(number % CONVERSATIONS, number / CONVERSATIONS + 1, number)).collect();
    let full = rows.chunks(PAGE).map(|page| Bytes::from(format!("[{}]", page.join(","))));
    full.chain([Bytes::from_static(b"[]")]).collect()
}

fn drain(effort: Effort) -> Measured {
    let rows = effort.of(10_000).next_multiple_of(PAGE);
    let pages = pages(rows);
    let cx = live::context();
    let mut drained = Ok(());
    let compared = compare(
        effort.rounds(),
        || {
            let mut live = Live::greeted(&cx, live::options());
            let mut left = pages.iter().cloned();
            let cpu = spent(|| while live.handled < rows && advance(&mut live, &mut left) {});
            // The last commit, and the sync's end.
            while advance(&mut live, &mut left) {}
            if live.handled != rows {
                drained = Err(format!("of {rows} rows {} were handled", live.handled));
            }
            cpu.as_secs_f64() / rows as f64
        },
        || {
            let parse = |page| black_box(serde_json::from_slice::<Vec<typed::Message>>(page).expect("rows"));
            spent(|| pages.iter().for_each(|page| drop(parse(page)))).as_secs_f64() / rows as f64
        },
    );
    drained?;
    let what = format!("{:.2} against {:.2} us of CPU a row", compared.ours * 1e6, compared.baseline * 1e6);
    Ok(vec![Figure::new(compared.rate(), "rows/s", what)])
}

/// Answers what the session asks, or lets time pass until it does; whether there was more to do.
fn advance(live: &mut Live, pages: &mut impl Iterator<Item = Bytes>) -> bool {
    let (request, http) = match live.request() {
        Some(asked) => asked,
        None => {
            live.wait();
            match live.request() {
                Some(asked) => asked,
                None => return false,
            }
        }
    };
    let body = if http.uri().path().ends_with("/sync") { pages.next() } else { None };
    live.answer(request, body.unwrap_or_else(|| Bytes::from_static(br#"{"acked":100}"#)));
    live.poll();
    live.handle_all();
    true
}
