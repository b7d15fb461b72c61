//! The inbox's side of a fill: which conversations are to be asked for, and what their rows become.

use super::delivery::{DeliveryBody, Origin};
use super::entry::bytes;
use super::event::{Event, GapReason, SeqRange};
use super::fill::NextPage;
use super::history::{Placed, Purpose, Question, in_order};
use super::inbox::Inbox;
use super::lanes::LaneKey;
use super::ledger::{Key, Known};
use crate::time::Mono;
use crate::types::{ConversationId, SyncRow};

impl Inbox {
    /// An answer of history. What has arrived meanwhile counts: every row is looked up anew.
    pub(super) fn filled(&mut self, now: Mono, conversation_id: ConversationId, rows: Vec<SyncRow>) {
        let lane = LaneKey::Conversation(conversation_id.clone());
        let (mut reached, empty) = (None, rows.is_empty());
        // A late answer to a question that was given up.
        if self.lanes.get(&lane).is_none_or(|lane| lane.filling.is_none()) {
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
            let known = self.ledger.look(&key);
            if own || matches!(known, Some(Known::Done | Known::GaveUp { last: true, .. })) {
                self.lanes.open(&lane).see(seq);
            } else if known != Some(Known::Pending) {
                if !self.load.fits(bytes(&body)) {
                    self.load.fetch_later(bytes(&body));
                    if let (Some(lane), Some(_)) = (self.lanes.get_mut(&lane), reached) {
                        lane.answered(reached);
                    }
                    return self.fill_gave_up(now, conversation_id, GapReason::Overflow);
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
            return self.fill_gave_up(now, conversation_id, GapReason::FillFailed);
        }
        match self.lanes.get_mut(&lane).and_then(|lane| lane.answered(reached)) {
            Some(NextPage::After(after)) => {
                self.wanted.push_back(Question { conversation_id, purpose: Purpose::Gap, after });
            }
            // What arrived by itself is not worth a word.
            Some(NextPage::Done(filled)) if !filled.is_empty() => {
                let recovered = filled.unreadable.is_empty();
                self.events.push_back(Event::SequenceGap {
                    conversation_id,
                    expected: filled.expected,
                    filled: filled.filled,
                    absent: filled.absent,
                    missing: filled.unreadable,
                    waited: now.saturating_since(filled.noticed),
                    recovered,
                    reason: if recovered { GapReason::Filled } else { GapReason::FillFailed },
                });
            }
            Some(NextPage::Done(_)) | None => {}
        }
        self.tidy(&lane);
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
        lane.is_some_and(|lane| lane.filling.is_some())
    }

    fn is_seen(&self, lane: &LaneKey, seq: u64) -> bool {
        self.lanes.get(lane).is_some_and(|lane| lane.seen.contains(seq))
    }

    /// History could not be read, or there is no room for it: what waits goes out without what is missing.
    pub(super) fn fill_gave_up(&mut self, now: Mono, conversation_id: ConversationId, reason: GapReason) {
        let lane = LaneKey::Conversation(conversation_id);
        let window = self.options.gap_window;
        let Some(filling) = self.lanes.get_mut(&lane) else { return };
        let filled = filling.abandon_fill();
        // History was asked early: what is missing may still arrive by itself.
        if reason == GapReason::FillFailed && filling.gap().is_some_and(|noticed| noticed + window > now) {
            filling.unanswered = true;
            return self.tidy(&lane);
        }
        let hole = filling.give_up_hole();
        if let (Some(filled), Some(hole), LaneKey::Conversation(id)) = (filled, hole, &lane) {
            self.owe(&lane, &hole.missing);
            self.events.push_back(Event::SequenceGap {
                conversation_id: id.clone(),
                expected: filled.expected,
                filled: filled.filled,
                absent: filled.absent,
                recovered: hole.missing.is_empty(),
                missing: hole.missing,
                waited: now.saturating_since(filled.noticed),
                reason,
            });
        }
        self.tidy(&lane);
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
