//! The inbox's side of a fill: which conversations are to be asked for, and what their rows become.

use super::delivery::{DeliveryBody, Origin};
use super::entry::bytes;
use super::event::{GapReason, SeqRange};
use super::fill::{Filled, NextPage};
use super::history::{Placed, Purpose, Question, in_order};
use super::inbox::Inbox;
use super::lane::Lane;
use super::lanes::LaneKey;
use super::ledger::{Key, Known};
use crate::time::Mono;
use crate::types::{ConversationId, SyncRow};

impl Inbox {
    /// An answer of history. What has arrived meanwhile counts: every row is looked up anew.
    pub(super) fn filled(
        &mut self,
        now: Mono,
        conversation_id: ConversationId,
        rows: Vec<SyncRow>,
        retry_at: impl FnOnce(u32) -> Mono,
    ) {
        let lane = LaneKey::Conversation(conversation_id.clone());
        let (mut reached, empty) = (None, rows.is_empty());
        // A late answer to a question that was given up.
        if !self.lanes.get_mut(&lane).is_some_and(Lane::is_answered) {
            return;
        }
        let Placed { messages: rows, unreadable } = in_order(rows, &conversation_id);
        for (seq, row) in rows {
            if self.lanes.get(&lane).is_none_or(|lane| !lane.asked_for(seq)) {
                reached = reached.max(Some(seq).filter(|_| self.is_seen(&lane, seq)));
                continue;
            }
            let body = DeliveryBody::Message(row);
            let key = Key::of(&body);
            let own = matches!(&body, DeliveryBody::Message(row) if self.is_own(row));
            if !own && self.was_settled_before(&lane, seq, &body) {
                self.ledger.note(key.clone(), Known::Done);
            }
            let known = self.ledger.look(&key);
            if own || matches!(known, Some(Known::Done | Known::GaveUp { last: true, .. })) {
                self.lanes.open(&lane).see_in_history(seq, own);
            } else if known != Some(Known::Pending) {
                if !self.load.fits(bytes(&body)) {
                    self.load.fetch_later(bytes(&body));
                    if let Some(lane) = self.lanes.get_mut(&lane) {
                        if reached.is_some() {
                            lane.answered(reached, now);
                        }
                        lane.fill_failed();
                    }
                    return self.give_up(now, &lane, GapReason::Overflow);
                }
                let arrival = self.count();
                let entry = self.enter(key, body, Origin::Fill);
                self.lanes.open(&lane).admit_filled(entry, arrival, now);
            }
            reached = reached.max(Some(seq));
        }
        let mut owed = Vec::new();
        for (seq, row) in unreadable {
            if let Some(lane) = self.lanes.get_mut(&lane).filter(|lane| lane.asked_for(seq)) {
                lane.unreadable(seq);
                reached = reached.max(Some(seq));
                if !self.unreadable_in_history(row) {
                    owed.push(SeqRange { first: seq, last: seq });
                }
            }
        }
        self.owe(&lane, &owed);
        if reached.is_none() && !empty {
            // Not the end of history, and no place to go on from.
            return self.fill_failed(&conversation_id, retry_at);
        }
        match self.lanes.get_mut(&lane).and_then(|lane| lane.answered(reached, now)) {
            Some(NextPage::After(after)) => {
                self.wanted.push_back(Question { conversation_id, purpose: Purpose::Gap, after });
            }
            Some(NextPage::Done(filled)) => self.filled_all(now, conversation_id, filled),
            None => {}
        }
        self.tidy(&lane);
    }

    /// Whether the process before this one settled a message, after it had stored its last checkpoint. The drain does not bring
    /// it, for it was acked; when the conversation goes on, history has it, and the platform's word that it was delivered. Without
    /// acks that word says nothing.
    fn was_settled_before(&self, lane: &LaneKey, seq: u64, body: &DeliveryBody) -> bool {
        let DeliveryBody::Message(row) = body else { return false };
        let is_older = self.lanes.get(lane).and_then(|lane| lane.lowest_live).is_none_or(|lowest| seq < lowest);
        self.resumed && !self.legacy && is_older && row.is_delivered()
    }

    /// History has answered all that was asked about a hole. What arrived by itself is not worth a word.
    fn filled_all(&mut self, now: Mono, conversation_id: ConversationId, filled: Filled) {
        if !filled.is_empty() {
            let reason = if filled.unreadable.is_empty() { GapReason::Filled } else { GapReason::FillFailed };
            self.hole_ended(now, conversation_id, filled, Vec::new(), reason);
        }
    }

    /// The seq to ask history after, for a question that had to wait; `None` if there is nothing to ask any more.
    pub(super) fn still_asks(&mut self, conversation_id: &ConversationId, after: u64) -> Option<u64> {
        let key = LaneKey::Conversation(conversation_id.clone());
        let still = self.lanes.get_mut(&key)?.still_asks(after);
        if still.is_none() {
            self.tidy(&key);
        }
        still
    }

    /// Whether a conversation waits for an answer of history.
    pub(super) fn is_filling(&self, conversation_id: &ConversationId) -> bool {
        let lane = self.lanes.get(&LaneKey::Conversation(conversation_id.clone()));
        lane.is_some_and(Lane::is_asking)
    }

    fn is_seen(&self, lane: &LaneKey, seq: u64) -> bool {
        self.lanes.get(lane).is_some_and(|lane| lane.seen.contains(seq))
    }

    /// History could not be read: it is asked again at a time that depends on how often that has happened.
    pub(super) fn fill_failed(&mut self, conversation_id: &ConversationId, retry_at: impl FnOnce(u32) -> Mono) {
        let key = LaneKey::Conversation(conversation_id.clone());
        if let Some(lane) = self.lanes.get_mut(&key) {
            let at = retry_at(lane.fill_failed());
            if let Some(gap) = &mut lane.gap {
                gap.postpone(at);
            }
            self.tidy(&key);
        }
    }

    /// The platform refuses the conversation's history: whatever is missing there, nothing of it is owed.
    pub(super) fn fill_refused(&mut self, now: Mono, conversation_id: &ConversationId) {
        self.give_up(now, &LaneKey::Conversation(conversation_id.clone()), GapReason::Refused);
    }

    /// What came of fills whose holes closed by other ways.
    pub(super) fn end_idle_fills(&mut self, now: Mono) {
        while let Some(key) = self.lanes.take_idle_fill() {
            let filled = self.lanes.get_mut(&key).and_then(Lane::take_idle_fill);
            if let (Some(filled), LaneKey::Conversation(id)) = (filled, &key) {
                self.filled_all(now, id.clone(), filled);
            }
            self.tidy(&key);
        }
    }

    /// The session ended while history was asked: the hole is noticed anew after the next start.
    pub(super) fn fill_interrupted(&mut self, conversation_id: &ConversationId) {
        let lane = LaneKey::Conversation(conversation_id.clone());
        if let Some(filling) = self.lanes.get_mut(&lane) {
            filling.abandon_fill();
        }
        self.tidy(&lane);
    }
}
