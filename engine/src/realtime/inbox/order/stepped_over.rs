//! What a row of a drain steps over in a conversation.

use super::conversation::Conversation;
use crate::limits;
use crate::realtime::event::SeqRange;
use crate::realtime::seq_set::SeqSet;

impl Conversation {
    /// Whether its first message was a row of this drain.
    pub(in crate::realtime::inbox) fn was_begun_by(&self, drain: u64) -> bool {
        self.begun_by == Some(drain)
    }

    /// The mark, or the first message that waits for one.
    pub(in crate::realtime::inbox) fn beginning(&self) -> Option<u64> {
        self.next_seq.or_else(|| self.early.first_key_value().map(|((seq, _), _)| *seq))
    }

    /// From the beginning to below a seq: what is neither here nor known never to be delivered to us.
    pub(in crate::realtime::inbox) fn unknown_below(&self, seq: u64) -> Vec<SeqRange> {
        let believed = |next: &u64| (1..=limits::PLAUSIBLE_JUMP).contains(&seq.saturating_sub(*next));
        let Some(next) = self.beginning().filter(believed) else { return Vec::new() };
        let mut unknown = SeqSet::default();
        for range in self.skip.missing(next, seq.saturating_sub(1)) {
            unknown.cover(range, limits::SEQ_RANGES);
        }
        for (early, _) in self.early.range((next, 0)..(seq, 0)).map(|(place, _)| *place) {
            unknown.remove(SeqRange { first: early, last: early });
        }
        unknown.ranges()
    }
}
