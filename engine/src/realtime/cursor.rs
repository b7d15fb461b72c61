//! The drain's rows in the order given, and how far the sync cursor may go: up to the last row before the
//! first one that is not settled for good.

use std::collections::{BTreeMap, VecDeque};

use super::ledger::{Key, Ledger};
use crate::types::DeliveryId;

#[derive(Debug, Default)]
pub(super) struct CursorLog {
    rows: VecDeque<(Option<Key>, Option<DeliveryId>)>,
    members: BTreeMap<Key, u32>,
    committable: Option<DeliveryId>,
}

impl CursorLog {
    /// A new drain begins: its rows come again from the start.
    pub(super) fn restart(&mut self) {
        self.rows.clear();
        self.members.clear();
    }

    /// A row of the drain; without a key there is nothing to wait for.
    pub(super) fn push(&mut self, key: Option<Key>, delivery_id: Option<DeliveryId>) {
        if let Some(key) = &key {
            let count = self.members.entry(key.clone()).or_default();
            *count = count.saturating_add(1);
        }
        self.rows.push_back((key, delivery_id));
    }

    /// Whether a row with this key waits for the cursor.
    pub(super) fn contains(&self, key: &Key) -> bool {
        self.members.contains_key(key)
    }

    /// Moves over what is settled.
    pub(super) fn advance(&mut self, ledger: &Ledger) {
        while let Some((key, _)) = self.rows.front() {
            if key.as_ref().is_some_and(|key| !ledger.is_done(key)) {
                break;
            }
            let Some((key, delivery_id)) = self.rows.pop_front() else { break };
            if let Some(key) = key {
                let left = self.members.get(&key).map_or(0, |count| count.saturating_sub(1));
                if left == 0 {
                    self.members.remove(&key);
                } else {
                    self.members.insert(key, left);
                }
            }
            self.committable = delivery_id.or(self.committable.take());
        }
    }

    /// The cursor to commit, if it has moved since it was last taken.
    pub(super) fn take_committable(&mut self) -> Option<DeliveryId> {
        self.committable.take()
    }

    /// A commit failed; unless a later one is due, it is due again.
    pub(super) fn put_back(&mut self, delivery_id: DeliveryId) {
        self.committable.get_or_insert(delivery_id);
    }
}

#[cfg(test)]
mod tests {
    use super::super::ledger::Known;
    use super::*;
    use crate::types::MessageId;

    #[test]
    fn the_cursor_stops_before_the_first_unsettled_row() {
        let key = |id: &str| Key::Message(MessageId::from(id));
        let (mut log, mut ledger) = (CursorLog::default(), Ledger::new(10));
        for id in ["a", "b", "c"] {
            log.push(Some(key(id)), Some(DeliveryId::from(id)));
        }
        log.push(None, None);
        ledger.note(key("a"), Known::Done);
        ledger.note(key("c"), Known::Done);
        log.advance(&ledger);
        assert_eq!(log.take_committable(), Some(DeliveryId::from("a")));
        assert!(log.contains(&key("b")) && log.contains(&key("c")) && !log.contains(&key("a")));
        ledger.note(key("b"), Known::Done);
        log.advance(&ledger);
        assert_eq!(log.take_committable(), Some(DeliveryId::from("c")));
        assert_eq!(log.take_committable(), None);
    }
}
