//! What is known of a message by its id. Looked at before ordering, so that no path can bring a message in twice.

use std::collections::BTreeMap;

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

/// The ids. What is settled is bounded, the least recently seen is forgotten first; what is pending is
/// bounded by the buffers.
#[derive(Debug)]
pub(in crate::realtime) struct Dedup {
    known: BTreeMap<MessageKey, (MessageState, u64)>,
    settled: BTreeMap<u64, MessageKey>,
    stamps: u64,
    capacity: usize,
}

impl Dedup {
    pub(in crate::realtime) fn new(capacity: usize) -> Self {
        Self { known: BTreeMap::new(), settled: BTreeMap::new(), stamps: 0, capacity }
    }

    /// What is known; being seen again makes a settled id young.
    pub(in crate::realtime) fn look(&mut self, key: &MessageKey) -> Option<MessageState> {
        let known = self.known.get(key)?.0;
        if known != MessageState::Pending {
            self.note(key.clone(), known);
        }
        Some(known)
    }

    pub(super) fn is_done(&self, key: &MessageKey) -> bool {
        matches!(self.known.get(key), Some((MessageState::Done, _)))
    }

    /// The ids that are settled for good, the most recently seen first.
    pub(in crate::realtime) fn done(&self) -> impl Iterator<Item = &MessageKey> {
        self.settled.values().rev().filter(|key| self.is_done(key))
    }

    pub(in crate::realtime) fn note(&mut self, key: MessageKey, known: MessageState) {
        self.stamps = self.stamps.saturating_add(1);
        if let Some((_, stamp)) = self.known.insert(key.clone(), (known, self.stamps)) {
            self.settled.remove(&stamp);
        }
        if known != MessageState::Pending {
            self.settled.insert(self.stamps, key);
        }
        while self.settled.len() > self.capacity {
            if let Some((_, oldest)) = self.settled.pop_first() {
                self.known.remove(&oldest);
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
        let mut dedup = Dedup::new(2);
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
