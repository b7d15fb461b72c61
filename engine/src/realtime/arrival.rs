//! How messages come in: dedup before order, and nothing that there is no room for.

use super::delivery::{DeliveryBody, Origin};
use super::entry::{Entry, bytes, seq};
use super::event::Event;
use super::inbox::Inbox;
use super::lane::Admitted;
use super::lanes::LaneKey;
use super::ledger::{Key, Known};
use crate::limits;
use crate::time::Mono;
use crate::types::{MessageId, Row, SyncRow, Unreadable};

impl Inbox {
    /// A message that came over the socket.
    pub(super) fn live(&mut self, now: Mono, row: Row) {
        let lane = LaneKey::Conversation(row.header().conversation_id.clone());
        if self.is_own(&row) {
            return self.see(lane, row.header().seq);
        }
        // What the platform had in store has the cursor of its delivery, also where it is pushed.
        let new = row.header().seq.filter(|_| row.header().delivery_id.is_none());
        let body = DeliveryBody::Message(row);
        let key = Key::of(&body);
        match self.ledger.look(&key) {
            Some(Known::Pending) => return,
            Some(Known::Done) => return self.acknowledge(&key),
            Some(Known::GaveUp { last: true, .. }) => return,
            Some(Known::GaveUp { last: false, .. }) | None => {}
        }
        if self.must_leave(&lane, &body) {
            if self.holding && !self.legacy {
                // The drain that is under way, or the one after it, brings it in its turn.
                self.left_to_drain = true;
                self.lanes.open(&lane);
                return self.owe_seq(&lane, seq(&body));
            }
            return self.shed(&lane, &body);
        }
        if self.legacy
            && !self.holding
            && let Some(seq) = seq(&body)
        {
            self.lanes.open(&lane).begin_at_missing(seq);
        }
        let (holding, arrival) = (self.holding, self.count());
        let entry = self.enter(key, body, Origin::Live);
        let (message_id, seq) = (entry.key.message_id().cloned(), entry.seq());
        let opened = self.lanes.open(&lane);
        if let (Some(seq), false) = (new, holding) {
            opened.pushed_as_new(seq);
        }
        match opened.admit(entry, arrival, now, holding) {
            Admitted::Queued => {}
            Admitted::Early if holding => {
                self.held.insert(lane.clone());
            }
            Admitted::Early => self.relieve(now, &lane),
            Admitted::Implausible { expected } => self.implausible(&lane, message_id, seq, expected),
        }
        self.tidy(&lane);
    }

    /// Whether there is no room for a live message. What would only wait for the drain takes no more than half of the room:
    /// the drain needs the rest.
    fn must_leave(&self, key: &LaneKey, body: &DeliveryBody) -> bool {
        if !self.load.fits(bytes(body)) {
            return true;
        }
        let lane = self.lanes.get(key);
        let waits =
            self.holding && seq(body).is_some_and(|seq| lane.and_then(|lane| lane.next).is_none_or(|next| seq > next));
        let crowded = lane.is_some_and(|lane| lane.early_len() >= limits::EARLY_PER_CONVERSATION);
        // Without acks nothing but history brings back what is left.
        waits && (crowded || !self.legacy && !self.load.keeps_half_free(bytes(body)))
    }

    /// A row of the drain; how many bytes it needs if there is no room for it, and then nothing has changed.
    pub(super) fn drained(&mut self, row: SyncRow) -> Result<(), usize> {
        let delivery_id = row.delivery_id().cloned();
        let mut unread = None;
        let (lane, body) = match row {
            SyncRow::Message(row) => {
                let lane = LaneKey::Conversation(row.header().conversation_id.clone());
                if self.is_own(&row) {
                    self.cursor.push(None, delivery_id);
                    self.cursor.advance(&self.ledger);
                    self.see(lane, row.header().seq);
                    return Ok(());
                }
                (lane, DeliveryBody::Message(row))
            }
            SyncRow::Unreadable(unreadable) => {
                unread = place(&unreadable);
                let body = DeliveryBody::Unreadable(unreadable);
                (LaneKey::Stray(Key::of(&body)), body)
            }
        };
        let key = Key::of(&body);
        let (seq, bytes) = (seq(&body), bytes(&body));
        let known = self.ledger.look(&key);
        if matches!(known, None | Some(Known::GaveUp { last: false, .. })) && !self.load.fits(bytes) {
            return Err(bytes);
        }
        self.cursor.push(Some(key.clone()), delivery_id);
        let (stepped_over, drains) = (self.stepped_over(&lane, seq), self.drains);
        let opened = self.lanes.open(&lane);
        if opened.beginning().is_none() {
            opened.begun_by = Some(drains);
        }
        match known {
            Some(Known::Pending) => self.lanes.open(&lane).reached_by_drain(&key, seq),
            Some(Known::Done) => {
                self.acknowledge(&key);
                self.lanes.open(&lane).settled_by_drain(seq);
            }
            Some(Known::GaveUp { last: true, .. }) => {}
            Some(Known::GaveUp { last: false, .. }) | None => {
                let arrival = self.count();
                let entry = self.enter(key, body, Origin::Drain);
                let (message_id, seq) = (entry.key.message_id().cloned(), entry.seq());
                let admitted = self.lanes.open(&lane).admit_drained(entry, arrival);
                if let Admitted::Implausible { expected } = admitted {
                    self.implausible(&lane, message_id, seq, expected);
                }
            }
        }
        self.see_place(unread);
        self.fetch(&lane, &stepped_over);
        self.tidy(&lane);
        Ok(())
    }

