//! Messages known to exist but not held: shed, given up, missing, or lost with a process. A platform that
//! takes acks still has it stored, and a drain brings it. One that does not counts it as delivered, also what was stored
//! before, as soon as it has written it to a socket: then only history has it.

use super::Inbox;
use super::order::{OrderKey, bytes, seq};
use super::question::{Placed, in_order};
use crate::limits;
use crate::realtime::acks::MessageState;
use crate::realtime::delivery::{DeliveryBody, Origin};
use crate::realtime::event::{Event, SeqRange};
use crate::realtime::message_key::MessageKey;
use crate::time::Mono;
use crate::types::{ConversationId, Row, SyncRow};

impl Inbox {
    /// There is no room for a live message. It is not acked, so the platform brings it again, if it takes acks.
    pub(super) fn shed(&mut self, conversation: &OrderKey, body: &DeliveryBody) {
        self.events.extend(self.budget.shed(bytes(body)).map(|dropped| Event::Shed { dropped }));
        let Some(seq) = seq(body) else { return };
        if !self.holding {
            self.conversations.open(conversation).begin_at(seq);
        }
        self.mark_seq_missing(conversation, Some(seq));
    }

    /// One message may not come again by itself; without a seq that cannot be remembered.
    pub(super) fn mark_seq_missing(&mut self, conversation: &OrderKey, seq: Option<u64>) {
        if let Some(seq) = seq {
            self.mark_missing(conversation, &[SeqRange { first: seq, last: seq }]);
        }
    }

    /// These may not come again by themselves.
    pub(super) fn mark_missing(&mut self, conversation: &OrderKey, ranges: &[SeqRange]) {
        if ranges.is_empty() {
            return;
        }
        let (drains, by_history) = (self.drains, self.heals_by_history());
        self.conversations.open(conversation).mark_missing(ranges, drains, by_history);
    }

    /// Only history can have these: it is asked at once.
    pub(super) fn fetch(&mut self, conversation: &OrderKey, ranges: &[SeqRange]) {
        if ranges.is_empty() {
            return;
        }
        self.mark_missing(conversation, ranges);
        // Without the own handle: when it is known.
        if !self.knows_own() {
            return;
        }
        if let (Some(mut with_missing), OrderKey::Conversation(id)) =
            (self.conversations.get_mut(conversation), conversation)
        {
            self.wanted.extend(with_missing.retrieve(id));
        }
    }

    /// A drain has brought all that is stored. Of what was missing when it began nothing is left, unless the platform counts it
    /// as delivered.
    pub(in crate::realtime) fn drained_all(&mut self, now: Mono) {
        if self.legacy {
            return;
        }
        self.close_drained_gaps(now);
        for key in self.conversations.with_missing() {
            if let Some(mut conversation) = self
                .conversations
                .get_mut(&key)
                .filter(|conversation| conversation.is_missing_since_before(self.drains))
            {
                conversation.forget_missing();
            }
        }
    }

    /// Whether what is missing has to be asked of history, because no drain brings it.
    pub(in crate::realtime) fn heals_by_history(&self) -> bool {
        self.legacy || !self.options.drain && self.options.fill
    }

    /// Asks history for everything that is missing, unless a drain brings it.
    pub(in crate::realtime) fn retrieve(&mut self) {
        if !self.heals_by_history() || !self.knows_own() {
            return;
        }
        for key in self.conversations.with_missing() {
            if let (Some(mut conversation), OrderKey::Conversation(id)) = (self.conversations.get_mut(&key), &key) {
                self.wanted.extend(conversation.retrieve(id));
            }
        }
    }

