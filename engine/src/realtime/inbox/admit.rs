//! How messages come in: dedup before order, and nothing that there is no room for.

use super::Inbox;
use super::order::{Admitted, BufferedMessage, ConversationMut, OrderKey, bytes, seq};
use crate::limits;
use crate::realtime::acks::MessageState;
use crate::realtime::delivery::{DeliveryBody, Origin};
use crate::realtime::event::Event;
use crate::realtime::keyed_slab::Hashed;
use crate::realtime::message_key::MessageKey;
use crate::time::Mono;
use crate::types::{MessageId, Row, SyncRow, Unreadable};

impl Inbox {
    /// A message that came over the socket.
    pub(in crate::realtime) fn live(&mut self, now: Mono, row: Row) {
        let conversation = OrderKey::Conversation(row.header().conversation_id.clone());
        if self.is_own(&row) {
            return self.see(conversation, row.header().seq);
        }
        // What the platform had in store has the cursor of its delivery, also where it is pushed.
        let new = row.header().seq.filter(|_| row.header().delivery_id.is_none());
        let body = DeliveryBody::Message(row);
        let key = self.dedup.hashed(MessageKey::of(&body));
        match self.dedup.look(&key) {
            Some(MessageState::Pending) => return,
            Some(MessageState::Done) => return self.acknowledge(key.key),
            Some(MessageState::GaveUp { last: true, .. }) => return,
            Some(MessageState::GaveUp { last: false, .. }) | None => {}
        }
        if self.must_leave(&conversation, &body) {
            if self.holding && !self.legacy {
                // The drain that is under way, or the one after it, brings it in its turn.
                self.left_to_drain = true;
                return self.mark_seq_missing(&conversation, seq(&body));
            }
            return self.shed(&conversation, &body);
        }
        if self.legacy
            && !self.holding
            && let Some(seq) = seq(&body)
        {
            self.conversations.open(&conversation).begin_at_missing(seq);
        }
        let (holding, arrival) = (self.holding, self.arrival());
        let entry = self.enter(key, body, Origin::Live);
        let (message_id, seq) = (entry.body.message_id().cloned(), entry.seq());
        let mut opened = self.conversations.open(&conversation);
        if let (Some(seq), false) = (new, holding) {
            opened.pushed_as_new(seq);
        }
        let admitted = opened.admit(entry, arrival, now, holding);
        drop(opened);
        match admitted {
            Admitted::Queued => {}
            Admitted::Early if holding => {
                self.held.insert(conversation.clone());
            }
            Admitted::Early => self.relieve(now, &conversation),
            Admitted::Implausible { expected } => self.implausible(&conversation, message_id, seq, expected),
        }
    }

    /// Whether there is no room for a live message. What would only wait for the drain takes no more than half of the room:
    /// the drain needs the rest.
    fn must_leave(&self, key: &OrderKey, body: &DeliveryBody) -> bool {
        if !self.budget.fits(bytes(body)) {
            return true;
        }
        let Some(seq) = seq(body).filter(|_| self.holding) else { return false };
        let conversation = self.conversations.get(key);
        let waits = conversation.is_none_or(|conversation| conversation.is_ahead(seq));
        let crowded =
            conversation.is_some_and(|conversation| conversation.early_len() >= limits::EARLY_PER_CONVERSATION);
        // Without acks nothing but history brings back what is left.
        waits && (crowded || !self.legacy && !self.budget.keeps_half_free(bytes(body)))
    }

    /// A row of the drain; how many bytes it needs if there is no room for it, and then nothing has changed.
    pub(in crate::realtime) fn drained(&mut self, row: SyncRow) -> Result<(), usize> {
        let delivery_id = row.delivery_id().cloned();
        let mut unread = None;
        let (conversation, body) = match row {
            SyncRow::Message(row) => {
                let conversation = OrderKey::Conversation(row.header().conversation_id.clone());
                if self.is_own(&row) {
                    self.cursor.push(None, delivery_id);
                    self.cursor.advance(&self.dedup);
                    self.see(conversation, row.header().seq);
                    return Ok(());
                }
                (conversation, DeliveryBody::Message(row))
            }
            SyncRow::Unreadable(unreadable) => {
                unread = place(&unreadable);
                let body = DeliveryBody::Unreadable(unreadable);
                (OrderKey::Unplaced(MessageKey::of(&body)), body)
            }
        };
        let key = self.dedup.hashed(MessageKey::of(&body));
        let (seq, bytes) = (seq(&body), bytes(&body));
        let known = self.dedup.look(&key);
        if matches!(known, None | Some(MessageState::GaveUp { last: false, .. })) && !self.budget.fits(bytes) {
            return Err(bytes);
        }
        self.cursor.push(Some(key.key.clone()), delivery_id);
        let stepped_over = self.stepped_over(&conversation, seq);
        match known {
            Some(MessageState::Pending) => self.begin(&conversation).reached_by_drain(&key.key, seq),
            Some(MessageState::Done) => {
                self.acknowledge(key.key);
                self.begin(&conversation).settled_by_drain(seq);
            }
            Some(MessageState::GaveUp { last: true, .. }) => drop(self.begin(&conversation)),
            Some(MessageState::GaveUp { last: false, .. }) | None => {
                let arrival = self.arrival();
                let entry = self.enter(key, body, Origin::Drain);
                let (message_id, seq) = (entry.body.message_id().cloned(), entry.seq());
                let admitted = self.begin(&conversation).admit_drained(entry, arrival);
                if let Admitted::Implausible { expected } = admitted {
                    self.implausible(&conversation, message_id, seq, expected);
                }
            }
        }
        self.see_place(unread);
        self.fetch(&conversation, &stepped_over);
        Ok(())
    }

