//! Frames through a session in process: parsed, deduplicated, ordered, dispatched, settled, and the ack's text out.

use std::hint::black_box;
use std::time::Duration;

use super::clock::spent;
use super::compare::compare;
use super::frames::{Frames, Order};
use super::live::{self, Live};
use super::{Effort, Figure, Measured, Measurement, typed};

/// Conversations that messages come from.
pub(crate) const CONVERSATIONS: u64 = 100;

/// Frames that are made at a time, so that they are still in the cache when they are read, as after a `read`.
const BATCH: usize = 500;

/// Frames before the first that is measured: as many ids are remembered then as ever are.
pub(crate) const WARM_UP: usize = agentchat_engine::limits::HANDLED_IDS + 1_000;

pub(crate) const IN_ORDER: Measurement =
    Measurement { name: "ingest", baseline: "typed parse", run: |effort| against_typed(effort, Order::Rising) };

pub(crate) const REORDERED: Measurement = Measurement {
    name: "ingest_reordered",
    baseline: "typed parse",
    run: |effort| against_typed(effort, Order::Swapped),
};

pub(crate) const SCALE: Measurement = Measurement { name: "ingest_scale", baseline: "10 conversations", run: scale };

/// A session in which all that grows has grown, and what comes next.
pub(crate) struct Steady {
    live: Live,
    frames: Frames,
}

impl Steady {
    pub(crate) fn new(conversations: u64, order: Order, warm_up: usize) -> Self {
        let mut steady =
            Self { live: Live::new(&live::context(), live::options()), frames: Frames::new(conversations, order) };
        for text in steady.batch(warm_up) {
            steady.live.round(text);
        }
        steady
    }

    pub(crate) fn batch(&mut self, frames: usize) -> Vec<String> {
        self.frames.by_ref().take(frames).collect()
    }

    /// Every frame arrives as a text of its own, and its message is handled in the round after it.
    pub(crate) fn ingest(&mut self, batch: &[String]) {
        for text in batch {
            self.live.round(text.clone());
        }
    }

    /// Seconds of CPU for each of so many frames.
    pub(crate) fn cost(&mut self, frames: usize) -> f64 {
        let mut cpu = Duration::ZERO;
        for size in batches(frames) {
            let batch = self.batch(size);
            cpu += spent(|| self.ingest(&batch));
        }
        cpu.as_secs_f64() / frames as f64
    }

    /// That nothing was left out.
    fn check(mut self) -> Result<(), String> {
        self.live.handle_all();
        let (frames, handled) = (self.frames.made(), self.live.handled);
        // The first that was sent is the HELLO.
        let acked = self.live.sent.saturating_sub(1);
        if handled as u64 == frames && acked == handled {
            Ok(())
        } else {
            Err(format!("of {frames} frames {handled} were handled and {acked} acked"))
        }
    }
}

/// Sizes that add up to so many frames.
fn batches(frames: usize) -> impl Iterator<Item = usize> {
    (0..frames).step_by(BATCH).map(move |begin| BATCH.min(frames - begin))
}

/// Seconds of CPU for a frame that arrives as a text of its own and is parsed.
fn typed_cost(stream: &mut Frames, frames: usize) -> f64 {
    let mut cpu = Duration::ZERO;
    for size in batches(frames) {
        let batch: Vec<String> = stream.by_ref().take(size).collect();
        cpu += spent(|| {
            for text in &batch {
                let text = text.clone();
                let parsed: typed::Frame = serde_json::from_str(&text).expect("a frame");
                black_box(parsed);
            }
        });
    }
    cpu.as_secs_f64() / frames as f64
}

fn against_typed(effort: Effort, order: Order) -> Measured {
    let frames = effort.of(50_000);
    let mut steady = Steady::new(CONVERSATIONS, order, effort.of(WARM_UP));
    let mut stream = Frames::new(CONVERSATIONS, order);
    let compared = compare(effort.rounds(), || steady.cost(frames), || typed_cost(&mut stream, frames));
    steady.check()?;
    let what = format!("{:.2} against {:.2} us of CPU a frame", compared.ours * 1e6, compared.baseline * 1e6);
    Ok(vec![Figure::new(compared.rate(), "frames/s", what)])
}

fn scale(effort: Effort) -> Measured {
    let frames = effort.of(50_000);
    let mut figures = Vec::new();
    for conversations in [1_000, 100_000] {
        let many_warm_up = effort.of(WARM_UP.max(conversations + 1_000));
        let mut many = Steady::new(conversations as u64, Order::Rising, many_warm_up);
        let mut few = Steady::new(10, Order::Rising, effort.of(WARM_UP));
        let compared = compare(effort.rounds(), || many.cost(frames), || few.cost(frames));
        many.check()?;
        few.check()?;
        let what = format!(
            "{:.2} us of CPU a frame in {conversations} conversations against {:.2} in 10",
            compared.ours * 1e6,
            compared.baseline * 1e6
        );
        figures.push(Figure::new(compared.cost, format!("CPU, {conversations} conversations"), what));
    }
    Ok(figures)
}
