//! From the inbox to a checkpoint, and back.

use std::collections::BTreeMap;

use super::Inbox;
use super::order::{BufferedMessage, Conversation, OrderKey, Slot};
use crate::limits;
use crate::realtime::checkpoint::Checkpoint;
use crate::realtime::message_key::MessageKey;

impl Inbox {
    pub(in crate::realtime) fn checkpoint(&self) -> Checkpoint {
        let mut in_flight: BTreeMap<Slot, Vec<&BufferedMessage>> = BTreeMap::new();
        for (slot, entry) in self.in_flight.iter() {
            in_flight.entry(slot).or_default().push(entry);
        }
        let places = self.conversations.quietest_first().filter_map(|(slot, key, conversation)| {
            let OrderKey::Conversation(id) = key else { return None };
            conversation.place(id, in_flight.get(&slot).map_or(&[], Vec::as_slice), self.legacy)
        });
        Checkpoint {
            legacy: self.legacy,
            places: places.collect(),
            handled: self.handled(),
            unacked: self.acks.waiting().cloned().collect(),
        }
    }

    /// The most recent ids, and those whose ack the platform may not have seen; the oldest first.
    fn handled(&self) -> Vec<MessageKey> {
        let unconfirmed = |key: &MessageKey| {
            self.cursor.is_unconfirmed(key) || key.message_id().is_some_and(|id| self.acks.contains(id))
        };
        let mut handled: Vec<MessageKey> = Vec::new();
        for key in self.dedup.done() {
            if handled.len() < limits::CHECKPOINT_IDS || unconfirmed(key) {
                handled.push(key.clone());
            }
        }
        handled.reverse();
        handled
    }

    /// Takes over what another session knew.
    pub(in crate::realtime) fn resume(&mut self, checkpoint: Checkpoint) {
        for key in checkpoint.handled {
            self.dedup.settled_elsewhere(self.dedup.hashed(key));
        }
        for id in checkpoint.unacked {
            self.dedup.settled_elsewhere(self.dedup.hashed(MessageKey::Message(id.clone())));
            self.acks.push(id);
        }
        self.legacy |= checkpoint.legacy;
        self.resumed = true;
        for place in checkpoint.places {
            let key = OrderKey::Conversation(place.id.clone());
            if self.conversations.get(&key).is_some() {
                continue;
            }
            *self.conversations.open(&key) = Conversation::resumed(place);
        }
        self.events.clear();
    }
}
