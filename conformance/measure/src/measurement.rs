//! What is measured, by name.

use std::error::Error;

use super::{Effort, drain, gap, heap, idle, ingest, sockets, webhook};

/// What a measurement finds, or why it could not be made.
pub type Measured = Result<Vec<Figure>, Box<dyn Error>>;

/// One figure of a measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Ours as a multiple of the baseline; where there is no baseline, the figure itself.
    pub ratio: f64,
    /// Of what. With `/s` more is better, otherwise less.
    pub unit: String,
    /// Both sides in absolute terms.
    pub what: String,
}

impl Figure {
    pub(crate) fn new(ratio: f64, unit: impl Into<String>, what: impl Into<String>) -> Self {
        Self { ratio, unit: unit.into(), what: what.into() }
    }
}

/// Something that is measured.
#[derive(Clone, Copy, Debug)]
pub struct Measurement {
    /// Its name.
    pub name: &'static str,
    /// What it is measured against; `-` if nothing.
    pub baseline: &'static str,
    /// Measures it.
    pub run: fn(Effort) -> Measured,
}

/// All that is measured, in the order in which it is by default.
pub const MEASUREMENTS: &[Measurement] = &[
    ingest::IN_ORDER,
    ingest::REORDERED,
    ingest::SCALE,
    gap::GAP,
    heap::ALLOCATIONS,
    heap::BYTES,
    idle::IDLE_POLL,
    heap::SESSION,
    sockets::REST_SEQ,
    sockets::REST_64,
    sockets::WS_STREAM,
    sockets::WS_STREAM_SMOL,
    sockets::WS_STREAM_ASYNC_STD,
    sockets::WS_STREAM_BLOCKING,
    webhook::WEBHOOK,
    drain::DRAIN,
    sockets::FLOOD,
    sockets::SESSIONS_RSS,
    sockets::SESSIONS_CPU,
    sockets::STORM,
];
