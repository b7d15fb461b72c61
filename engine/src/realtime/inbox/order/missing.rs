//! What is missing in a conversation and may not come again by itself, and the question for it.

use super::conversation::Conversation;
use crate::limits;
use crate::realtime::event::SeqRange;
use crate::realtime::inbox::{Purpose, Question};
use crate::realtime::seq_set::SeqSet;
use crate::types::ConversationId;

impl Conversation {
    /// These are not here and may not come again. What only history has is never forgotten: over the bound, more is asked
    /// for. What the platform has stored may be. `drains` have begun so far.
    pub(in crate::realtime::inbox) fn owe(&mut self, ranges: &[SeqRange], drains: u64, by_history: bool) {
        self.owed_since = drains;
        for range in ranges {
            if by_history {
                self.owed.cover(*range, limits::SEQ_RANGES);
            } else {
                self.owed.insert_range(*range, limits::SEQ_RANGES);
            }
        }
    }

    /// Whether all that is owed was owed before the last of so many drains began.
    pub(in crate::realtime::inbox) fn is_owed_since_before(&self, drains: u64) -> bool {
        self.owed_since < drains
    }

    pub(in crate::realtime::inbox) fn is_owed(&self, seq: u64) -> bool {
        self.owed.contains(seq)
    }

    /// Whether it is known of all of these that they may not come again by themselves.
    pub(in crate::realtime::inbox) fn is_all_owed(&self, ranges: &[SeqRange]) -> bool {
        ranges.iter().all(|range| self.owed.missing(range.first, range.last).is_empty())
    }

    /// A message is here.
    pub(in crate::realtime::inbox) fn came(&mut self, seq: u64) {
        self.owed.remove(SeqRange { first: seq, last: seq });
    }

    /// These are here, or nowhere.
    pub(in crate::realtime::inbox) fn came_all(&mut self, range: SeqRange) {
        self.owed.remove(range);
    }

    /// Nothing is owed any more.
    pub(in crate::realtime::inbox) fn forget_owed(&mut self) {
        self.owed = SeqSet::default();
    }

    /// What history was asked for; from then on it is not asked.
    pub(in crate::realtime::inbox) fn take_retrieving(&mut self) -> Option<SeqRange> {
        self.retrieving.take()
    }

    /// The question for what is owed, unless it is being asked.
    pub(in crate::realtime::inbox) fn retrieve(&mut self, id: &ConversationId) -> Option<Question> {
        let asked = SeqRange { first: self.owed.first()?, last: self.owed.last()? };
        if self.retrieving.is_some() {
            return None;
        }
        self.retrieving = Some(asked);
        let (conversation_id, after) = (id.clone(), asked.first.saturating_sub(1));
        Some(Question { conversation_id, purpose: Purpose::Owed, after })
    }
}
