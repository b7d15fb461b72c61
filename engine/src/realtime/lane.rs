//! The order of one conversation: its mark, what came early, and when its turn comes.
//!
//! The mark is kept while the conversation is idle and across reconnects; without it a gap could only be
//! seen right after another message.

use std::collections::BTreeMap;

use super::entry::Entry;
use super::event::SeqRange;
use super::fill::Filling;
use super::gap::{Gap, Habit};
use super::ledger::Key;
use super::options::SessionOptions;
use super::queue::Queue;
use super::seq_set::SeqSet;
use crate::limits;
use crate::time::Mono;
use crate::types::MessageId;

/// What became of a live message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admitted {
    /// It is its turn, or its turn has passed.
    Queued,
    /// It waits for what is missing before it.
    Early,
    /// It is too far ahead to be believed: queued, the mark stays.
    Implausible { expected: u64 },
}

/// A hole that was given up.
#[derive(Debug)]
pub(super) struct Hole {
    pub(super) expected: u64,
    pub(super) missing: Vec<SeqRange>,
    pub(super) noticed: Mono,
}

#[derive(Debug, Default)]
pub(super) struct Lane {
    /// The mark: the seq expected next. `None` until the first message.
    pub(super) next: Option<u64>,
    /// The lowest seq that was pushed as new: what lies below may be older than this process.
    pub(super) lowest_live: Option<u64>,
    /// The drain whose row was the first message, if it was one.
    pub(super) begun_by: Option<u64>,
    /// Seqs at or above the mark that nothing is owed for: our own.
    pub(super) seen: SeqSet,
    /// Seqs of messages that are not here and may not come again by themselves.
    pub(super) owed: SeqSet,
    /// How many drains had begun when something became owed last.
    pub(super) owed_since: u64,
    /// Messages above the mark, by seq and arrival.
    pub(super) early: BTreeMap<(u64, u64), (Entry, Mono)>,
    /// The lowest hole, while something waits above it.
    pub(super) gap: Option<Gap>,
    /// What has become of the holes so far.
    pub(super) habit: Habit,
    /// What history is being asked for, of what is owed.
    pub(super) retrieving: Option<SeqRange>,
    /// What history has answered about the lowest hole, and whether it is being asked.
    pub(super) filling: Option<Filling>,
    /// The last seq that was too far ahead to be believed.
    pub(super) doubted: Option<u64>,
    /// Messages whose turn it is.
    pub(super) queue: Queue,
}

impl Lane {
    /// A message was pushed when it was stored. One that is pushed again says nothing about when this process began, and
    /// neither does one behind the mark.
    pub(super) fn pushed_as_new(&mut self, seq: u64) {
        if self.next.is_none_or(|next| seq >= next) {
            self.lowest_live = Some(self.lowest_live.map_or(seq, |lowest| lowest.min(seq)));
        }
    }

    /// A live message. While `holding`, what is ahead waits without opening a gap.
    pub(super) fn admit(&mut self, entry: Entry, arrival: u64, now: Mono, holding: bool) -> Admitted {
        let Some(seq) = entry.seq() else {
            self.queue.push_unordered(entry, arrival);
            return Admitted::Queued;
        };
        self.came(seq);
        self.believe(seq);
        match self.next {
            None if !holding => {
                self.next = Some(seq);
                self.queue.push(entry, arrival);
                self.pass(seq);
                Admitted::Queued
            }
            Some(next) if seq <= next => {
                self.queue.push(entry, arrival);
                if seq == next {
                    let gap = self.gap;
                    self.pass(seq);
                    if gap.is_some_and(|gap| !gap.is_failing()) && gap != self.gap {
                        self.habit.closed_itself();
                    }
                }
                Admitted::Queued
            }
            Some(next) if seq.saturating_sub(next) > limits::PLAUSIBLE_JUMP => {
                self.doubted = Some(seq);
                self.queue.push_unordered(entry, arrival);
                Admitted::Implausible { expected: next }
            }
            _ => {
                self.early.insert((seq, arrival), (entry, now));
                if !holding {
                    self.notice_gap(now);
                }
                Admitted::Early
            }
        }
    }

    /// A row of the drain: offered in the order given. It raises the mark; what lies between is not owed.
    pub(super) fn admit_drained(&mut self, entry: Entry, arrival: u64) -> Admitted {
        let Some(seq) = entry.seq() else {
            self.queue.push_unordered(entry, arrival);
            return Admitted::Queued;
        };
        self.came(seq);
        self.believe(seq);
        if let Some(expected) = self.next.filter(|next| seq.saturating_sub(*next) > limits::PLAUSIBLE_JUMP) {
            self.doubted = Some(seq);
            self.queue.push_unordered(entry, arrival);
            return Admitted::Implausible { expected };
        }
        self.release_below(seq);
        self.queue.push(entry, arrival);
        self.raise(seq);
        Admitted::Queued
    }

    /// One seq far ahead is a mistake. Another that goes on from there is a conversation that went on without us: its
    /// mark follows, or every message to come would be doubted.
    fn believe(&mut self, seq: u64) {
        let Some(doubted) = self.doubted.filter(|doubted| seq > *doubted) else { return };
        if seq.saturating_sub(doubted) <= limits::PLAUSIBLE_JUMP {
            self.doubted = None;
            self.release_below(doubted);
            self.raise(doubted);
        }
    }

