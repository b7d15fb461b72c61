//! What it costs to ask a session that has nothing to do.

use super::clock::spent;
use super::compare::compare;
use super::frames::{Frames, Order};
use super::live::{self, Live};
use super::{Effort, Figure, Measured, Measurement};

pub(crate) const IDLE_POLL: Measurement = Measurement { name: "idle_poll", baseline: "1 conversation", run: idle_poll };

/// As many conversations as are remembered.
const CONVERSATIONS: u64 = agentchat_engine::limits::REMEMBERED_CONVERSATIONS as u64;

/// A session that has handled a message of each of so many conversations.
fn remembering(conversations: u64) -> Live {
    let mut live = Live::new(&live::context(), live::options());
    for text in Frames::new(conversations, Order::Rising).take(conversations as usize) {
        live.round(text);
    }
    live.handle_all();
    live
}

fn idle_poll(effort: Effort) -> Measured {
    let polls = effort.of(200_000);
    let (mut many, mut one) = (remembering(CONVERSATIONS), remembering(1));
    let cost = |live: &mut Live| spent(|| (0..polls).for_each(|_| live.timeout())).as_secs_f64() / polls as f64;
    let compared = compare(effort.rounds(), || cost(&mut many), || cost(&mut one));
    let what = format!(
        "{:.0} ns of CPU a time-out that changes nothing in {CONVERSATIONS} conversations against {:.0} in 1",
        compared.ours * 1e9,
        compared.baseline * 1e9
    );
    Ok(vec![Figure::new(compared.cost, "CPU", what)])
}
