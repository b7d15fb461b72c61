//! Messages known to exist but not held: shed, given up, in a gap that was given up, or lost with a process.
//!
//! A platform that takes acks still has them stored, and a drain brings them. One that takes none counts a message as delivered
//! as soon as it has written it to a socket: then only history has it, and is asked. Its answer is taken in `missing_answer`.

use super::Inbox;
use super::history_question::Question;
use super::order::{OrderKey, bytes, seq};
use crate::realtime::delivery::DeliveryBody;
use crate::realtime::event::{Event, SeqRange};
use crate::time::Mono;

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
        // Our own rows could not be told from others': it is asked once our handle is known.
        if !self.knows_own() {
            return;
        }
        if let (Some(mut with_missing), OrderKey::Conversation(id)) =
            (self.conversations.get_mut(conversation), conversation)
        {
            self.wanted.extend(with_missing.begin_retrieving().map(|asked| Question::missing(id, asked)));
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
        self.legacy || !self.options.drain && self.options.fill_gaps
    }

    /// Asks history for everything that is missing, unless a drain brings it.
    pub(in crate::realtime) fn retrieve(&mut self) {
        if !self.heals_by_history() || !self.knows_own() {
            return;
        }
        for key in self.conversations.with_missing() {
            if let (Some(mut conversation), OrderKey::Conversation(id)) = (self.conversations.get_mut(&key), &key) {
                self.wanted.extend(conversation.begin_retrieving().map(|asked| Question::missing(id, asked)));
            }
        }
    }
}
