//! Acks that wait for a connection that takes them. They survive a reconnect.

use hashlink::LinkedHashSet;

use crate::hash_key::HashKey;
use crate::types::MessageId;

#[derive(Debug)]
pub(in crate::realtime) struct Outbox {
    /// The oldest. It has a place of its own, because on a connection that takes acks there is no other.
    oldest: Option<MessageId>,
    /// The others, the oldest first; none without an oldest.
    others: LinkedHashSet<MessageId, HashKey>,
    capacity: usize,
}

impl Outbox {
    pub(in crate::realtime) fn new(capacity: usize, hash_key: HashKey) -> Self {
        Self { oldest: None, others: LinkedHashSet::with_hasher(hash_key), capacity }
    }

    /// Adds an ack once. Over capacity the oldest is forgotten: its message comes again and is acked then.
    pub(in crate::realtime) fn push(&mut self, id: MessageId) {
        match &self.oldest {
            None => self.oldest = Some(id),
            Some(oldest) if *oldest == id => {}
            Some(_) => {
                // One that waits keeps its place.
                self.others.replace(id);
                if self.others.len() >= self.capacity {
                    self.pop();
                }
            }
        }
    }

    pub(in crate::realtime) fn contains(&self, id: &MessageId) -> bool {
        self.oldest.as_ref() == Some(id) || self.others.contains(id)
    }

    /// What waits, the oldest first.
    pub(in crate::realtime) fn waiting(&self) -> impl Iterator<Item = &MessageId> {
        self.oldest.iter().chain(&self.others)
    }

    pub(in crate::realtime) fn pop(&mut self) -> Option<MessageId> {
        let oldest = self.oldest.take()?;
        if !self.others.is_empty() {
            self.oldest = self.others.pop_front();
        }
        Some(oldest)
    }

    /// The platform of this connection takes no acks.
    pub(in crate::realtime) fn clear(&mut self) {
        self.oldest = None;
        self.others.clear();
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
