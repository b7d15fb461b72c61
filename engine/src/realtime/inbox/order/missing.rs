//! What is missing in a conversation and may not come again by itself, and what of it history is being asked for.

use super::conversation::Conversation;
use crate::limits;
use crate::realtime::event::SeqRange;
use crate::realtime::seq_set::SeqSet;

impl Conversation {
    /// These are not here and may not come again. What only history has is never forgotten: over the bound, more is asked
    /// for. What the platform has stored may be. `drains` have begun so far.
    pub(in crate::realtime::inbox) fn mark_missing(&mut self, ranges: &[SeqRange], drains: u64, by_history: bool) {
        self.missing_since = drains;
        for range in ranges {
            if by_history {
                self.missing.cover(*range, limits::SEQ_RANGES);
            } else {
                self.missing.insert_range(*range, limits::SEQ_RANGES);
            }
        }
    }

    /// Whether everything that is missing has been since before the last of so many drains began.
    pub(in crate::realtime::inbox) fn is_missing_since_before(&self, drains: u64) -> bool {
        self.missing_since < drains
    }

    pub(in crate::realtime::inbox) fn is_missing(&self, seq: u64) -> bool {
        self.missing.contains(seq)
    }

    /// Whether it is known of all of these that they may not come again by themselves.
    pub(in crate::realtime::inbox) fn is_all_missing(&self, ranges: &[SeqRange]) -> bool {
        ranges.iter().all(|range| self.missing.missing(range.first, range.last).is_empty())
    }

    /// A message is here.
    pub(in crate::realtime::inbox) fn mark_received(&mut self, seq: u64) {
        self.missing.remove(SeqRange { first: seq, last: seq });
    }

    /// These are here, or nowhere.
    pub(in crate::realtime::inbox) fn mark_all_received(&mut self, range: SeqRange) {
        self.missing.remove(range);
    }

    /// Nothing is missing any more.
    pub(in crate::realtime::inbox) fn forget_missing(&mut self) {
        self.missing = SeqSet::default();
    }

    /// What history was asked for; from then on it is not asked.
    pub(in crate::realtime::inbox) fn take_retrieving(&mut self) -> Option<SeqRange> {
        self.retrieving.take()
    }

    /// What history is to be asked for, from now on taken for asked. `None` if nothing is missing, or history is being asked.
    pub(in crate::realtime::inbox) fn begin_retrieving(&mut self) -> Option<SeqRange> {
        let asked = SeqRange { first: self.missing.first()?, last: self.missing.last()? };
        if self.retrieving.is_some() {
            return None;
        }
        self.retrieving = Some(asked);
        Some(asked)
    }
}
