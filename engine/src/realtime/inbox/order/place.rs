//! A conversation's place in a checkpoint.

use std::collections::BTreeSet;

use super::conversation::Conversation;
use super::queue::Queue;
use crate::limits;
use crate::realtime::checkpoint::Place;
use crate::realtime::event::SeqRange;
use crate::types::ConversationId;

impl Conversation {
    /// A conversation where another session left it.
    pub(in crate::realtime::inbox) fn resumed(place: Place) -> Self {
        let Place { id: _, next, offered, seen, owed } = place;
        let mut conversation = Self { next, seen, owed, queue: Queue::resumed(offered), ..Self::default() };
        if let Some(next) = next {
            conversation.pass_to(next);
        }
        conversation
    }

    /// Where the next session has to go on: at the lowest seq that is not settled. What is settled above it, or was
    /// never owed, is seen.
    pub(in crate::realtime::inbox) fn place(
        &self,
        id: &ConversationId,
        in_flight: Option<u64>,
        legacy: bool,
    ) -> Option<Place> {
        let (mut seen, mut owed) = (self.seen.clone(), self.owed.clone());
        let waiting = self.queue.entries().filter_map(|entry| entry.seq());
        let unsettled: BTreeSet<u64> = waiting.chain(in_flight).collect();
        let early = self.early.keys().map(|(seq, _)| *seq);
        // A drain brings what is stored; only history has what was written to a socket without acks.
        for seq in unsettled.iter().copied().chain(early).filter(|_| legacy) {
            owed.cover(SeqRange { first: seq, last: seq }, limits::SEQ_RANGES);
        }
        let next = self.next.map(|mark| {
            let mut at = unsettled.first().map_or(mark, |lowest| mark.min(*lowest));
            let next = at;
            for seq in unsettled.range(..mark).copied().chain([mark]) {
                if seq > at {
                    seen.insert_range(SeqRange { first: at, last: seq.saturating_sub(1) }, limits::OWN_RANGES);
                }
                at = seq.saturating_add(1);
            }
            next
        });
        seen.keep_lowest(limits::SEQ_RANGES);
        let known = next.is_some() || !seen.is_empty() || !owed.is_empty();
        known.then(|| Place { id: id.clone(), next, offered: self.queue.offered(), seen, owed })
    }
}
