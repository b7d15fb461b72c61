//! What the rows of a drain do to a conversation: they come in order, and what lies between them was delivered before.

use super::buffered_message::BufferedMessage;
use super::conversation::{Admitted, Conversation};
use crate::limits;
use crate::realtime::message_key::MessageKey;

impl Conversation {
    /// A row of the drain: offered in the order given. It raises the mark; what lies between is not missing.
    pub(in crate::realtime::inbox) fn admit_drained(&mut self, entry: BufferedMessage, arrival: u64) -> Admitted {
        let Some(seq) = entry.seq() else {
            self.queue.push_unordered(entry, arrival);
            return Admitted::Queued;
        };
        self.mark_received(seq);
        self.believe(seq);
        if let Some(expected) = self.next_seq.filter(|next| seq.saturating_sub(*next) > limits::PLAUSIBLE_JUMP) {
            self.doubted = Some(seq);
            self.queue.push_unordered(entry, arrival);
            return Admitted::Implausible { expected };
        }
        self.release_below(seq);
        self.queue.push(entry, arrival);
        self.raise(seq);
        Admitted::Queued
    }

    /// The drain has come to a message that is here already: if it waits early, its turn has come.
    pub(in crate::realtime::inbox) fn reached_by_drain(&mut self, key: &MessageKey, seq: Option<u64>) {
        let Some(seq) = seq else { return };
        let place =
            self.early.range((seq, 0)..=(seq, u64::MAX)).find(|(_, (entry, _))| MessageKey::of(&entry.body) == *key);
        let Some(place) = place.map(|(place, _)| *place) else {
            return;
        };
        self.release_below(seq);
        if let Some((entry, _)) = self.early.remove(&place) {
            self.queue.push(entry, place.1);
        }
        self.raise(seq);
    }

    /// The drain has come to a message that was settled: the drain brings nothing below it.
    pub(in crate::realtime::inbox) fn settled_by_drain(&mut self, seq: Option<u64>) {
        if let Some(seq) =
            seq.filter(|seq| self.next_seq.is_none_or(|n| seq.saturating_sub(n) <= limits::PLAUSIBLE_JUMP))
        {
            self.release_below(seq);
            self.raise(seq);
        }
    }

    /// A conversation without a mark in which a platform without acks has messages that only history still brings: it
    /// begins at the lowest of them, so that whatever was lost above shows as a gap.
    pub(in crate::realtime::inbox) fn begin_at_missing(&mut self, seq: u64) {
        let lowest = self.missing.first().filter(|lowest| *lowest < seq);
        if self.next_seq.is_none() && lowest.is_some_and(|lowest| seq.saturating_sub(lowest) <= limits::PLAUSIBLE_JUMP)
        {
            self.next_seq = lowest;
        }
    }
}