    /// A conversation of which the drain has a row, perhaps the first.
    fn begin(&mut self, conversation: &OrderKey) -> ConversationMut<'_> {
        let drains = self.drains;
        let mut opened = self.conversations.open(conversation);
        if opened.beginning().is_none() {
            opened.begun_by = Some(drains);
        }
        opened
    }

    /// A message that cannot be read, over the socket or in history, from a platform that will not bring it again.
    pub(in crate::realtime) fn unreadable(&mut self, unreadable: Box<Unreadable>, origin: Origin) {
        let place = place(&unreadable);
        let body = DeliveryBody::Unreadable(unreadable);
        let key = self.dedup.hashed(MessageKey::of(&body));
        let conversation = OrderKey::Unplaced(key.key.clone());
        match self.dedup.look(&key) {
            Some(MessageState::Done) => return self.acknowledge(key.key),
            Some(MessageState::Pending | MessageState::GaveUp { last: true, .. }) => return,
            Some(MessageState::GaveUp { last: false, .. }) | None => {}
        }
        if !self.budget.fits(bytes(&body)) {
            self.shed(&conversation, &body);
            if let Some((conversation, seq)) = place {
                self.mark_seq_missing(&conversation, Some(seq));
            }
            return;
        }
        let arrival = self.arrival();
        let entry = self.enter(key, body, origin);
        self.conversations.open(&conversation).admit_drained(entry, arrival);
        self.see_place(place);
    }

    /// What cannot be read is delivered beside its conversation, which waits for it no longer.
    fn see_place(&mut self, place: Option<(OrderKey, u64)>) {
        if let Some((conversation, seq)) = place {
            self.conversations.open(&conversation).mark_received(seq);
            self.see(conversation, Some(seq));
        }
    }

    /// A row of history that cannot be read; false if there is no room for it. With acks a drain is to bring it, if there are
    /// drains: there it can be settled.
    pub(super) fn unreadable_in_history(&mut self, unreadable: Box<Unreadable>) -> bool {
        let body = DeliveryBody::Unreadable(unreadable.clone());
        if !self.legacy && self.options.drain {
            self.drain_wanted |= self.dedup.look(&self.dedup.hashed(MessageKey::of(&body))).is_none();
        } else if self.budget.fits(bytes(&body)) {
            self.unreadable(unreadable, Origin::Fill);
        } else {
            self.budget.fetch_later(bytes(&body));
            return false;
        }
        true
    }

    pub(super) fn enter(&mut self, key: Hashed<MessageKey>, body: DeliveryBody, origin: Origin) -> BufferedMessage {
        let (pending, before) = self.dedup.enter(key);
        let attempts = match before {
            Some(MessageState::GaveUp { attempts, .. }) => attempts,
            Some(MessageState::Pending | MessageState::Done) | None => 0,
        };
        let entry = BufferedMessage::new(pending, body, origin, attempts);
        self.budget.enter(entry.bytes());
        entry
    }

    /// A message was too far ahead to be believed.
    pub(super) fn implausible(
        &mut self,
        conversation: &OrderKey,
        message_id: Option<MessageId>,
        seq: Option<u64>,
        expected: u64,
    ) {
        if let (Some(message_id), Some(seq), OrderKey::Conversation(conversation_id)) = (message_id, seq, conversation)
        {
            let conversation_id = conversation_id.clone();
            self.events.push_back(Event::ImplausibleSeq { message_id, conversation_id, seq, expected });
        }
    }
}

/// Where an unreadable message belongs, if that much can be read.
fn place(unreadable: &Unreadable) -> Option<(OrderKey, u64)> {
    let conversation_id = unreadable.conversation_id.clone()?;
    Some((OrderKey::Conversation(conversation_id), unreadable.seq?))
}
