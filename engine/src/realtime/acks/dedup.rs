//! What is known of a message by its id. Looked at before ordering, so that no path can bring a message in twice.

use crate::hash_key::HashKey;
use crate::realtime::keyed_slab::{Hashed, KeyedSlab};
use crate::realtime::message_key::MessageKey;
use crate::realtime::slot_list::SlotList;

/// What is known of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::realtime) enum MessageState {
    /// Buffered, or offered right now.
    Pending,
    /// Settled for good.
    Done,
    /// Failed too often. The platform still has it.
    GaveUp {
        /// Offers so far.
        attempts: u32,
        /// Whether it is not offered again even if the platform brings it back.
        last: bool,
    },
}

/// Where a pending message is known, so that settling it needs no search.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::realtime) struct PendingSlot(usize);

/// The ids. What is settled is bounded, the least recently seen is forgotten first; what is pending is bounded by the buffers.
#[derive(Debug)]
pub(in crate::realtime) struct Dedup {
    known: KeyedSlab<MessageKey, MessageState>,
    /// The settled ones, those that were seen last at the end.
    settled: SlotList,
    capacity: usize,
}

impl Dedup {
    pub(in crate::realtime) fn new(capacity: usize, hash_key: HashKey) -> Self {
        Self { known: KeyedSlab::new(hash_key), settled: SlotList::default(), capacity }
    }

    pub(in crate::realtime) fn hashed(&self, key: MessageKey) -> Hashed<MessageKey> {
        self.known.hashed(key)
    }

    /// What is known; being seen again makes a settled id young.
    pub(in crate::realtime) fn look(&mut self, key: &Hashed<MessageKey>) -> Option<MessageState> {
        let slot = self.known.slot_of(key)?;
        if self.settled.contains(slot) {
            self.settled.put_last(slot);
        }
        self.known.get(slot).copied()
    }

    pub(super) fn is_done(&self, key: &MessageKey) -> bool {
        self.known.slot(key).and_then(|slot| self.known.get(slot)) == Some(&MessageState::Done)
    }

    /// The ids that are settled for good, the most recently seen first.
    pub(in crate::realtime) fn done(&self) -> impl Iterator<Item = &MessageKey> {
        let done = |slot: &usize| self.known.get(*slot) == Some(&MessageState::Done);
        self.settled.iter_from_last().filter(done).filter_map(|slot| self.known.key(slot))
    }

    /// A message is pending from now on; what was known of it before.
    pub(in crate::realtime) fn enter(&mut self, key: Hashed<MessageKey>) -> (PendingSlot, Option<MessageState>) {
        let Some(slot) = self.known.slot_of(&key) else {
            return (PendingSlot(self.known.insert(key, MessageState::Pending)), None);
        };
        self.settled.remove(slot);
        let before = self.known.get_mut(slot).map(|state| core::mem::replace(state, MessageState::Pending));
        (PendingSlot(slot), before)
    }

    /// A pending message is settled.
    pub(in crate::realtime) fn settle(&mut self, PendingSlot(slot): PendingSlot, state: MessageState) {
        if let Some(known) = self.known.get_mut(slot) {
            *known = state;
            self.settled.put_last(slot);
        }
        while self.settled.len() > self.capacity
            && let Some(oldest) = self.settled.pop_first()
        {
            self.known.remove(oldest);
        }
    }

    /// Another session, or another process, has settled a message for good. One that is pending here is settled here.
    pub(in crate::realtime) fn settled_elsewhere(&mut self, key: Hashed<MessageKey>) {
        if self.look(&key) != Some(MessageState::Pending) {
            let (slot, _) = self.enter(key);
            self.settle(slot, MessageState::Done);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::MessageId;

    fn dedup() -> Dedup {
        Dedup::new(2, HashKey::new([7; 16]))
    }

    fn key(n: u32) -> Hashed<MessageKey> {
        dedup().hashed(MessageKey::Message(MessageId::from(format!("msg_{n}"))))
    }

    #[test]
    fn the_least_recently_seen_is_forgotten_and_pending_never_is() {
        let mut dedup = dedup();
        let (pending, before) = dedup.enter(key(0));
        assert_eq!(before, None);
        dedup.settled_elsewhere(key(1));
        dedup.settled_elsewhere(key(2));
        assert_eq!(dedup.look(&key(1)), Some(MessageState::Done));
        dedup.settled_elsewhere(key(3));
        assert_eq!(dedup.look(&key(2)), None);
        assert_eq!(dedup.look(&key(1)), Some(MessageState::Done));
        assert_eq!(dedup.look(&key(0)), Some(MessageState::Pending));
        dedup.settle(pending, MessageState::Done);
        assert!(dedup.is_done(&key(0).key) && !dedup.is_done(&key(3).key));
    }

    #[test]
    fn a_message_that_was_given_up_can_be_pending_again() {
        let mut dedup = dedup();
        let given_up = MessageState::GaveUp { attempts: 3, last: false };
        let (slot, _) = dedup.enter(key(0));
        dedup.settle(slot, given_up);
        let (slot, before) = dedup.enter(key(0));
        assert_eq!(before, Some(given_up));
        for n in 1..4 {
            dedup.settled_elsewhere(key(n));
        }
        assert_eq!(dedup.look(&key(0)), Some(MessageState::Pending));
        dedup.settle(slot, MessageState::Done);
        let done: Vec<_> = dedup.done().cloned().collect();
        assert_eq!(done, [key(0).key, key(3).key]);
    }
}
