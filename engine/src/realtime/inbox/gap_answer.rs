//! What history answers about a gap, and which conversations still wait for it.

use super::Inbox;
use super::history_question::{Placed, Purpose, Question, in_order};
use super::order::{Conversation, Filled, NextPage, OrderKey, bytes};
use crate::realtime::acks::MessageState;
use crate::realtime::delivery::{DeliveryBody, Origin};
use crate::realtime::event::{GapReason, SeqRange};
use crate::realtime::message_key::MessageKey;
use crate::time::Mono;
use crate::types::{ConversationId, SyncRow};

impl Inbox {
    /// An answer of history. What has arrived meanwhile counts: every row is looked up anew.
    pub(in crate::realtime) fn filled(
        &mut self,
        now: Mono,
        conversation_id: ConversationId,
        rows: Vec<SyncRow>,
        retry_at: impl FnOnce(u32) -> Mono,
    ) {
        let conversation = OrderKey::Conversation(conversation_id.clone());
        let (mut reached, empty) = (None, rows.is_empty());
        // A late answer to a question that was given up.
        if !self.conversations.get_mut(&conversation).is_some_and(|mut conversation| conversation.is_answered()) {
            return;
        }
        let Placed { messages: rows, unreadable } = in_order(rows, &conversation_id);
        for (seq, row) in rows {
            if self.conversations.get(&conversation).is_none_or(|conversation| !conversation.asked_for(seq)) {
                reached = reached.max(Some(seq).filter(|_| self.is_seen(&conversation, seq)));
                continue;
            }
            let body = DeliveryBody::Message(row);
            let key = self.dedup.hashed(MessageKey::of(&body));
            let own = matches!(&body, DeliveryBody::Message(row) if self.is_own(row));
            if !own && self.was_settled_before(&conversation, seq, &body) {
                self.dedup.settled_elsewhere(key.clone());
            }
            let known = self.dedup.look(&key);
            if own || matches!(known, Some(MessageState::Done | MessageState::GaveUp { last: true, .. })) {
                self.conversations.open(&conversation).see_in_history(seq, own);
            } else if known != Some(MessageState::Pending) {
                if !self.budget.fits(bytes(&body)) {
                    self.budget.fetch_later(bytes(&body));
                    if let Some(mut conversation) = self.conversations.get_mut(&conversation) {
                        if reached.is_some() {
                            conversation.answered(reached, now);
                        }
                        conversation.fill_failed();
                    }
                    return self.give_up(now, &conversation, GapReason::Overflow);
                }
                let arrival = self.arrival();
                let entry = self.enter(key, body, Origin::Fill);
                self.conversations.open(&conversation).admit_filled(entry, arrival, now);
            }
            reached = reached.max(Some(seq));
        }
        let mut missing = Vec::new();
        for (seq, row) in unreadable {
            let Some(mut asked) = self.conversations.get_mut(&conversation).filter(|asked| asked.asked_for(seq)) else {
                continue;
            };
            asked.unreadable(seq);
            drop(asked);
            reached = reached.max(Some(seq));
            if !self.unreadable_in_history(row) {
                missing.push(SeqRange { first: seq, last: seq });
            }
        }
        self.mark_missing(&conversation, &missing);
        if reached.is_none() && !empty {
            // Not the end of history, and no place to go on from.
            return self.fill_failed(&conversation_id, retry_at);
        }
        match self.conversations.get_mut(&conversation).and_then(|mut asked| asked.answered(reached, now)) {
            Some(NextPage::After(after)) => {
                self.wanted.push_back(Question { conversation_id, purpose: Purpose::Gap, after });
            }
            Some(NextPage::Done(filled)) => self.filled_all(now, conversation_id, filled),
            None => {}
        }
    }

    /// Whether the process before this one settled a message, after it had stored its last checkpoint. The drain does not bring
    /// it, for it was acked; when the conversation goes on, history has it, and the platform's word that it was delivered. Without
    /// acks that word says nothing.
    fn was_settled_before(&self, conversation: &OrderKey, seq: u64, body: &DeliveryBody) -> bool {
        let DeliveryBody::Message(row) = body else { return false };
        let is_older =
            self.conversations.get(conversation).is_none_or(|conversation| conversation.may_precede_process(seq));
        self.resumed && !self.legacy && is_older && row.is_delivered()
    }

    /// History has answered all that was asked about a gap. Nothing is reported of messages that arrived by themselves.
    fn filled_all(&mut self, now: Mono, conversation_id: ConversationId, filled: Filled) {
        if !filled.is_empty() {
            let reason = if filled.unreadable.is_empty() { GapReason::Filled } else { GapReason::FillFailed };
            self.gap_ended(now, conversation_id, filled, Vec::new(), reason);
        }
    }

    /// The seq to ask history after, for a question that had to wait; `None` if there is nothing to ask any more.
    pub(in crate::realtime) fn still_asks(&mut self, conversation_id: &ConversationId, after: u64) -> Option<u64> {
        let key = OrderKey::Conversation(conversation_id.clone());
        self.conversations.get_mut(&key)?.still_asks(after)
    }

    /// Whether a conversation waits for an answer of history.
    pub(in crate::realtime) fn is_filling(&self, conversation_id: &ConversationId) -> bool {
        let conversation = self.conversations.get(&OrderKey::Conversation(conversation_id.clone()));
        conversation.is_some_and(Conversation::is_asking)
    }

    fn is_seen(&self, conversation: &OrderKey, seq: u64) -> bool {
        self.conversations.get(conversation).is_some_and(|conversation| conversation.is_seen(seq))
    }

    /// History could not be read: it is asked again at a time that depends on how often that has happened.
    pub(in crate::realtime) fn fill_failed(
        &mut self,
        conversation_id: &ConversationId,
        retry_at: impl FnOnce(u32) -> Mono,
    ) {
        let key = OrderKey::Conversation(conversation_id.clone());
        if let Some(mut conversation) = self.conversations.get_mut(&key) {
            let at = retry_at(conversation.fill_failed());
            if let Some(gap) = conversation.gap_mut() {
                gap.postpone(at);
            }
        }
    }

    /// The platform refuses the conversation's history: what is missing there can never be had.
    pub(in crate::realtime) fn fill_refused(&mut self, now: Mono, conversation_id: &ConversationId) {
        self.give_up(now, &OrderKey::Conversation(conversation_id.clone()), GapReason::Refused);
    }

    /// Reports fills whose gaps were closed by other means.
    pub(in crate::realtime) fn end_idle_fills(&mut self, now: Mono) {
        while let Some(key) = self.conversations.take_idle_fill() {
            let filled = self.conversations.get_mut(&key).and_then(|mut conversation| conversation.take_idle_fill());
            if let (Some(filled), OrderKey::Conversation(id)) = (filled, &key) {
                self.filled_all(now, id.clone(), filled);
            }
        }
    }

    /// The session ended while history was asked: the gap is noticed anew after the next start.
    pub(in crate::realtime) fn fill_interrupted(&mut self, conversation_id: &ConversationId) {
        let conversation = OrderKey::Conversation(conversation_id.clone());
        if let Some(mut filling) = self.conversations.get_mut(&conversation) {
            filling.abandon_fill();
        }
    }
}
