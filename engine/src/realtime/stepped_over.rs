//! What rows of a drain step over. They are sparse by design, and what lies between is not owed: it was delivered. But a
//! platform without acks counts as delivered what it wrote to a socket that was ending, so there only history knows.

use super::event::SeqRange;
use super::inbox::Inbox;
use super::lane::Lane;
use super::lanes::LaneKey;
use super::seq_set::SeqSet;
use crate::limits;

impl Inbox {
    /// What a row of the drain steps over and a socket may have lost. Of a conversation that this very drain began that is
    /// nothing: it was never heard of before.
    pub(super) fn stepped_over(&self, lane: &LaneKey, seq: Option<u64>) -> Vec<SeqRange> {
        match (self.lanes.get(lane), seq) {
            (Some(lane), Some(seq)) if self.legacy && lane.begun_by != Some(self.drains) => lane.unknown_below(seq),
            _ => Vec::new(),
        }
    }
}

impl Lane {
    /// The mark, or the first message that waits for one.
    pub(super) fn beginning(&self) -> Option<u64> {
        self.next.or_else(|| self.early.first_key_value().map(|((seq, _), _)| *seq))
    }

    /// From the beginning to below a seq: what is neither here nor known to be owed by nobody.
    fn unknown_below(&self, seq: u64) -> Vec<SeqRange> {
        let believed = |next: &u64| (1..=limits::PLAUSIBLE_JUMP).contains(&seq.saturating_sub(*next));
        let Some(next) = self.beginning().filter(believed) else { return Vec::new() };
        let mut unknown = SeqSet::default();
        for range in self.seen.missing(next, seq.saturating_sub(1)) {
            unknown.cover(range, limits::SEQ_RANGES);
        }
        for (early, _) in self.early.range((next, 0)..(seq, 0)).map(|(place, _)| *place) {
            unknown.remove(SeqRange { first: early, last: early });
        }
        unknown.ranges()
    }
}
