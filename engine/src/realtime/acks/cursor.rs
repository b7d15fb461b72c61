//! The drain's rows in the order given, and how far the sync cursor may go: up to the last row before the
//! first one that is not settled for good.

use std::collections::VecDeque;

use super::dedup::Dedup;
use crate::hash_key::HashKey;
use crate::realtime::keyed_slab::KeyedSlab;
use crate::realtime::message_key::MessageKey;
use crate::types::DeliveryId;

#[derive(Debug)]
pub(in crate::realtime) struct CursorLog {
    capacity: usize,
    rows: VecDeque<(Option<MessageKey>, Option<DeliveryId>)>,
    members: KeyedSlab<MessageKey, u32>,
    /// Rows came that had no room here: the cursor stays before them until the next drain.
    overflowed: bool,
    committable: Option<DeliveryId>,
    /// What the committable cursor covers.
    covered: KeyedSlab<MessageKey, ()>,
    /// What the cursor that is being committed covers.
    committing: KeyedSlab<MessageKey, ()>,
}

impl CursorLog {
    pub(in crate::realtime) fn new(capacity: usize, hash_key: HashKey) -> Self {
        Self {
            capacity,
            rows: VecDeque::new(),
            members: KeyedSlab::new(hash_key),
            overflowed: false,
            committable: None,
            covered: KeyedSlab::new(hash_key),
            committing: KeyedSlab::new(hash_key),
        }
    }

    /// A new drain begins: its rows come again from the start.
    pub(in crate::realtime) fn restart(&mut self) {
        self.rows.clear();
        self.members.clear();
        self.overflowed = false;
    }

    /// A row of the drain; without a key there is nothing to wait for.
    pub(in crate::realtime) fn push(&mut self, key: Option<MessageKey>, delivery_id: Option<DeliveryId>) {
        self.overflowed |= self.rows.len() >= self.capacity;
        if self.overflowed {
            return;
        }
        // A row without a cursor may be the last: it is waited for, and yet acked by frame.
        if let (Some(key), Some(_)) = (&key, &delivery_id) {
            let (_, count) = self.members.get_or_insert(key, || 0);
            *count = count.saturating_add(1);
        }
        self.rows.push_back((key, delivery_id));
    }

    /// Whether a row with this key and a cursor of its own waits for the commit.
    pub(in crate::realtime) fn contains(&self, key: &MessageKey) -> bool {
        self.members.contains(key)
    }

    /// Whether the platform may not know yet that this row is handled.
    pub(in crate::realtime) fn is_unconfirmed(&self, key: &MessageKey) -> bool {
        self.contains(key) || self.covered.contains(key) || self.committing.contains(key)
    }

    /// Moves over what is settled.
    pub(in crate::realtime) fn advance(&mut self, dedup: &Dedup) {
        while let Some((key, _)) = self.rows.front() {
            if key.as_ref().is_some_and(|key| !dedup.is_done(key)) {
                break;
            }
            let Some((key, delivery_id)) = self.rows.pop_front() else { break };
            if let (Some(key), Some(_)) = (key, &delivery_id) {
                self.leave(&key);
                if self.covered.len() < self.capacity {
                    self.covered.get_or_insert(&key, || ());
                }
            }
            self.committable = delivery_id.or(self.committable.take());
        }
    }

    fn leave(&mut self, key: &MessageKey) {
        let Some(slot) = self.members.slot(key) else { return };
        match self.members.get_mut(slot) {
            Some(count) if *count > 1 => *count = count.saturating_sub(1),
            _ => drop(self.members.remove(slot)),
        }
    }

    /// Whether the cursor has moved since it was last taken.
    pub(in crate::realtime) fn is_committable(&self) -> bool {
        self.committable.is_some()
    }

    /// Whether rows that are not settled yet can move it further.
    pub(in crate::realtime) fn waits_for_more(&self) -> bool {
        !self.rows.is_empty()
    }

    /// The cursor to commit, if it has moved since it was last taken.
    pub(in crate::realtime) fn take_committable(&mut self) -> Option<DeliveryId> {
        let cursor = self.committable.take()?;
        self.committing.clear();
        core::mem::swap(&mut self.committing, &mut self.covered);
        Some(cursor)
    }

    /// The platform has taken the commit.
    pub(in crate::realtime) fn committed(&mut self) {
        self.committing.clear();
    }

