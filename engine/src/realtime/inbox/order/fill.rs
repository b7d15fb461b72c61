//! Filling a gap from history: what to ask, and what an answer means.
//!
//! An answer is the authority on its range: a seq that it steps over does not exist for us. History takes hidden
//! rows out after its limit, so a short page is not the end; an empty one is.

use super::buffered_message::BufferedMessage;
use super::conversation::Conversation;
use super::filling::{Filled, Filling};
use super::gap::Gap;
use crate::limits;
use crate::realtime::event::SeqRange;
use crate::realtime::seq_set::SeqSet;
use crate::time::Mono;

/// What follows an answer.
#[derive(Debug)]
pub(in crate::realtime) enum NextPage {
    /// Ask for what comes after this seq.
    After(u64),
    /// Every gap that the fill was for is closed.
    Done(Filled),
}

impl Conversation {
    /// Asks about the lowest gap, for the first time or again after a failure; the seq to ask after.
    pub(in crate::realtime::inbox) fn begin_fill(&mut self) -> Option<u64> {
        let (gap, expected) = (self.gap?, self.next_seq?);
        let after = expected.saturating_sub(1);
        let filling = self.filling.get_or_insert_with(|| {
            let (filled, absent, unreadable) = Default::default();
            Filling { expected, noticed: gap.noticed, asking: true, after, filled, absent, unreadable, own: false }
        });
        filling.asking = true;
        filling.after = filling.after.max(after);
        Some(filling.after)
    }

    /// A question about an earlier gap that closed by itself may still be under way: it becomes one about this gap.
    pub(super) fn reuse_fill(&mut self, expected: u64, noticed: Mono) {
        if let Some(filling) = self.filling.as_mut().filter(|filling| filling.is_empty()) {
            (filling.expected, filling.noticed) = (expected, noticed);
        }
    }

    /// Whether a question about the lowest gap is under way or waits for its turn.
    pub(in crate::realtime::inbox) fn is_asking(&self) -> bool {
        self.filling.as_ref().is_some_and(|filling| filling.asking)
    }

    /// History answers; whether it was asked about the lowest gap. What of it has arrived by itself is no part of it any more.
    pub(in crate::realtime::inbox) fn is_answered(&mut self) -> bool {
        let next = self.next_seq;
        if let Some(filling) = self.filling.as_mut().filter(|filling| filling.is_empty()) {
            filling.expected = filling.expected.max(next.unwrap_or_default());
        }
        self.is_asking()
    }

    /// The question failed; how many before it had in a row.
    pub(in crate::realtime::inbox) fn fill_failed(&mut self) -> u32 {
        if let Some(filling) = &mut self.filling {
            filling.asking = false;
        }
        self.gap.as_mut().map_or(0, Gap::failed)
    }

    /// Whether nothing waits any more for a fill whose last question failed: what was missing has arrived by itself.
    pub(super) fn has_idle_fill(&self) -> bool {
        self.filling.is_some() && self.early.is_empty() && !self.is_asking()
    }

    /// The result of such a fill.
    pub(in crate::realtime::inbox) fn take_idle_fill(&mut self) -> Option<Filled> {
        let idle = self.has_idle_fill();
        self.filling.take_if(|_| idle).map(Filling::result)
    }

    /// The seq to ask after, of a question that had to wait. `None` if the fill is over: given up, or all that was missing has
    /// come by itself, which is not reported.
    pub(in crate::realtime::inbox) fn still_asks(&mut self, after: u64) -> Option<u64> {
        let filling = self.filling.as_mut().filter(|filling| filling.asking)?;
        if self.early.is_empty() && filling.is_empty() {
            self.filling = None;
            self.habit.closed_itself();
            return None;
        }
        filling.after = after.max(self.next_seq?.saturating_sub(1));
        Some(filling.after)
    }

    /// A message from history that was not known before.
    pub(in crate::realtime::inbox) fn admit_filled(&mut self, entry: BufferedMessage, arrival: u64, now: Mono) {
        let Some(seq) = entry.seq() else { return };
        self.mark_received(seq);
        if let Some(filling) = &mut self.filling {
            filling.filled.insert(seq, limits::SEQ_RANGES);
        }
        self.early.insert((seq, arrival), (entry, now));
    }

    /// Whether a row of history is of interest: it lies behind what was asked after, and nobody knows that it is settled.
    pub(in crate::realtime::inbox) fn asked_for(&self, seq: u64) -> bool {
        let asked = self.filling.as_ref().is_some_and(|filling| seq > filling.after);
        let believed = self.next_seq.is_none_or(|next| seq.saturating_sub(next) <= limits::PLAUSIBLE_JUMP);
        asked && believed && !self.skip.contains(seq)
    }

    /// History has a message of our own, or one that needs no delivery.
    pub(in crate::realtime::inbox) fn see_in_history(&mut self, seq: u64, own: bool) {
        if let Some(filling) = &mut self.filling {
            filling.own |= own;
        }
        self.see(seq);
    }

    /// Of a seq that is asked for history has a row that cannot be read.
    pub(in crate::realtime::inbox) fn unreadable(&mut self, seq: u64) {
        if let Some(filling) = &mut self.filling {
            filling.unreadable.insert(seq, limits::SEQ_RANGES);
        }
    }

    /// All rows of an answer have been taken in; `reached` is the highest seq among them, `None` for no rows.
    pub(in crate::realtime::inbox) fn answered(&mut self, reached: Option<u64>, now: Mono) -> Option<NextPage> {
        let mut filling = self.filling.take()?;
        let first = self.next_seq?.max(filling.after.saturating_add(1));
        let below = self.early.first_key_value().map_or(first, |((seq, _), _)| *seq).saturating_sub(1);
        // An empty page says that nothing is left; a page that leads nowhere is taken for one.
        let known = reached.filter(|reached| *reached > filling.after).unwrap_or(below);
        let unaccounted = self.unaccounted(first, known).into_iter();
        for absent in unaccounted.flat_map(|range| filling.unreadable.missing(range.first, range.last)) {
            filling.absent.insert_range(absent, limits::SEQ_RANGES);
        }
        self.release_below(known.saturating_add(1));
        self.pass_to(first.max(known.saturating_add(1)));
        filling.after = known;
        match (self.next_seq, self.early.first_key_value()) {
            (Some(next), Some(((waiting, _), _))) if known < waiting.saturating_sub(1) && next < *waiting => {
                let after = filling.after;
                self.filling = Some(filling);
                if let Some(gap) = &mut self.gap {
                    gap.progressed(now);
                }
                Some(NextPage::After(after))
            }
            _ => {
                let nothing = filling.filled.is_empty() && filling.unreadable.is_empty();
                if nothing && (filling.own || !filling.absent.is_empty()) {
                    self.habit.was_absent();
                }
                Some(NextPage::Done(filling.result()))
            }
        }
    }

    /// History could not be read: the gap is treated like one that nobody asked for.
    pub(in crate::realtime::inbox) fn abandon_fill(&mut self) -> Option<Filled> {
        self.filling.take().map(Filling::result)
    }

    /// The seqs in a range that are neither here nor seen.
    fn unaccounted(&self, first: u64, last: u64) -> Vec<SeqRange> {
        let mut accounted = SeqSet::default();
        if first > last {
            return Vec::new();
        }
        for ((seq, _), _) in self.early.range((first, 0)..=(last, u64::MAX)) {
            accounted.insert(*seq, usize::MAX);
        }
        let missing = accounted.missing(first, last);
        missing.into_iter().flat_map(|range| self.skip.missing(range.first, range.last)).collect()
    }
}
