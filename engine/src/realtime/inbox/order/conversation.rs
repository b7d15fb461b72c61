//! The order of one conversation: its mark, its early messages, and when its turn comes.
//!
//! The mark is kept while the conversation is idle and across reconnects; without it a gap could only be
//! seen right after another message.

use std::collections::BTreeMap;

use super::buffered_message::BufferedMessage;
use super::filling::Filling;
use super::gap::{Gap, Habit};
use super::queue::Queue;
use crate::limits;
use crate::realtime::event::SeqRange;
use crate::realtime::options::SessionOptions;
use crate::realtime::seq_set::SeqSet;
use crate::time::Mono;
use crate::types::MessageId;

/// What became of a live message.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::realtime) enum Admitted {
    /// It is its turn, or its turn has passed.
    Queued,
    /// It waits for what is missing before it.
    Early,
    /// It is too far ahead to be believed: queued, the mark stays.
    Implausible { expected: u64 },
}

/// A gap that was given up.
#[derive(Debug)]
pub(in crate::realtime) struct GivenUpGap {
    pub(in crate::realtime::inbox) expected: u64,
    pub(in crate::realtime::inbox) missing: Vec<SeqRange>,
    pub(in crate::realtime::inbox) noticed: Mono,
}

#[derive(Debug, Default)]
pub(in crate::realtime) struct Conversation {
    /// The seq expected next. `None` until the first message.
    pub(super) next_seq: Option<u64>,
    /// The lowest seq that was pushed as new: what lies below may be older than this process.
    pub(super) lowest_live: Option<u64>,
    /// The drain whose row was the first message, if it was one.
    pub(in crate::realtime::inbox) begun_by: Option<u64>,
    /// Seqs at or above `next_seq` that are never delivered to us: our own sends.
    pub(super) skip: SeqSet,
    /// Seqs of messages that are not here and may not come again by themselves.
    pub(super) missing: SeqSet,
    /// How many drains had begun when something became missing last.
    pub(super) missing_since: u64,
    /// Messages above the mark, by seq and arrival.
    pub(super) early: BTreeMap<(u64, u64), (BufferedMessage, Mono)>,
    /// The lowest gap, while something waits above it.
    pub(super) gap: Option<Gap>,
    /// What has become of the gaps so far.
    pub(super) habit: Habit,
    /// What history is being asked for, of what is missing.
    pub(super) retrieving: Option<SeqRange>,
    /// What history has answered about the lowest gap, and whether it is being asked.
    pub(super) filling: Option<Filling>,
    /// The last seq that was too far ahead to be believed.
    pub(super) doubted: Option<u64>,
    /// Messages whose turn it is.
    pub(super) queue: Queue,
}

impl Conversation {
    /// Whether a seq is above the one expected next, or none is expected yet.
    pub(in crate::realtime::inbox) fn is_ahead(&self, seq: u64) -> bool {
        self.next_seq.is_none_or(|next| seq > next)
    }

    /// Whether a seq may have been stored before this process began: nothing that low was pushed as new.
    pub(in crate::realtime::inbox) fn may_precede_process(&self, seq: u64) -> bool {
        self.lowest_live.is_none_or(|lowest| seq < lowest)
    }

    /// Whether a seq at or above the mark is never delivered to us.
    pub(in crate::realtime::inbox) fn is_seen(&self, seq: u64) -> bool {
        self.skip.contains(seq)
    }

    /// What follows a message that was left has to wait for it.
    pub(in crate::realtime::inbox) fn begin_at(&mut self, seq: u64) {
        self.next_seq.get_or_insert(seq);
    }

    /// The delivery in flight has ended, and is not offered again.
    pub(in crate::realtime::inbox) fn settled(&mut self) {
        self.queue.settled();
    }

    pub(in crate::realtime::inbox) fn gap(&self) -> Option<Gap> {
        self.gap
    }

    pub(in crate::realtime::inbox) fn gap_mut(&mut self) -> Option<&mut Gap> {
        self.gap.as_mut()
    }

    /// A message was pushed when it was stored. One that is pushed again says nothing about when this process began, and
    /// neither does one behind the mark.
    pub(in crate::realtime::inbox) fn pushed_as_new(&mut self, seq: u64) {
        if self.next_seq.is_none_or(|next| seq >= next) {
            self.lowest_live = Some(self.lowest_live.map_or(seq, |lowest| lowest.min(seq)));
        }
    }

