//! The messages of one conversation whose turn it is: so many offers at a time, and those that failed before all others.

use std::collections::BTreeMap;

use super::buffered_message::BufferedMessage;
use crate::time::Mono;

#[derive(Debug, Default)]
pub(super) struct Queue {
    /// The first by seq and arrival. It has a place of its own, because most conversations have no other.
    first: Option<((u64, u64), BufferedMessage)>,
    /// The others.
    others: BTreeMap<(u64, u64), BufferedMessage>,
    /// Failed messages, which are offered again before all others, in the order of their turns.
    failed: Vec<BufferedMessage>,
    /// Until when they wait.
    waiting: Option<Mono>,
    in_flight: usize,
    /// Messages that had their turn so far.
    turns: u64,
    /// The highest seq offered.
    offered: u64,
}

impl Queue {
    /// The queue of a conversation in which another session has offered this far.
    pub(super) fn resumed(offered: u64) -> Self {
        Self { offered, ..Self::default() }
    }

    pub(super) fn push(&mut self, entry: BufferedMessage, arrival: u64) {
        let seq = entry.seq().unwrap_or(0);
        self.insert((seq, arrival), entry);
    }

    fn insert(&mut self, place: (u64, u64), entry: BufferedMessage) {
        match &mut self.first {
            Some((first, _)) if *first < place => {
                self.others.insert(place, entry);
            }
            first => {
                if let Some((place, entry)) = first.replace((place, entry)) {
                    self.others.insert(place, entry);
                }
            }
        }
    }

    fn pop(&mut self) -> Option<BufferedMessage> {
        let (_, entry) = self.first.take()?;
        self.first = self.others.pop_first();
        if self.others.is_empty() {
            // An empty tree keeps the memory of its last node.
            self.others = BTreeMap::new();
        }
        Some(entry)
    }

    /// Behind what is queued now, before what is queued later.
    pub(super) fn push_unordered(&mut self, entry: BufferedMessage, arrival: u64) {
        let last = self.others.last_key_value().map(|(place, _)| place);
        let last = last.or(self.first.as_ref().map(|(place, _)| place));
        self.insert((last.map_or(0, |(seq, _)| *seq), arrival), entry);
    }

    /// Whether a message may be offered, where as many may be in flight.
    pub(super) fn may_offer(&self, limit: usize) -> bool {
        self.in_flight < limit && self.waiting.is_none() && (!self.failed.is_empty() || self.first.is_some())
    }

    /// The message to offer now, if one may be, and whether it comes late. `mark` is the seq that the conversation expects next.
    pub(super) fn offer(&mut self, mark: Option<u64>, limit: usize) -> Option<(BufferedMessage, bool)> {
        if !self.may_offer(limit) {
            return None;
        }
        let entry = if self.failed.is_empty() { self.turn_of_next(mark)? } else { self.failed.remove(0) };
        if self.failed.is_empty() {
            // Failures are rare: no memory is kept for them.
            self.failed = Vec::new();
        }
        self.in_flight = self.in_flight.saturating_add(1);
        let late = entry.late;
        Some((entry, late))
    }

    /// The next message that was not offered yet.
    fn turn_of_next(&mut self, mark: Option<u64>) -> Option<BufferedMessage> {
        let mut entry = self.pop()?;
        let seq = entry.seq().unwrap_or(0);
        self.turns = self.turns.saturating_add(1);
        entry.turn = self.turns;
        entry.late = seq > 0 && seq < self.offered;
        // An implausible seq, which the mark did not follow, makes nothing after it late.
        if mark.is_some_and(|mark| seq < mark) {
            self.offered = self.offered.max(seq);
        }
        Some(entry)
    }

    /// What was offered is over, however it ended.
    pub(super) fn settled(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// A failed message is offered again, in place, from `at` on.
    pub(super) fn wait(&mut self, entry: BufferedMessage, at: Mono) {
        let place = self.failed.partition_point(|other| other.turn < entry.turn);
        self.failed.reserve_exact(1);
        self.failed.insert(place, entry);
        self.waiting = self.waiting.max(Some(at));
    }

    /// A failed message has waited long enough; with others, for the last of them.
    pub(super) fn waited(&mut self, now: Mono) {
        self.waiting = self.waiting.filter(|at| *at > now);
    }

    /// Whether nothing is queued, waits or is offered.
    pub(super) fn is_empty(&self) -> bool {
        self.in_flight == 0 && self.failed.is_empty() && self.first.is_none()
    }

    /// What is queued or waits to be offered again.
    pub(super) fn entries(&self) -> impl Iterator<Item = &BufferedMessage> {
        self.failed.iter().chain(self.first.iter().map(|(_, entry)| entry)).chain(self.others.values())
    }

    pub(super) fn offered(&self) -> u64 {
        self.offered
    }
}
