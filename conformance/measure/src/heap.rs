//! What the heap is asked for. The program's allocator counts while it is asked to, the current thread only.

use std::error::Error;

use agentchat_engine::realtime::SessionOptions;
use mockalloc::{AllocInfo, record_allocs};

use super::frames::Order;
use super::ingest::{CONVERSATIONS, Steady, WARM_UP};
use super::live::{self, Live};
use super::{Effort, Figure, Measured, Measurement};

pub(crate) const ALLOCATIONS: Measurement = Measurement { name: "allocs_per_frame", baseline: "-", run: allocations };

pub(crate) const BYTES: Measurement =
    Measurement { name: "bytes_copied_per_frame", baseline: "the frame's length", run: bytes };

pub(crate) const SESSION: Measurement = Measurement { name: "session_bytes", baseline: "-", run: session };

/// What a frame takes: its text's arrival, all that the session does with it, and its settlement.
struct Taken {
    allocations: f64,
    bytes: f64,
    frame: f64,
}

/// What `run` asks of the heap.
///
/// # Errors
/// If the program has another allocator.
pub(crate) fn record(run: impl FnOnce()) -> Result<AllocInfo, &'static str> {
    let recorded = record_allocs(run);
    if recorded.num_allocs() == 0 { Err("the allocator counts nothing") } else { Ok(recorded) }
}

fn taken(effort: Effort) -> Result<Taken, Box<dyn Error>> {
    let mut steady = Steady::new(CONVERSATIONS, Order::Rising, effort.of(WARM_UP));
    let batch = steady.batch(effort.of(50_000));
    let recorded = record(|| steady.ingest(&batch))?;
    let frames = batch.len() as f64;
    Ok(Taken {
        allocations: recorded.num_allocs() as f64 / frames,
        bytes: recorded.mem_allocated() as f64 / frames,
        frame: batch.iter().map(String::len).sum::<usize>() as f64 / frames,
    })
}

fn allocations(effort: Effort) -> Measured {
    let taken = taken(effort)?;
    Ok(vec![Figure::new(taken.allocations, "allocations", "a frame, its text's own included")])
}

fn bytes(effort: Effort) -> Measured {
    let taken = taken(effort)?;
    let what = format!("{:.0} bytes asked of the heap for a frame of {:.0}", taken.bytes, taken.frame);
    Ok(vec![Figure::new(taken.bytes / taken.frame, "bytes", what)])
}

/// A session with the default options whose questions at the start were answered, with nothing stored.
fn session(_: Effort) -> Measured {
    let cx = live::context();
    let mut session = None;
    let recorded = record(|| session = Some(Live::new(&cx, SessionOptions::default()).into_session()))?;
    let bytes = recorded.mem_allocated().saturating_sub(recorded.mem_freed());
    let of_its_own = session.as_deref().map_or(0, size_of_val);
    let what = format!("an idle session after hello.ok, {of_its_own} of them the session itself");
    Ok(vec![Figure::new(bytes as f64, "bytes", what)])
}
