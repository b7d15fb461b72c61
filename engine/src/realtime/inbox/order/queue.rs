//! The messages of one conversation whose turn it is: one offer at a time, and a failed one before all others.

use std::collections::BTreeMap;

use super::buffered_message::BufferedMessage;
use crate::time::Mono;

#[derive(Debug, Default)]
pub(super) struct Queue {
    /// The first by seq and arrival. It has a place of its own, because most conversations have no other.
    first: Option<((u64, u64), BufferedMessage)>,
    /// The others.
    others: BTreeMap<(u64, u64), BufferedMessage>,
    /// A failed message that is offered again before all others.
    head: Option<BufferedMessage>,
    /// Until when it waits.
    waiting: Option<Mono>,
    in_flight: bool,
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

    pub(super) fn may_offer(&self) -> bool {
        !self.in_flight && self.waiting.is_none() && (self.head.is_some() || self.first.is_some())
    }

    /// The message to offer now, if one may be, and whether it comes late. `mark` is the seq that the conversation expects next.
    pub(super) fn offer(&mut self, mark: Option<u64>) -> Option<(BufferedMessage, bool)> {
        if !self.may_offer() {
            return None;
        }
        let entry = self.head.take().or_else(|| self.pop())?;
        let seq = entry.seq().unwrap_or(0);
        let late = seq > 0 && seq < self.offered;
        // An implausible seq, which the mark did not follow, makes nothing after it late.
        if mark.is_some_and(|mark| seq < mark) {
            self.offered = self.offered.max(seq);
        }
        self.in_flight = true;
        Some((entry, late))
    }

    /// What was offered is over, however it ended.
    pub(super) fn settled(&mut self) {
        self.in_flight = false;
    }

    /// A failed message is offered again, in place, from `at` on.
    pub(super) fn wait(&mut self, entry: BufferedMessage, at: Mono) {
        self.head = Some(entry);
        self.waiting = Some(at);
    }

    /// The failed message has waited long enough.
    pub(super) fn waited(&mut self) {
        self.waiting = None;
    }

    /// Whether nothing is queued, waits or is offered.
    pub(super) fn is_empty(&self) -> bool {
        !self.in_flight && self.head.is_none() && self.first.is_none()
    }

    /// What is queued or waits to be offered again.
    pub(super) fn entries(&self) -> impl Iterator<Item = &BufferedMessage> {
        self.head.iter().chain(self.first.iter().map(|(_, entry)| entry)).chain(self.others.values())
    }

    pub(super) fn offered(&self) -> u64 {
        self.offered
    }
}
