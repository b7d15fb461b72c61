//! One conversation of the toy.

use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) has_id: bool,
    pub(super) place: Option<String>,
    pub(super) seq: Option<u64>,
    pub(super) attempts: u32,
    pub(super) failures: u32,
}

#[derive(Debug, Default)]
pub(super) struct Lane {
    pub(super) next: Option<u64>,
    pub(super) seen: BTreeSet<u64>,
    pub(super) early: BTreeMap<(u64, u64), Item>,
    pub(super) queue: BTreeMap<(u64, u64), Item>,
    pub(super) head: Option<Item>,
    pub(super) offered: u64,
    pub(super) in_flight: u32,
    pub(super) waiting: Option<u64>,
    pub(super) gap_at: Option<u64>,
    /// The seq expected when the window of the gap began.
    pub(super) expected: u64,
    /// W-18 (d): the window of the first gap is that of all.
    pub(super) one_window: bool,
    pub(super) filling: bool,
    order: u64,
}

impl Lane {
    pub(super) fn order(&mut self) -> u64 {
        self.order += 1;
        self.order
    }

    pub(super) fn waiting_items(&self) -> usize {
        self.early.len() + self.queue.len() + usize::from(self.head.is_some())
    }

    pub(super) fn lowest_early(&self) -> Option<u64> {
        self.early.first_key_value().map(|((seq, _), _)| *seq)
    }

    /// The window of a gap begins, unless one is open.
    pub(super) fn open_gap(&mut self, until: u64) {
        if self.gap_at.is_none() {
            (self.gap_at, self.expected) = (Some(until), self.next.unwrap_or(0));
        }
    }

    /// Behind all that is queued now.
    pub(super) fn queue_unordered(&mut self, item: Item) {
        let last = self.queue.last_key_value().map_or(0, |((seq, _), _)| *seq);
        let order = self.order();
        self.queue.insert((last, order), item);
    }

    pub(super) fn queue(&mut self, seq: u64, item: Item) {
        let order = self.order();
        self.queue.insert((seq, order), item);
    }

    /// The mark goes to `to`, never back, and on over what is seen or here; what is left early has a gap before it.
    pub(super) fn pass_to(&mut self, to: u64, now: u64, window: u64) {
        let before = self.next;
        let mut next = to.max(self.next.unwrap_or(0));
        loop {
            if let Some(first) = self.early.first_entry()
                && first.key().0 <= next
            {
                let ((seq, order), item) = first.remove_entry();
                self.queue.insert((seq, order), item);
                next = next.max(seq + 1);
            } else if self.seen.contains(&next) {
                next += 1;
            } else {
                break;
            }
        }
        self.seen = self.seen.split_off(&next);
        self.next = Some(next);
        if self.early.is_empty() {
            self.gap_at = None;
        } else if before != self.next && !(self.one_window && self.gap_at.is_some()) {
            (self.gap_at, self.expected) = (Some(now + window), next);
        }
    }
}