    /// A commit failed; unless a later one is due, it is due again.
    pub(in crate::realtime) fn put_back(&mut self, delivery_id: DeliveryId) {
        self.committable.get_or_insert(delivery_id);
        for (_, key, ()) in self.committing.iter() {
            self.covered.get_or_insert(key, || ());
        }
        self.committing.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::MessageId;

    const HASH_KEY: HashKey = HashKey::new([7; 16]);

    fn key(id: &str) -> MessageKey {
        MessageKey::Message(MessageId::from(id))
    }

    fn done(dedup: &mut Dedup, id: &str) {
        dedup.settled_elsewhere(dedup.hashed(key(id)));
    }

    #[test]
    fn the_cursor_stops_before_the_first_unsettled_row() {
        let (mut log, mut dedup) = (CursorLog::new(3, HASH_KEY), Dedup::new(10, HASH_KEY));
        for id in ["a", "b", "c"] {
            log.push(Some(key(id)), Some(DeliveryId::from(id)));
        }
        done(&mut dedup, "a");
        done(&mut dedup, "c");
        log.advance(&dedup);
        assert_eq!(log.take_committable(), Some(DeliveryId::from("a")));
        assert!(log.contains(&key("b")) && log.contains(&key("c")) && !log.contains(&key("a")));
        done(&mut dedup, "b");
        log.advance(&dedup);
        assert_eq!(log.take_committable(), Some(DeliveryId::from("c")));
        assert_eq!(log.take_committable(), None);
    }

    #[test]
    fn a_row_is_unconfirmed_until_its_commit_has_arrived() {
        let (mut log, mut dedup) = (CursorLog::new(3, HASH_KEY), Dedup::new(10, HASH_KEY));
        log.push(Some(key("a")), Some(DeliveryId::from("a")));
        done(&mut dedup, "a");
        log.advance(&dedup);
        assert!(log.is_unconfirmed(&key("a")) && !log.contains(&key("a")));
        let cursor = log.take_committable().unwrap();
        log.put_back(cursor.clone());
        assert!(log.is_unconfirmed(&key("a")));
        assert_eq!(log.take_committable(), Some(cursor));
        log.committed();
        assert!(!log.is_unconfirmed(&key("a")));
    }

    #[test]
    fn the_cursor_never_passes_a_row_that_had_no_room() {
        let (mut log, mut dedup) = (CursorLog::new(3, HASH_KEY), Dedup::new(10, HASH_KEY));
        log.push(Some(key("stuck")), Some(DeliveryId::from("stuck")));
        for _ in 0..3 {
            log.push(None, Some(DeliveryId::from("own")));
        }
        log.push(Some(key("late")), Some(DeliveryId::from("late")));
        assert!(!log.contains(&key("late")));
        for id in ["stuck", "late"] {
            done(&mut dedup, id);
        }
        log.advance(&dedup);
        log.push(None, Some(DeliveryId::from("behind")));
        log.advance(&dedup);
        assert_eq!(log.take_committable(), Some(DeliveryId::from("own")));
        log.restart();
        log.push(None, Some(DeliveryId::from("again")));
        log.advance(&dedup);
        assert_eq!(log.take_committable(), Some(DeliveryId::from("again")));
    }

    #[test]
    fn what_a_cursor_covers_is_bounded_while_it_cannot_be_committed() {
        let (mut log, mut dedup) = (CursorLog::new(3, HASH_KEY), Dedup::new(10, HASH_KEY));
        for id in ["a", "b", "c", "d"] {
            log.push(Some(key(id)), Some(DeliveryId::from(id)));
            done(&mut dedup, id);
            log.advance(&dedup);
        }
        assert!(["a", "b", "c"].iter().all(|id| log.is_unconfirmed(&key(id))));
        assert!(!log.is_unconfirmed(&key("d")), "the fourth has no room");
        assert_eq!(log.take_committable(), Some(DeliveryId::from("d")));
    }

    #[test]
    fn a_row_that_comes_twice_waits_for_both() {
        let (mut log, mut dedup) = (CursorLog::new(5, HASH_KEY), Dedup::new(10, HASH_KEY));
        for (id, cursor) in [("a", "1"), ("stuck", "2"), ("a", "3")] {
            log.push(Some(key(id)), Some(DeliveryId::from(cursor)));
        }
        done(&mut dedup, "a");
        log.advance(&dedup);
        assert_eq!(log.take_committable(), Some(DeliveryId::from("1")));
        assert!(log.contains(&key("a")), "it is here once more");
        assert!(log.waits_for_more());
        done(&mut dedup, "stuck");
        log.advance(&dedup);
        assert!(!log.contains(&key("a")) && !log.waits_for_more());
    }
}
