//! From the inbox to a checkpoint, and back.

use std::collections::{BTreeMap, BTreeSet};

use super::checkpoint::{Checkpoint, Place};
use super::event::SeqRange;
use super::inbox::Inbox;
use super::lane::Lane;
use super::lanes::LaneKey;
use super::ledger::{Key, Known};
use super::queue::Queue;
use crate::limits;
use crate::types::ConversationId;

impl Inbox {
    pub(super) fn checkpoint(&self) -> Checkpoint {
        let in_flight: BTreeMap<&LaneKey, Option<u64>> =
            self.in_flight.values().map(|(lane, entry)| (lane, entry.seq())).collect();
        let places = self.lanes.quietest_first().filter_map(|(key, lane)| {
            let LaneKey::Conversation(id) = key else { return None };
            lane.place(id, in_flight.get(key).copied().flatten(), self.legacy)
        });
        Checkpoint {
            legacy: self.legacy,
            places: places.collect(),
            handled: self.handled(),
            unacked: self.acks.waiting().cloned().collect(),
        }
    }

    /// The most recent ids, and those whose ack the platform may not have seen; the oldest first.
    fn handled(&self) -> Vec<Key> {
        let unconfirmed =
            |key: &Key| self.cursor.is_unconfirmed(key) || key.message_id().is_some_and(|id| self.acks.contains(id));
        let mut handled: Vec<Key> = Vec::new();
        for key in self.ledger.done() {
            if handled.len() < limits::CHECKPOINT_IDS || unconfirmed(key) {
                handled.push(key.clone());
            }
        }
        handled.reverse();
        handled
    }

    /// Takes over what another session knew.
    pub(super) fn resume(&mut self, checkpoint: Checkpoint) {
        for key in checkpoint.handled {
            self.ledger.note(key, Known::Done);
        }
        for id in checkpoint.unacked {
            self.ledger.note(Key::Message(id.clone()), Known::Done);
            self.acks.push(id);
        }
        self.legacy |= checkpoint.legacy;
        self.resumed = true;
        for Place { id, next, offered, seen, owed } in checkpoint.places {
            let key = LaneKey::Conversation(id);
            if self.lanes.get(&key).is_some() {
                continue;
            }
            let mut lane = Lane { next, seen, owed, queue: Queue::resumed(offered), ..Lane::default() };
            if let Some(next) = next {
                lane.pass_to(next);
            }
            *self.lanes.open(&key) = lane;
            self.tidy(&key);
        }
        self.events.clear();
    }
}

impl Lane {
    /// Where the next session has to go on: at the lowest seq that is not settled. What is settled above it, or was
    /// never owed, is seen.
    fn place(&self, id: &ConversationId, in_flight: Option<u64>, legacy: bool) -> Option<Place> {
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
