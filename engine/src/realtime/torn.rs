//! Sockets that broke. A platform without acks counts what it wrote to one as delivered. Rows of a drain are sparse by
//! design, so a row that steps over such a message says nothing of it; history does.

use super::event::SeqRange;
use super::inbox::Inbox;
use super::lane::Lane;
use super::lanes::LaneKey;
use super::seq_set::SeqSet;
use crate::limits;

impl Inbox {
    /// A connection ended, and not all that was written to it has to have come.
    pub(super) fn socket_torn(&mut self) {
        self.torn |= self.legacy;
    }

    /// What a row of the drain steps over and a broken socket may have lost. Of a conversation that this very drain began
    /// that is nothing: it was never heard of before.
    pub(super) fn stepped_over(&self, lane: &LaneKey, seq: Option<u64>) -> Vec<SeqRange> {
        match (self.lanes.get(lane), seq) {
            (Some(lane), Some(seq)) if self.torn && lane.begun_by != Some(self.drains) => lane.unknown_below(seq),
            _ => Vec::new(),
        }
    }
}

impl Lane {
    /// From the mark to below a seq: what is neither here nor known to be owed by nobody.
    fn unknown_below(&self, seq: u64) -> Vec<SeqRange> {
        let Some(next) = self.next.filter(|next| (1..=limits::PLAUSIBLE_JUMP).contains(&seq.saturating_sub(*next)))
        else {
            return Vec::new();
        };
        let mut unknown = SeqSet::default();
        for range in self.seen.missing(next, seq.saturating_sub(1)) {
            unknown.insert_range(range, limits::SEQ_RANGES);
        }
        for (early, _) in self.early.range((next, 0)..(seq, 0)).map(|(place, _)| *place) {
            unknown.remove(SeqRange { first: early, last: early });
        }
        unknown.ranges()
    }
}
