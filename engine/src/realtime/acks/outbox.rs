//! Acks that wait for a connection that takes them. They survive a reconnect.

use hashlink::LinkedHashSet;

use crate::hash_key::HashKey;
use crate::types::MessageId;

#[derive(Debug)]
pub(in crate::realtime) struct Outbox {
    /// The oldest first.
    waiting: LinkedHashSet<MessageId, HashKey>,
    capacity: usize,
}

impl Outbox {
    pub(in crate::realtime) fn new(capacity: usize, hash_key: HashKey) -> Self {
        Self { waiting: LinkedHashSet::with_hasher(hash_key), capacity }
    }

    /// Adds an ack once. Over capacity the oldest is forgotten: its message comes again and is acked then.
    pub(in crate::realtime) fn push(&mut self, id: MessageId) {
        // One that waits keeps its place.
        self.waiting.replace(id);
        if self.waiting.len() > self.capacity {
            self.pop();
        }
    }

    pub(in crate::realtime) fn contains(&self, id: &MessageId) -> bool {
        self.waiting.contains(id)
    }

    /// What waits, the oldest first.
    pub(in crate::realtime) fn waiting(&self) -> impl Iterator<Item = &MessageId> {
        self.waiting.iter()
    }

    pub(in crate::realtime) fn pop(&mut self) -> Option<MessageId> {
        self.waiting.pop_front()
    }

    /// The platform of this connection takes no acks.
    pub(in crate::realtime) fn clear(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ack_waits_once_and_over_capacity_the_oldest_is_forgotten() {
        let mut outbox = Outbox::new(2, HashKey::new([7; 16]));
        for id in ["a", "a", "b", "c"] {
            outbox.push(MessageId::from(id));
        }
        assert!(!outbox.contains(&"a".into()) && outbox.contains(&"b".into()));
        let waiting: Vec<_> = outbox.waiting().map(MessageId::as_str).collect();
        assert_eq!(waiting, ["b", "c"]);
        assert_eq!(outbox.pop(), Some("b".into()));
        assert!(!outbox.contains(&"b".into()));
    }
}
