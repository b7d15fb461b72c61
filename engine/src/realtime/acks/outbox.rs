//! Acks that wait for a connection that takes them. They survive a reconnect.

use crate::hash_key::HashKey;
use crate::realtime::keyed_slab::KeyedSlab;
use crate::realtime::slot_list::SlotList;
use crate::types::MessageId;

#[derive(Debug)]
pub(in crate::realtime) struct Outbox {
    /// The oldest. It has a place of its own, because on a connection that takes acks there is no other.
    oldest: Option<MessageId>,
    /// The others; none without an oldest.
    others: KeyedSlab<MessageId, ()>,
    /// The others, the oldest first.
    order: SlotList,
    capacity: usize,
}

impl Outbox {
    pub(in crate::realtime) fn new(capacity: usize, hash_key: HashKey) -> Self {
        Self { oldest: None, others: KeyedSlab::new(hash_key), order: SlotList::default(), capacity }
    }

    /// Adds an ack once. Over capacity the oldest is forgotten: its message comes again and is acked then.
    pub(in crate::realtime) fn push(&mut self, id: MessageId) {
        match &self.oldest {
            None => self.oldest = Some(id),
            Some(oldest) if *oldest == id => {}
            Some(_) => {
                let id = self.others.hashed(id);
                if self.others.slot_of(&id).is_none() {
                    self.order.put_last(self.others.insert(id, ()));
                }
                if self.order.len() >= self.capacity {
                    self.pop();
                }
            }
        }
    }

    pub(in crate::realtime) fn contains(&self, id: &MessageId) -> bool {
        self.oldest.as_ref() == Some(id) || self.others.contains(id)
    }

    pub(in crate::realtime) fn len(&self) -> usize {
        self.order.len().saturating_add(self.oldest.is_some().into())
    }

    /// What waits, the oldest first.
    pub(in crate::realtime) fn waiting(&self) -> impl Iterator<Item = &MessageId> {
        self.oldest.iter().chain(self.order.iter().filter_map(|slot| self.others.key(slot)))
    }

    pub(in crate::realtime) fn pop(&mut self) -> Option<MessageId> {
        let oldest = self.oldest.take()?;
        self.oldest = self.order.pop_first().and_then(|slot| self.others.remove(slot)).map(|(id, ())| id);
        Some(oldest)
    }

    /// The platform of this connection takes no acks.
    pub(in crate::realtime) fn clear(&mut self) {
        while self.pop().is_some() {}
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