    /// The drain has come to a message that is here already: if it waits early, its turn has come.
    pub(super) fn reached_by_drain(&mut self, key: &Key, seq: Option<u64>) {
        let Some(seq) = seq else { return };
        let place = self.early.range((seq, 0)..=(seq, u64::MAX)).find(|(_, (entry, _))| entry.key == *key);
        let Some(place) = place.map(|(place, _)| *place) else {
            return;
        };
        self.release_below(seq);
        if let Some((entry, _)) = self.early.remove(&place) {
            self.queue.push(entry, place.1);
        }
        self.raise(seq);
    }

    /// The drain has come to a message that was settled: nothing below it is owed by the drain.
    pub(super) fn settled_by_drain(&mut self, seq: Option<u64>) {
        if let Some(seq) = seq.filter(|seq| self.next.is_none_or(|n| seq.saturating_sub(n) <= limits::PLAUSIBLE_JUMP)) {
            self.release_below(seq);
            self.raise(seq);
        }
    }

    /// A seq that nothing is owed for: our own.
    pub(super) fn see(&mut self, seq: u64) {
        match self.next {
            Some(next) if seq < next => {}
            Some(next) => {
                self.seen.insert(seq, limits::OWN_RANGES);
                self.pass_to(next);
            }
            None => self.seen.insert(seq, limits::OWN_RANGES),
        }
    }

    /// A conversation without a mark in which a platform without acks has messages that only history still brings: it
    /// begins at the lowest of them, so that whatever was lost above shows as a hole.
    pub(super) fn begin_at_missing(&mut self, seq: u64) {
        let lowest = self.owed.first().filter(|lowest| *lowest < seq);
        if self.next.is_none() && lowest.is_some_and(|lowest| seq.saturating_sub(lowest) <= limits::PLAUSIBLE_JUMP) {
            self.next = lowest;
        }
    }

    /// Holding ends: what waits is ordered as if it came now.
    /// Gives what was too far ahead to be believed: id, seq, and the seq expected.
    pub(super) fn release_held(&mut self, now: Mono, legacy: bool) -> Vec<(Option<MessageId>, u64, u64)> {
        let lowest = self.early.first_key_value().map(|((seq, _), _)| *seq);
        if let Some(lowest) = lowest.filter(|_| legacy) {
            self.begin_at_missing(lowest);
        }
        self.next = self.next.or(lowest);
        if let Some(next) = self.next {
            self.pass_to(next);
        }
        let mut far = Vec::new();
        if let Some(next) = self.next {
            let believed = next.saturating_add(limits::PLAUSIBLE_JUMP).saturating_add(1);
            for ((seq, arrival), (entry, _)) in self.early.split_off(&(believed, 0)) {
                far.push((entry.key.message_id().cloned(), seq, next));
                self.doubted = Some(seq);
                self.queue.push_unordered(entry, arrival);
            }
        }
        if !self.early.is_empty() {
            self.notice_gap(now);
        }
        far
    }

    /// Something waits above a hole.
    fn notice_gap(&mut self, now: Mono) {
        if let (None, Some(expected)) = (self.gap, self.next) {
            self.gap = Some(Gap::new(now));
            self.reuse_fill(expected, now);
        }
    }

    /// When something has to be done about the lowest hole: history is asked, or it is given up.
    pub(super) fn gap_due(&self, options: &SessionOptions) -> Option<Mono> {
        let gap = self.gap.filter(|_| !self.early.is_empty())?;
        let given_up = gap.give_up_at(options);
        if !options.fill || self.is_asking() {
            return Some(given_up);
        }
        Some(gap.ask_at(self.habit, options).min(given_up))
    }

    /// Whether a question that can release what waits is under way, and has not failed yet.
    pub(super) fn is_crowded(&self, holding: bool) -> bool {
        let soon = holding || self.gap.is_some_and(|gap| !gap.is_failing());
        soon && self.early.len() >= limits::EARLY_CROWD
    }

    pub(super) fn early_len(&self) -> usize {
        self.early.len()
    }

    /// Gives up the lowest hole: what waited behind it gets its turn.
    pub(super) fn give_up_hole(&mut self) -> Option<Hole> {
        let noticed = self.gap?.noticed;
        let (expected, first) = (self.next?, self.early.first_key_value()?.0.0);
        let missing = self.seen.missing(expected, first.saturating_sub(1));
        self.pass_to(first);
        Some(Hole { expected, missing, noticed })
    }

    /// The message to offer now, if one may be, and whether it comes late.
    pub(super) fn offer(&mut self) -> Option<(Entry, bool)> {
        self.queue.offer(self.next)
    }

    /// Whether nothing is left but the mark.
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.early.is_empty() && self.filling.is_none()
    }

    /// Whether there is a mark or anything else worth keeping.
    pub(super) fn is_blank(&self) -> bool {
        self.is_idle() && self.next.is_none() && self.seen.is_empty() && self.owed.is_empty()
    }
}
