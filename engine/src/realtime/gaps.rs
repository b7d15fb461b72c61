//! How holes end that do not close by themselves: held open for the drain, asked history for, or given up.

use super::event::{Event, GapReason, SeqRange};
use super::fill::Filled;
use super::gap::Gap;
use super::history::{Purpose, Question};
use super::inbox::Inbox;
use super::lane::{Hole, Lane};
use super::lanes::LaneKey;
use crate::limits;
use crate::time::Mono;
use crate::types::ConversationId;

impl Inbox {
    /// From now on live messages that are ahead wait for the drain.
    pub(super) fn hold(&mut self) {
        self.holding = true;
    }

    /// The drain has ended or taken too long: what was held goes out in order.
    pub(super) fn release(&mut self, now: Mono) {
        self.holding = false;
        for key in self.lanes.with_gaps() {
            if let Some(gap) = self.lanes.get_mut(&key).and_then(|lane| lane.gap.as_mut()) {
                gap.resumed(now);
            }
            self.tidy(&key);
        }
        let legacy = self.legacy;
        for lane in core::mem::take(&mut self.held) {
            let far = self.lanes.get_mut(&lane).map(|held| held.release_held(now, legacy)).unwrap_or_default();
            for (message_id, seq, expected) in far {
                self.implausible(&lane, message_id, Some(seq), expected);
            }
            self.relieve(now, &lane);
            self.tidy(&lane);
        }
    }

    /// Holes about which something is due: history is asked, or they are given up.
    pub(super) fn time_out_gaps(&mut self, now: Mono) {
        // While a drain may still bring what is missing, no hole is given up.
        while !self.holding
            && let Some(key) = self.lanes.take_gap_due(now)
        {
            self.gap_is_due(now, &key);
            self.tidy(&key);
        }
    }

    fn gap_is_due(&mut self, now: Mono, key: &LaneKey) {
        let knows_own = self.knows_own();
        let Some(lane) = self.lanes.get_mut(key) else { return };
        let Some(gap) = &mut lane.gap else { return };
        if knows_own && gap.is_overdue(&self.options, now) {
            gap.resumed(now);
        }
        let given_up = gap.give_up_at(&self.options);
        if given_up <= now {
            let reason =
                if self.options.fill && knows_own { GapReason::FillFailed } else { GapReason::FillUnavailable };
            self.give_up(now, key, reason);
        } else if !knows_own {
            // History has our own messages, and they cannot be told from others yet. A drain has none of them.
            gap.postpone(given_up);
            self.drain_wanted = true;
        } else if !self.load.fits(0) {
            self.load.fetch_later(0);
            self.give_up(now, key, GapReason::Overflow);
        } else if let LaneKey::Conversation(id) = key {
            gap.asked();
            let question = |after| Question { conversation_id: id.clone(), purpose: Purpose::Gap, after };
            self.wanted.extend(lane.begin_fill().map(question));
        }
    }

    /// The own handle is known now: the holes that waited for it are asked about.
    pub(super) fn ask_about_gaps(&mut self) {
        for key in self.lanes.with_gaps() {
            if let Some(gap) = self.lanes.get_mut(&key).and_then(|lane| lane.gap.as_mut()) {
                gap.ask_as_usual();
            }
            self.tidy(&key);
        }
    }

    /// Too many early messages in one conversation: its holes are given up.
    pub(super) fn relieve(&mut self, now: Mono, lane: &LaneKey) {
        while self.lanes.get(lane).is_some_and(|l| l.early_len() > limits::EARLY_PER_CONVERSATION) {
            let before = self.lanes.get(lane).map(Lane::early_len);
            self.give_up(now, lane, GapReason::Overflow);
            if before == self.lanes.get(lane).map(Lane::early_len) {
                break;
            }
        }
    }

    /// A drain that began after these holes were noticed has ended. Sync has all that is not delivered and never our own, so
    /// what history could not be asked about is not owed.
    pub(super) fn close_drained_gaps(&mut self, now: Mono) {
        let (knows_own, began) = (self.knows_own(), self.drain_began);
        for key in self.lanes.with_gaps() {
            let drained = |gap: Gap| gap.noticed <= began && (gap.is_failing() || !knows_own);
            while self.lanes.get(&key).is_some_and(|lane| lane.early_len() > 0 && lane.gap.is_some_and(drained)) {
                self.give_up(now, &key, GapReason::Drained);
            }
        }
    }

    /// The lowest hole is given up: what waits above it gets its turn, and what is missing is fetched in another way.
    pub(super) fn give_up(&mut self, now: Mono, key: &LaneKey, reason: GapReason) {
        let Some(lane) = self.lanes.get_mut(key) else { return };
        // After an overflow the answer that is under way is still of use: it brings what is missing.
        let filled = if reason == GapReason::Overflow && lane.is_asking() { None } else { lane.abandon_fill() };
        let Some(Hole { expected, missing, noticed }) = lane.give_up_hole() else { return self.tidy(key) };
        // What arrived by itself since history was to be asked is no part of this hole.
        let filled = filled.filter(|filled| !filled.is_empty());
        let mut filled = filled.unwrap_or_else(|| Filled::nothing(expected, noticed));
        let LaneKey::Conversation(conversation_id) = key else { return self.tidy(key) };
        let missing = match reason {
            GapReason::Refused => {
                filled.absent.extend(missing);
                Vec::new()
            }
            GapReason::Drained => Vec::new(),
            _ => missing,
        };
        let known = self.lanes.get(key).is_some_and(|lane| lane.is_all_owed(&missing));
        self.owe(key, &missing);
        self.heals |= !missing.is_empty();
        // What was shed has been told as that, and comes again.
        if reason != GapReason::Overflow || missing.is_empty() || !known {
            self.hole_ended(now, conversation_id.clone(), filled, missing, reason);
        }
        self.tidy(key);
    }

    /// The one word on a hole.
    pub(super) fn hole_ended(
        &mut self,
        now: Mono,
        conversation_id: ConversationId,
        filled: Filled,
        mut missing: Vec<SeqRange>,
        reason: GapReason,
    ) {
        missing.extend(filled.unreadable);
        self.events.push_back(Event::SequenceGap {
            conversation_id,
            expected: filled.expected,
            filled: filled.filled,
            absent: filled.absent,
            recovered: missing.is_empty(),
            missing,
            waited: now.saturating_since(filled.noticed),
            reason,
        });
    }
}
