//! A conversation's place in a checkpoint.

use std::collections::BTreeSet;

use super::buffered_message::BufferedMessage;
use super::conversation::Conversation;
use super::queue::Queue;
use crate::limits;
use crate::realtime::checkpoint::Place;
use crate::realtime::event::SeqRange;
use crate::types::ConversationId;

impl Conversation {
    /// A conversation where another session left it.
    pub(in crate::realtime::inbox) fn resumed(place: Place) -> Self {
        let Place { id: _, next_seq, offered, skip, missing } = place;
        let mut conversation = Self { next_seq, skip, missing, queue: Queue::resumed(offered), ..Self::default() };
        if let Some(next) = next_seq {
            conversation.pass_to(next);
        }
        conversation
    }

    /// Where the next session has to go on: at the lowest seq that is not settled. What is settled above it, or is
    /// never delivered to us, is skipped.
    pub(in crate::realtime::inbox) fn place(
        &self,
        id: &ConversationId,
        in_flight: &[&BufferedMessage],
        legacy: bool,
    ) -> Option<Place> {
        let (mut skip, mut missing) = (self.skip.clone(), self.missing.clone());
        let entries = || self.queue.entries().chain(in_flight.iter().copied());
        let unsettled: BTreeSet<u64> = entries().filter_map(BufferedMessage::seq).collect();
        // What is offered once more is not late because it was offered together with others.
        let offered = entries().filter_map(BufferedMessage::seq_in_turn).fold(self.queue.offered(), u64::min);
        let early = self.early.keys().map(|(seq, _)| *seq);
        // A drain brings what is stored; only history has what was written to a socket without acks.
        for seq in unsettled.iter().copied().chain(early).filter(|_| legacy) {
            missing.cover(SeqRange { first: seq, last: seq }, limits::SEQ_RANGES);
        }
        let next_seq = self.next_seq.map(|mark| {
            let mut at = unsettled.first().map_or(mark, |lowest| mark.min(*lowest));
            let next = at;
            for seq in unsettled.range(..mark).copied().chain([mark]) {
                if seq > at {
                    skip.insert_range(SeqRange { first: at, last: seq.saturating_sub(1) }, limits::OWN_RANGES);
                }
                at = seq.saturating_add(1);
            }
            next
        });
        skip.keep_lowest(limits::SEQ_RANGES);
        let known = next_seq.is_some() || !skip.is_empty() || !missing.is_empty();
        known.then(|| Place { id: id.clone(), next_seq, offered, skip, missing })
    }
}
