//! How deliveries end: acked, offered again, or left with the platform.

use core::time::Duration;

use super::Inbox;
use super::order::{BufferedMessage, OrderKey, Slot};
use crate::realtime::acks::MessageState;
use crate::realtime::delivery::{DeliveryToken, Outcome};
use crate::realtime::event::Event;
use crate::realtime::message_key::MessageKey;
use crate::time::Mono;

impl Inbox {
    /// The application says how a delivery ended. Unknown tokens change nothing.
    pub(in crate::realtime) fn settle(&mut self, now: Mono, token: DeliveryToken, outcome: Outcome) {
        let Some((slot, entry)) = self.in_flight.take(token) else { return };
        match outcome {
            Outcome::Handled => {
                self.handled = self.handled.saturating_add(1);
                self.done(slot, entry);
            }
            Outcome::Discarded { reason } => {
                self.discarded = self.discarded.saturating_add(1);
                self.events.push_back(Event::Discarded {
                    message_id: entry.body.message_id().cloned(),
                    conversation_id: entry.body.conversation_id().cloned(),
                    seq: entry.body.seq(),
                    reason,
                    discarded: self.discarded,
                });
                self.done(slot, entry);
            }
            Outcome::Failed { retry_after } => {
                self.failed = self.failed.saturating_add(1);
                self.offer_again(now, slot, entry, retry_after);
            }
        }
    }

    /// A message that turned out to be our own while it waited.
    pub(super) fn drop_own(&mut self, slot: Slot, entry: BufferedMessage) {
        self.turn_is_over(slot);
        self.budget.leave(entry.bytes());
        self.dedup.settle(entry.pending, MessageState::Done);
        self.cursor.advance(&self.dedup);
    }

    fn turn_is_over(&mut self, slot: Slot) {
        if let Some(mut conversation) = self.conversations.at(slot) {
            conversation.settled();
        }
    }

    /// Settled for good.
    pub(super) fn done(&mut self, slot: Slot, entry: BufferedMessage) {
        self.turn_is_over(slot);
        self.settled = self.settled.saturating_add(1);
        self.budget.leave(entry.bytes());
        self.dedup.settle(entry.pending, MessageState::Done);
        self.acknowledge(MessageKey::of(&entry.body));
    }

    /// By cursor where the drain's rows allow it, else by frame.
    pub(super) fn acknowledge(&mut self, key: MessageKey) {
        let drained = self.cursor.contains(&key);
        self.cursor.advance(&self.dedup);
        let covered = drained && !self.cursor.contains(&key);
        if let (false, MessageKey::Message(id)) = (covered, key) {
            self.acks.push(id);
        }
    }

    /// Later, or if it has failed as often as is allowed, not before the platform brings it again.
    fn offer_again(&mut self, now: Mono, slot: Slot, mut entry: BufferedMessage, retry_after: Option<Duration>) {
        let planned = self.options.redelivery.get(entry.failures as usize).copied();
        entry.failures = entry.failures.saturating_add(1);
        if let Some(planned) = planned {
            let at = now + retry_after.unwrap_or(planned);
            if let Some(mut conversation) = self.conversations.at(slot) {
                conversation.redeliver(entry, at);
            }
            return;
        }
        self.budget.leave(entry.bytes());
        let attempts = entry.attempts;
        // Every time the platform brings it, it is offered once and redelivered as often as configured.
        let allowed = entry.failures.saturating_mul(self.options.reoffers.saturating_add(1));
        let last = attempts >= allowed;
        self.dedup.settle(entry.pending, MessageState::GaveUp { attempts, last });
        let (conversation_id, seq) = (entry.body.conversation_id().cloned(), entry.body.seq());
        if let (Some(id), Some(seq), false) = (&conversation_id, seq, last) {
            self.mark_seq_missing(&OrderKey::Conversation(id.clone()), Some(seq));
        }
        self.turn_is_over(slot);
        let message_id = entry.body.message_id().cloned();
        self.events.push_back(Event::GaveUp { message_id, conversation_id, seq, attempts, last });
    }
}