    /// A live message. While `holding`, what is ahead waits without opening a gap.
    pub(in crate::realtime::inbox) fn admit(
        &mut self,
        entry: BufferedMessage,
        arrival: u64,
        now: Mono,
        holding: bool,
    ) -> Admitted {
        let Some(seq) = entry.seq() else {
            self.queue.push_unordered(entry, arrival);
            return Admitted::Queued;
        };
        self.mark_received(seq);
        self.believe(seq);
        match self.next_seq {
            None if !holding => {
                self.next_seq = Some(seq);
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

    /// One seq far ahead is a mistake. Another that goes on from there is a conversation that went on without us: its
    /// mark follows, or every message to come would be doubted.
    pub(super) fn believe(&mut self, seq: u64) {
        let Some(doubted) = self.doubted.filter(|doubted| seq > *doubted) else { return };
        if seq.saturating_sub(doubted) <= limits::PLAUSIBLE_JUMP {
            self.doubted = None;
            self.release_below(doubted);
            self.raise(doubted);
        }
    }

    /// A seq that is never delivered to us: an own send.
    pub(in crate::realtime::inbox) fn see(&mut self, seq: u64) {
        match self.next_seq {
            Some(next) if seq < next => {}
            Some(next) => {
                self.skip.insert(seq, limits::OWN_RANGES);
                self.pass_to(next);
            }
            None => self.skip.insert(seq, limits::OWN_RANGES),
        }
    }

    /// Holding ends: what waits is ordered as if it came now.
    /// Gives what was too far ahead to be believed: id, seq, and the seq expected.
    pub(in crate::realtime::inbox) fn release_held(
        &mut self,
        now: Mono,
        legacy: bool,
    ) -> Vec<(Option<MessageId>, u64, u64)> {
        let lowest = self.early.first_key_value().map(|((seq, _), _)| *seq);
        if let Some(lowest) = lowest.filter(|_| legacy) {
            self.begin_at_missing(lowest);
        }
        self.next_seq = self.next_seq.or(lowest);
        if let Some(next) = self.next_seq {
            self.pass_to(next);
        }
        let mut far = Vec::new();
        if let Some(next) = self.next_seq {
            let believed = next.saturating_add(limits::PLAUSIBLE_JUMP).saturating_add(1);
            for ((seq, arrival), (entry, _)) in self.early.split_off(&(believed, 0)) {
                far.push((entry.body.message_id().cloned(), seq, next));
                self.doubted = Some(seq);
                self.queue.push_unordered(entry, arrival);
            }
        }
        if !self.early.is_empty() {
            self.notice_gap(now);
        }
        far
    }

    /// Something waits above a gap.
    fn notice_gap(&mut self, now: Mono) {
        if let (None, Some(expected)) = (self.gap, self.next_seq) {
            self.gap = Some(Gap::new(now));
            self.reuse_fill(expected, now);
        }
    }

    /// When something has to be done about the lowest gap: history is asked, or it is given up.
    pub(super) fn gap_due(&self, options: &SessionOptions) -> Option<Mono> {
        let gap = self.gap.filter(|_| !self.early.is_empty())?;
        let given_up = gap.give_up_at(options);
        if !options.fill_gaps || self.is_asking() {
            return Some(given_up);
        }
        Some(gap.ask_at(self.habit, options).min(given_up))
    }

    /// Whether a question that can release what waits is under way, and has not failed yet.
    pub(super) fn is_crowded(&self, holding: bool) -> bool {
        let soon = holding || self.gap.is_some_and(|gap| !gap.is_failing());
        soon && self.early.len() >= limits::EARLY_CROWD
    }

    pub(in crate::realtime::inbox) fn early_len(&self) -> usize {
        self.early.len()
    }

    /// Gives up the lowest gap: what waited behind it gets its turn.
    pub(in crate::realtime::inbox) fn give_up_gap(&mut self) -> Option<GivenUpGap> {
        let noticed = self.gap?.noticed;
        let (expected, first) = (self.next_seq?, self.early.first_key_value()?.0.0);
        let missing = self.skip.missing(expected, first.saturating_sub(1));
        self.pass_to(first);
        Some(GivenUpGap { expected, missing, noticed })
    }

    /// The message to offer now, if one may be, and whether it comes late.
    pub(in crate::realtime::inbox) fn offer(&mut self, limit: usize) -> Option<(BufferedMessage, bool)> {
        self.queue.offer(self.next_seq, limit)
    }

    /// Whether nothing is left but the mark.
    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.early.is_empty() && self.filling.is_none()
    }

    /// Whether there is a mark or anything else worth keeping.
    pub(super) fn is_blank(&self) -> bool {
        self.is_idle() && self.next_seq.is_none() && self.skip.is_empty() && self.missing.is_empty()
    }
}
