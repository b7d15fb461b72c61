//! How deliveries end: acked, offered again, or left with the platform.

use core::time::Duration;

use super::delivery::{DeliveryToken, Outcome};
use super::entry::Entry;
use super::event::Event;
use super::inbox::Inbox;
use super::lanes::LaneKey;
use super::ledger::{Key, Known};
use crate::time::Mono;

impl Inbox {
    /// The application says how a delivery ended. Unknown tokens change nothing.
    pub(super) fn settle(&mut self, now: Mono, token: DeliveryToken, outcome: Outcome) {
        let Some((lane, entry)) = self.in_flight.remove(&token) else { return };
        if let Some(lane) = self.lanes.get_mut(&lane) {
            lane.queue.settled();
        }
        match outcome {
            Outcome::Handled => self.done(entry),
            Outcome::Discarded { reason } => {
                self.discarded = self.discarded.saturating_add(1);
                self.events.push_back(Event::Discarded {
                    message_id: entry.key.message_id().cloned(),
                    conversation_id: entry.body.conversation_id().cloned(),
                    seq: entry.body.seq(),
                    reason,
                    discarded: self.discarded,
                });
                self.done(entry);
            }
            Outcome::Failed { retry_after } => self.failed(now, &lane, entry, retry_after),
        }
        self.tidy(&lane);
    }

    /// A message that turned out to be our own while it waited.
    pub(super) fn drop_own(&mut self, key: &LaneKey, entry: Entry) {
        if let Some(lane) = self.lanes.get_mut(key) {
            lane.queue.settled();
        }
        self.load.leave(entry.bytes());
        self.ledger.note(entry.key, Known::Done);
        self.cursor.advance(&self.ledger);
        self.tidy(key);
    }

    /// What is handled by being told in an event.
    pub(super) fn settle_unoffered(&mut self, key: &LaneKey, entry: Entry) {
        if let Some(lane) = self.lanes.get_mut(key) {
            lane.queue.settled();
        }
        self.done(entry);
        self.tidy(key);
    }

    fn done(&mut self, entry: Entry) {
        self.settled = self.settled.saturating_add(1);
        self.load.leave(entry.bytes());
        self.ledger.note(entry.key.clone(), Known::Done);
        self.acknowledge(&entry.key);
    }

    /// By cursor where the drain's rows allow it, else by frame.
    pub(super) fn acknowledge(&mut self, key: &Key) {
        let drained = self.cursor.contains(key);
        self.cursor.advance(&self.ledger);
        let covered = drained && !self.cursor.contains(key);
        if let (false, Some(id)) = (covered, key.message_id()) {
            self.acks.push(id.clone());
        }
    }

    fn failed(&mut self, now: Mono, lane: &LaneKey, mut entry: Entry, retry_after: Option<Duration>) {
        let planned = self.options.redelivery.get(entry.failures as usize).copied();
        entry.failures = entry.failures.saturating_add(1);
        if let Some(planned) = planned {
            let at = now + retry_after.unwrap_or(planned);
            self.lanes.redeliver(lane, entry, at);
            return;
        }
        self.load.leave(entry.bytes());
        let attempts = entry.attempts;
        // Every time the platform brings it, it is offered once and redelivered as often as configured.
        let allowed = entry.failures.saturating_mul(self.options.reoffers.saturating_add(1));
        let last = attempts >= allowed;
        self.ledger.note(entry.key.clone(), Known::GaveUp { attempts, last });
        let (conversation_id, seq) = (entry.body.conversation_id().cloned(), entry.body.seq());
        if let (Some(id), Some(seq), false) = (&conversation_id, seq, last) {
            let place = LaneKey::Conversation(id.clone());
            self.lanes.open(&place);
            self.owe_seq(&place, Some(seq));
        }
        let message_id = entry.key.message_id().cloned();
        self.events.push_back(Event::GaveUp { message_id, conversation_id, seq, attempts, last });
    }
}
