//! What is known of a message by its id. Looked at before ordering, so that no path can bring a message in twice.

use hashlink::LinkedHashMap;

use crate::hash_key::HashKey;
use crate::realtime::message_key::MessageKey;

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

impl MessageState {
    fn is_settled(self) -> bool {
        self != Self::Pending
    }
}

/// The ids, those that were seen last at the end. What is settled is bounded, the least recently seen is forgotten first; what is
/// pending is bounded by the buffers.
#[derive(Debug)]
pub(in crate::realtime) struct Dedup {
    known: LinkedHashMap<MessageKey, MessageState, HashKey>,
    /// How many of them are settled.
    settled: usize,
    capacity: usize,
}

impl Dedup {
    pub(in crate::realtime) fn new(capacity: usize, hash_key: HashKey) -> Self {
        Self { known: LinkedHashMap::with_hasher(hash_key), settled: 0, capacity }
    }

    /// What is known; being seen again makes a settled id young.
    pub(in crate::realtime) fn look(&mut self, key: &MessageKey) -> Option<MessageState> {
        self.known.to_back(key).copied()
    }

    pub(super) fn is_done(&self, key: &MessageKey) -> bool {
        self.known.get(key) == Some(&MessageState::Done)
    }

    /// The ids that are settled for good, the most recently seen first.
    pub(in crate::realtime) fn done(&self) -> impl Iterator<Item = &MessageKey> {
        self.known.iter().rev().filter(|(_, state)| **state == MessageState::Done).map(|(key, _)| key)
    }

    pub(in crate::realtime) fn note(&mut self, key: MessageKey, state: MessageState) {
        let before = self.known.insert(key, state);
        self.settled = self.settled.saturating_sub(before.is_some_and(MessageState::is_settled).into());
        self.settled = self.settled.saturating_add(state.is_settled().into());
        while self.settled > self.capacity
            && let Some((oldest, state)) = self.known.pop_front()
        {
            if state.is_settled() {
                self.settled = self.settled.saturating_sub(1);
            } else {
                // Behind all others it is in nobody's way for as long as the rest is remembered.
                self.known.insert(oldest, state);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::MessageId;

    fn key(n: u32) -> MessageKey {
        MessageKey::Message(MessageId::from(format!("msg_{n}")))
    }

    #[test]
    fn the_least_recently_seen_is_forgotten_and_pending_never_is() {
        let mut dedup = Dedup::new(2, HashKey::new([7; 16]));
        dedup.note(key(0), MessageState::Pending);
        dedup.note(key(1), MessageState::Done);
        dedup.note(key(2), MessageState::Done);
        assert_eq!(dedup.look(&key(1)), Some(MessageState::Done));
        dedup.note(key(3), MessageState::Done);
        assert_eq!(dedup.look(&key(2)), None);
        assert_eq!(dedup.look(&key(1)), Some(MessageState::Done));
        assert_eq!(dedup.look(&key(0)), Some(MessageState::Pending));
        dedup.note(key(0), MessageState::Done);
        assert!(dedup.is_done(&key(0)) && !dedup.is_done(&key(3)));
    }
}