    /// A message that cannot be read, over the socket or in history, from a platform that will not bring it again.
    pub(super) fn unreadable(&mut self, unreadable: Unreadable, origin: Origin) {
        let place = place(&unreadable);
        let body = DeliveryBody::Unreadable(unreadable);
        let key = Key::of(&body);
        let lane = LaneKey::Stray(key.clone());
        match self.ledger.look(&key) {
            Some(Known::Done) => return self.acknowledge(&key),
            Some(Known::Pending | Known::GaveUp { last: true, .. }) => return,
            Some(Known::GaveUp { last: false, .. }) | None => {}
        }
        if !self.load.fits(bytes(&body)) {
            self.shed(&lane, &body);
            if let Some((lane, seq)) = place {
                self.lanes.open(&lane);
                self.owe_seq(&lane, Some(seq));
            }
            return;
        }
        let arrival = self.count();
        let entry = self.enter(key, body, origin);
        self.lanes.open(&lane).admit_drained(entry, arrival);
        self.tidy(&lane);
        self.see_place(place);
    }

    /// What cannot be read is delivered beside its conversation, which waits for it no longer.
    fn see_place(&mut self, place: Option<(LaneKey, u64)>) {
        if let Some((lane, seq)) = place {
            self.lanes.open(&lane).came(seq);
            self.see(lane, Some(seq));
        }
    }

    /// A row of history that cannot be read; false if there is no room for it. With acks a drain is to bring it, if there are
    /// drains: there it can be settled.
    pub(super) fn unreadable_in_history(&mut self, unreadable: Unreadable) -> bool {
        let body = DeliveryBody::Unreadable(unreadable.clone());
        if !self.legacy && self.options.drain {
            self.drain_wanted |= self.ledger.look(&Key::of(&body)).is_none();
        } else if self.load.fits(bytes(&body)) {
            self.unreadable(unreadable, Origin::Fill);
        } else {
            self.load.fetch_later(bytes(&body));
            return false;
        }
        true
    }

    pub(super) fn enter(&mut self, key: Key, body: DeliveryBody, origin: Origin) -> Entry {
        let mut attempts = 0;
        if let Some(Known::GaveUp { attempts: before, .. }) = self.ledger.look(&key) {
            attempts = before;
        }
        let entry = Entry { key: key.clone(), body, origin, attempts, failures: 0 };
        self.ledger.note(key, Known::Pending);
        self.load.enter(entry.bytes());
        entry
    }

    /// A message was too far ahead to be believed.
    pub(super) fn implausible(
        &mut self,
        lane: &LaneKey,
        message_id: Option<MessageId>,
        seq: Option<u64>,
        expected: u64,
    ) {
        if let (Some(message_id), Some(seq), LaneKey::Conversation(conversation_id)) = (message_id, seq, lane) {
            let conversation_id = conversation_id.clone();
            self.events.push_back(Event::ImplausibleSeq { message_id, conversation_id, seq, expected });
        }
    }
}

/// Where an unreadable message belongs, if that much can be read.
fn place(unreadable: &Unreadable) -> Option<(LaneKey, u64)> {
    let conversation_id = unreadable.conversation_id.clone()?;
    Some((LaneKey::Conversation(conversation_id), unreadable.seq?))
}
