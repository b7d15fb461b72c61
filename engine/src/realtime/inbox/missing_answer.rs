//! What history answers about messages that are [missing](super::missing).

use super::Inbox;
use super::history_question::{Placed, Question, in_order};
use super::order::{OrderKey, bytes};
use crate::limits;
use crate::realtime::acks::MessageState;
use crate::realtime::delivery::{DeliveryBody, Origin};
use crate::realtime::event::SeqRange;
use crate::realtime::message_key::MessageKey;
use crate::time::Mono;
use crate::types::{ConversationId, Row, SyncRow};

impl Inbox {
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
            let id = self.dedup.hashed(MessageKey::of(&body));
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
                self.wanted
                    .extend(conversation.begin_retrieving().map(|asked| Question::missing(&conversation_id, asked)));
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

    /// A question has ended, with or without an answer.
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
