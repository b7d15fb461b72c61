//! Acks that wait for a connection that takes them. They survive a reconnect.

use std::collections::{BTreeSet, VecDeque};

use crate::types::MessageId;

#[derive(Debug)]
pub(in crate::realtime) struct Outbox {
    waiting: VecDeque<MessageId>,
    members: BTreeSet<MessageId>,
    capacity: usize,
}

impl Outbox {
    pub(in crate::realtime) fn new(capacity: usize) -> Self {
        Self { waiting: VecDeque::new(), members: BTreeSet::new(), capacity }
    }

    /// Adds an ack once. Over capacity the oldest is forgotten: its message comes again and is acked then.
    pub(in crate::realtime) fn push(&mut self, id: MessageId) {
        if self.members.insert(id.clone()) {
            self.waiting.push_back(id);
        }
        if self.waiting.len() > self.capacity {
            self.pop();
        }
    }

    pub(in crate::realtime) fn contains(&self, id: &MessageId) -> bool {
        self.members.contains(id)
    }

    /// What waits, the oldest first.
    pub(in crate::realtime) fn waiting(&self) -> impl Iterator<Item = &MessageId> {
        self.waiting.iter()
    }

    pub(in crate::realtime) fn pop(&mut self) -> Option<MessageId> {
        let id = self.waiting.pop_front()?;
        self.members.remove(&id);
        Some(id)
    }

    /// The platform of this connection takes no acks.
    pub(in crate::realtime) fn clear(&mut self) {
        self.waiting.clear();
        self.members.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ack_waits_once_and_over_capacity_the_oldest_is_forgotten() {
        let mut outbox = Outbox::new(2);
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
