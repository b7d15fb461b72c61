//! How gaps end that do not close by themselves: held open for the drain, asked history for, or given up.

use super::Inbox;
use super::history_question::{Purpose, Question};
use super::order::{Conversation, Filled, Gap, GivenUpGap, OrderKey};
use crate::limits;
use crate::realtime::event::{Event, GapReason, SeqRange};
use crate::time::Mono;
use crate::types::ConversationId;

impl Inbox {
    /// From now on live messages that are ahead wait for the drain.
    pub(in crate::realtime) fn hold(&mut self) {
        self.holding = true;
    }

    /// The drain has ended or taken too long: what was held goes out in order.
    pub(in crate::realtime) fn release(&mut self, now: Mono) {
        self.holding = false;
        for key in self.conversations.with_gaps() {
            if let Some(mut conversation) = self.conversations.get_mut(&key)
                && let Some(gap) = conversation.gap_mut()
            {
                gap.resumed(now);
            }
        }
        let legacy = self.legacy;
        for conversation in core::mem::take(&mut self.held) {
            let held = self.conversations.get_mut(&conversation);
            let far = held.map(|mut held| held.release_held(now, legacy)).unwrap_or_default();
            for (message_id, seq, expected) in far {
                self.implausible(&conversation, message_id, Some(seq), expected);
            }
            self.relieve(now, &conversation);
        }
    }

    /// Gaps about which something is due: history is asked, or they are given up.
    pub(super) fn time_out_gaps(&mut self, now: Mono) {
        // While a drain may still bring what is missing, no gap is given up.
        while !self.holding
            && let Some(key) = self.conversations.take_gap_due(now)
        {
            self.gap_is_due(now, &key);
        }
    }

    fn gap_is_due(&mut self, now: Mono, key: &OrderKey) {
        let knows_own = self.knows_own();
        let Some(mut conversation) = self.conversations.get_mut(key) else { return };
        let Some(gap) = conversation.gap_mut() else { return };
        if knows_own && gap.is_overdue(&self.options, now) {
            gap.resumed(now);
        }
        let given_up = gap.give_up_at(&self.options);
        if given_up <= now {
            let reason =
                if self.options.fill_gaps && knows_own { GapReason::FillFailed } else { GapReason::FillUnavailable };
            drop(conversation);
            self.give_up(now, key, reason);
        } else if !knows_own {
            // History has our own messages, and they cannot be told from others yet. A drain has none of them.
            gap.postpone(given_up);
            self.drain_wanted = true;
        } else if !self.budget.fits(0) {
            self.budget.fetch_later(0);
            drop(conversation);
            self.give_up(now, key, GapReason::Overflow);
        } else if let OrderKey::Conversation(id) = key {
            gap.asked();
            let question = |after| Question { conversation_id: id.clone(), purpose: Purpose::Gap, after };
            self.wanted.extend(conversation.begin_fill().map(question));
        }
    }

    /// The own handle is known now: the gaps that waited for it are asked about.
    pub(super) fn ask_about_gaps(&mut self) {
        for key in self.conversations.with_gaps() {
            if let Some(mut conversation) = self.conversations.get_mut(&key)
                && let Some(gap) = conversation.gap_mut()
            {
                gap.ask_as_usual();
            }
        }
    }

    /// Too many early messages in one conversation: its gaps are given up.
    pub(super) fn relieve(&mut self, now: Mono, conversation: &OrderKey) {
        while self.conversations.get(conversation).is_some_and(|l| l.early_len() > limits::EARLY_PER_CONVERSATION) {
            let before = self.conversations.get(conversation).map(Conversation::early_len);
            self.give_up(now, conversation, GapReason::Overflow);
            if before == self.conversations.get(conversation).map(Conversation::early_len) {
                break;
            }
        }
    }

    /// A drain that began after these gaps were noticed has ended. Sync has all that is not delivered and never our own, so
    /// what history could not be asked about is not missing.
    pub(super) fn close_drained_gaps(&mut self, now: Mono) {
        let (knows_own, began) = (self.knows_own(), self.drain_began);
        for key in self.conversations.with_gaps() {
            let drained = |gap: Gap| gap.noticed <= began && (gap.is_failing() || !knows_own);
            while self
                .conversations
                .get(&key)
                .is_some_and(|conversation| conversation.early_len() > 0 && conversation.gap().is_some_and(drained))
            {
                self.give_up(now, &key, GapReason::Drained);
            }
        }
    }

    /// The lowest gap is given up: what waits above it gets its turn, and what is missing is fetched in another way.
    pub(super) fn give_up(&mut self, now: Mono, key: &OrderKey, reason: GapReason) {
        let Some(mut conversation) = self.conversations.get_mut(key) else { return };
        // After an overflow the answer that is under way is still of use: it brings what is missing.
        let filled =
            if reason == GapReason::Overflow && conversation.is_asking() { None } else { conversation.abandon_fill() };
        let Some(GivenUpGap { expected, missing, noticed }) = conversation.give_up_gap() else { return };
        drop(conversation);
        // What arrived by itself since history was to be asked is no part of this gap.
        let filled = filled.filter(|filled| !filled.is_empty());
        let mut filled = filled.unwrap_or_else(|| Filled::nothing(expected, noticed));
        let OrderKey::Conversation(conversation_id) = key else { return };
        let missing = match reason {
            GapReason::Refused => {
                filled.absent.extend(missing);
                Vec::new()
            }
            GapReason::Drained => Vec::new(),
            _ => missing,
        };
        let known = self.conversations.get(key).is_some_and(|conversation| conversation.is_all_missing(&missing));
        self.mark_missing(key, &missing);
        self.heals |= !missing.is_empty();
        // Shed messages have been reported as shed, and come again.
        if reason != GapReason::Overflow || missing.is_empty() || !known {
            self.gap_ended(now, conversation_id.clone(), filled, missing, reason);
        }
    }

    /// The one word on a gap.
    pub(super) fn gap_ended(
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