    /// An answer of history. Of its rows only those that are missing are taken: the others were here before, or are coming.
    pub(in crate::realtime) fn retrieved(&mut self, now: Mono, conversation_id: ConversationId, rows: Vec<SyncRow>) {
        let key = OrderKey::Conversation(conversation_id.clone());
        let Some(asked) = self.conversations.get_mut(&key).and_then(|mut conversation| conversation.take_retrieving())
        else {
            return;
        };
        let empty = rows.is_empty();
        let Placed { messages: rows, unreadable } = in_order(rows, &conversation_id);
        let reached = reach(asked.first, &rows);
        // The first one that there is no room for: it and the rest stay missing, and are asked for when there is.
        let mut no_room: Option<u64> = None;
        for (seq, row) in unreadable {
            let missing = self.conversations.get(&key).is_some_and(|conversation| conversation.is_missing(seq));
            if missing && !self.unreadable_in_history(row) {
                no_room = Some(no_room.map_or(seq, |first| first.min(seq)));
            } else if let Some(mut conversation) = self.conversations.get_mut(&key) {
                conversation.mark_received(seq);
            }
        }
        if reached.is_none() && !empty {
            // No place to go on from: what is still missing is asked again with the next drain.
            return;
        }
        // An empty page, or one that leads nowhere, says that nothing of what was asked for is left. What has become missing
        // meanwhile stays so.
        let reached = reached.filter(|reached| *reached >= asked.first);
        let last = reached.map_or(asked.last, |reached| reached.min(asked.last));
        let answered = SeqRange { last: no_room.map_or(last, |seq| last.min(seq.saturating_sub(1))), ..asked };
        for (seq, row) in rows {
            let (own, holding) = (self.is_own(&row), self.holding);
            let Some(mut conversation) = self.conversations.get_mut(&key) else { return };
            if !conversation.is_missing(seq) || !(answered.first..=answered.last).contains(&seq) {
                continue;
            }
            let body = DeliveryBody::Message(row);
            let id = MessageKey::of(&body);
            match self.dedup.look(&id) {
                _ if own => conversation.see(seq),
                Some(MessageState::Done) => conversation.see(seq),
                Some(MessageState::Pending | MessageState::GaveUp { last: true, .. }) => {}
                Some(MessageState::GaveUp { last: false, .. }) | None if !self.budget.fits(bytes(&body)) => {
                    // The rest stays missing, and is asked for when there is room.
                    self.budget.fetch_later(bytes(&body));
                    conversation.mark_all_received(SeqRange { last: seq.saturating_sub(1), ..answered });
                    return;
                }
                Some(MessageState::GaveUp { last: false, .. }) | None => {
                    drop(conversation);
                    let arrival = self.arrival();
                    let entry = self.enter(id, body, Origin::Fill);
                    let Some(mut conversation) = self.conversations.get_mut(&key) else { return };
                    conversation.admit(entry, arrival, now, holding);
                    if holding {
                        self.held.insert(key.clone());
                    }
                }
            }
        }
        if let Some(mut conversation) = self.conversations.get_mut(&key) {
            conversation.mark_all_received(answered);
            if no_room.is_none() {
                self.wanted.extend(conversation.retrieve(&conversation_id));
            }
        }
        self.relieve(now, &key);
    }

    /// The platform refuses the conversation's history: nothing is missing there any more.
    pub(in crate::realtime) fn retrieval_refused(&mut self, conversation_id: &ConversationId) {
        let key = OrderKey::Conversation(conversation_id.clone());
        if let Some(mut conversation) = self.conversations.get_mut(&key) {
            conversation.take_retrieving();
            conversation.forget_missing();
        }
    }

    /// A question is over, whatever came of it.
    pub(in crate::realtime) fn retrieval_ended(&mut self, conversation_id: &ConversationId) {
        if let Some(mut conversation) = self.conversations.get_mut(&OrderKey::Conversation(conversation_id.clone())) {
            conversation.take_retrieving();
        }
    }
}

/// The highest seq that rows reach from a seq on. An implausible one would answer for everything below it, and may be missing: it
/// is asked for when nothing else is.
fn reach(from: u64, rows: &[(u64, Row)]) -> Option<u64> {
    let reached = rows.iter().scan(from, |reached, (seq, _)| {
        let believed = seq.saturating_sub(*reached) <= limits::PLAUSIBLE_JUMP;
        *reached = (*reached).max(*seq);
        believed.then_some(*seq)
    });
    reached.last()
}
