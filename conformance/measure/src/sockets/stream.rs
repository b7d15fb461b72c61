//! Messages over loopback, handled and acked.

use std::error::Error;
use std::thread::sleep;
use std::time::Duration;

use super::runtimes::{self, Run};
use crate::compare::compare_all;
use crate::peer::Peer;
use crate::{Effort, Figure, Measured, Measurement};

const BASELINE: &str = "async-tungstenite and typed parse";

/// How long the peer may take to read the last acks.
const LAST_ACKS: Duration = Duration::from_secs(10);

pub(crate) const WS_STREAM: Measurement = Measurement {
    name: "ws_stream",
    baseline: BASELINE,
    run: |effort| stream(effort, runtimes::tokio, runtimes::bare_tokio),
};

pub(crate) const WS_STREAM_SMOL: Measurement = Measurement {
    name: "ws_stream_smol",
    baseline: BASELINE,
    run: |effort| stream(effort, runtimes::smol, runtimes::bare_smol),
};

pub(crate) const WS_STREAM_ASYNC_STD: Measurement = Measurement {
    name: "ws_stream_async_std",
    baseline: BASELINE,
    run: |effort| stream(effort, runtimes::async_std, runtimes::bare_async_std),
};

pub(crate) const WS_STREAM_BLOCKING: Measurement = Measurement {
    name: "ws_stream_blocking",
    baseline: BASELINE,
    run: |effort| stream(effort, runtimes::blocking, runtimes::bare_blocking),
};

fn stream(effort: Effort, ours: Run, bare: Run) -> Measured {
    let frames = effort.of(50_000);
    let peer = Peer::start(frames)?;
    let run = |run: Run| {
        let spent = run(&peer, frames)?;
        acked(&peer, frames)?;
        Ok::<_, Box<dyn Error>>(spent.each(frames))
    };
    let [time, cpu] = compare_all(effort.rounds(), || run(ours), || run(bare))?;
    let per_second = format!("{:.0} against {:.0} frames/s", time.ours.recip(), time.baseline.recip());
    let per_frame = format!("{:.2} against {:.2} us of CPU a frame", cpu.ours * 1e6, cpu.baseline * 1e6);
    Ok(vec![Figure::new(time.rate(), "frames/s", per_second), Figure::new(cpu.cost, "CPU", per_frame)])
}

/// Waits until the peer has all acks: those of the last frames may be on their way.
pub(super) fn acked(peer: &Peer, frames: usize) -> Result<(), Box<dyn Error>> {
    const STEP: Duration = Duration::from_millis(10);
    let mut acked = 0;
    for _ in 0..LAST_ACKS.div_duration_f32(STEP) as usize {
        acked = peer.seen()?.acked;
        if acked == frames {
            return Ok(());
        }
        sleep(STEP);
    }
    Err(format!("of {frames} frames {acked} were acked").into())
}
