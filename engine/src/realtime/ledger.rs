//! What is known of a message by its id. Looked at before ordering, so that no path can bring a message in twice.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::delivery::DeliveryBody;
use crate::types::{DeliveryId, MessageId, Unreadable};

/// What tells one delivery's content from another's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Message(MessageId),
    /// An unreadable row with nothing but a delivery id.
    Row(DeliveryId),
    /// An unreadable row without a message id: the SHA-256 of its place, or else of its text, because keys outlive what
    /// they stand for.
    Text([u8; 32]),
}

impl Key {
    pub(super) fn of(body: &DeliveryBody) -> Self {
        match body {
            DeliveryBody::Message(row) => Self::Message(row.header().id.clone()),
            DeliveryBody::Unreadable(unreadable) => Self::of_unreadable(unreadable),
        }
    }

    /// The same for one message, whether it came over the socket, by a drain or from history, if that is possible.
    fn of_unreadable(unreadable: &Unreadable) -> Self {
        if let Some(id) = &unreadable.id {
            return Self::Message(id.clone());
        }
        if let (Some(id), Some(seq)) = (&unreadable.conversation_id, unreadable.seq) {
            return Self::Text(Sha256::digest(format!("seq {seq} of {id}")).into());
        }
        match &unreadable.delivery_id {
            Some(id) => Self::Row(id.clone()),
            None => Self::Text(Sha256::digest(unreadable.text.as_bytes()).into()),
        }
    }

    pub(super) fn message_id(&self) -> Option<&MessageId> {
        match self {
            Self::Message(id) => Some(id),
            Self::Row(_) | Self::Text(_) => None,
        }
    }
}

/// What is known of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
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
pub(super) struct Ledger {
    known: BTreeMap<Key, (Known, u64)>,
    settled: BTreeMap<u64, Key>,
    stamps: u64,
    capacity: usize,
}

impl Ledger {
    pub(super) fn new(capacity: usize) -> Self {
        Self { known: BTreeMap::new(), settled: BTreeMap::new(), stamps: 0, capacity }
    }

    /// What is known; being seen again makes a settled id young.
    pub(super) fn look(&mut self, key: &Key) -> Option<Known> {
        let known = self.known.get(key)?.0;
        if known != Known::Pending {
            self.note(key.clone(), known);
        }
        Some(known)
    }

    pub(super) fn is_done(&self, key: &Key) -> bool {
        matches!(self.known.get(key), Some((Known::Done, _)))
    }

    /// The ids that are settled for good, the most recently seen first.
    pub(super) fn done(&self) -> impl Iterator<Item = &Key> {
        self.settled.values().rev().filter(|key| self.is_done(key))
    }

    pub(super) fn note(&mut self, key: Key, known: Known) {
        self.stamps = self.stamps.saturating_add(1);
        if let Some((_, stamp)) = self.known.insert(key.clone(), (known, self.stamps)) {
            self.settled.remove(&stamp);
        }
        if known != Known::Pending {
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

    fn key(n: u32) -> Key {
        Key::Message(MessageId::from(format!("msg_{n}")))
    }

    #[test]
    fn the_least_recently_seen_is_forgotten_and_pending_never_is() {
        let mut ledger = Ledger::new(2);
        ledger.note(key(0), Known::Pending);
        ledger.note(key(1), Known::Done);
        ledger.note(key(2), Known::Done);
        assert_eq!(ledger.look(&key(1)), Some(Known::Done));
        ledger.note(key(3), Known::Done);
        assert_eq!(ledger.look(&key(2)), None);
        assert_eq!(ledger.look(&key(1)), Some(Known::Done));
        assert_eq!(ledger.look(&key(0)), Some(Known::Pending));
        ledger.note(key(0), Known::Done);
        assert!(ledger.is_done(&key(0)) && !ledger.is_done(&key(3)));
    }
}
