//! More messages than handlers can take, with the default options.

use std::cell::Cell;
use std::error::Error;
use std::time::Duration;

use agentchat_engine::realtime::{Event, SessionOptions};
use futures_util::StreamExt;

use super::bare_flood;
use super::handler::work;
use super::meter::{Meter, Spent};
use super::runtimes::{client, tokio_runtime};
use super::stream::acked;
use crate::compare::{Comparison, compare_all};
use crate::memory::resident;
use crate::peer::Peer;
use crate::{Effort, Figure, Measured, Measurement};

pub(crate) const FLOOD: Measurement =
    Measurement { name: "flood", baseline: "a loop that reads while fewer than 1,000 are in hand", run: flood };

/// Messages between two looks at the memory.
const LOOK: usize = 512;

fn flood(effort: Effort) -> Measured {
    let mut figures = Vec::new();
    for (takes, frames) in [(0, 200_000), (1, 200_000), (50, 200_000)] {
        let frames = effort.pick(frames, 400);
        figures.push(one(effort, Duration::from_millis(takes), frames)?);
    }
    Ok(figures)
}

/// What is seen of a session besides its speed.
#[derive(Default)]
struct Seen {
    shed: Cell<u64>,
    resident: Cell<usize>,
}

fn one(effort: Effort, takes: Duration, frames: usize) -> Result<Figure, Box<dyn Error>> {
    let peer = Peer::start(frames)?;
    let seen = Seen::default();
    let each = |spent: Spent| {
        acked(&peer, frames)?;
        Ok::<_, Box<dyn Error>>([spent.time.as_secs_f64() / frames as f64])
    };
    let ours = || each(tokio_runtime()?.block_on(handle(&peer, frames, takes, &seen))?);
    let bare = || each(tokio_runtime()?.block_on(bare_flood::handle(&peer, frames, takes))?);
    let compared = if takes < Duration::from_millis(10) {
        let [compared] = compare_all(effort.rounds(), ours, bare)?;
        compared
    } else {
        // Timers alone decide, and they take minutes.
        let ([ours], [baseline]) = (ours()?, bare()?);
        Comparison { ours, baseline, cost: ours / baseline }
    };
    let what = format!(
        "{:.0} against {:.0} frames/s of {frames}; {} shed, {:.1} MiB resident at most",
        compared.ours.recip(),
        compared.baseline.recip(),
        seen.shed.get(),
        seen.resident.get() as f64 / f64::from(1 << 20)
    );
    Ok(Figure::new(compared.rate(), format!("frames/s with handlers of {} ms", takes.as_millis()), what))
}

/// Takes so many messages with handlers that take as long.
async fn handle(peer: &Peer, frames: usize, takes: Duration, seen: &Seen) -> Result<Spent, Box<dyn Error>> {
    let client = client(peer)?;
    let realtime = agentchat_tokio::connect(&client, SessionOptions::default());
    let mut events = realtime.events();
    let (meter, count) = (Meter::new(frames), Cell::new(0));
    let handled = realtime.on_message(|_| async {
        work(takes).await;
        count.set(count.get() + 1);
        if count.get() % LOOK == 0 {
            let most = seen.resident.get().max(resident().unwrap_or_default());
            seen.resident.set(most);
        }
        if meter.count() {
            realtime.close();
        }
        Ok::<_, std::convert::Infallible>(())
    });
    let watched = async {
        while let Some(event) = events.next().await {
            if let Event::Shed { dropped } = event {
                seen.shed.set(seen.shed.get().max(dropped));
            }
        }
    };
    let (handled, ()) = futures_util::future::join(handled, watched).await;
    handled?;
    Ok(meter.spent()?)
}
