//! Envelopes: one for each recipient of a message, stored, then delivered, then read (contract 4.8).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use super::agent::AgentId;
use super::id::MessageId;
use crate::clock::Millis;
use crate::ids::new_delivery_id;

/// How far an envelope has come. It only moves forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Stored,
    Delivered,
    Read,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Status::Stored => "stored",
            Status::Delivered => "delivered",
            Status::Read => "read",
        }
    }
}

/// The delivery of one message to one agent.
#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) delivery_id: String,
    pub(crate) message_id: MessageId,
    pub(crate) status: Status,
    pub(crate) delivered_at: Option<Millis>,
    pub(crate) read_at: Option<Millis>,
}

/// A place in a mailbox. The real platform orders by time and id; arrival order is that, without its ties.
pub(crate) type Position = usize;

/// The envelopes of one agent.
#[derive(Debug, Default)]
struct Mailbox {
    envelopes: BTreeMap<Position, Envelope>,
    /// Where the next envelope goes; no position is used twice.
    end: Position,
    stored: BTreeSet<Position>,
    by_message: BTreeMap<MessageId, Position>,
    by_delivery: BTreeMap<String, Position>,
}

/// All envelopes.
#[derive(Debug, Default)]
pub(crate) struct Envelopes {
    mailboxes: BTreeMap<AgentId, Mailbox>,
}

impl Envelopes {
    /// Puts a message into the mailbox of an agent.
    pub(crate) fn store(&mut self, agent: &str, message_id: &str) {
        let mailbox = self.mailboxes.entry(agent.to_owned()).or_default();
        let (position, delivery_id) = (mailbox.end, new_delivery_id());
        mailbox.end += 1;
        mailbox.stored.insert(position);
        mailbox.by_message.insert(message_id.to_owned(), position);
        mailbox.by_delivery.insert(delivery_id.clone(), position);
        let envelope = Envelope {
            delivery_id,
            message_id: message_id.to_owned(),
            status: Status::Stored,
            delivered_at: None,
            read_at: None,
        };
        mailbox.envelopes.insert(position, envelope);
    }

    /// Drops the envelopes of a message that is no more.
    pub(crate) fn forget(&mut self, message_id: &str) {
        for mailbox in self.mailboxes.values_mut() {
            let Some(position) = mailbox.by_message.remove(message_id) else {
                continue;
            };
            mailbox.stored.remove(&position);
            if let Some(envelope) = mailbox.envelopes.remove(&position) {
                mailbox.by_delivery.remove(&envelope.delivery_id);
            }
        }
    }

    pub(crate) fn undelivered(&self, agent: &str) -> usize {
        self.mailboxes.get(agent).map_or(0, |mailbox| mailbox.stored.len())
    }

    /// Where the next message of this agent will go.
    pub(crate) fn end(&self, agent: &str) -> Position {
        self.mailboxes.get(agent).map_or(0, |mailbox| mailbox.end)
    }

    pub(crate) fn of_message(&self, agent: &str, message_id: &str) -> Option<&Envelope> {
        let mailbox = self.mailboxes.get(agent)?;
        mailbox.envelopes.get(mailbox.by_message.get(message_id)?)
    }

    /// The position of a delivery id of this agent, whatever has become of it.
    pub(crate) fn position(&self, agent: &str, delivery_id: &str) -> Option<Position> {
        self.mailboxes.get(agent)?.by_delivery.get(delivery_id).copied()
    }

    /// Undelivered envelopes, oldest first, strictly after a position.
    pub(crate) fn stored_after(
        &self,
        agent: &str,
        after: Option<Position>,
    ) -> impl Iterator<Item = (Position, &Envelope)> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        self.mailboxes.get(agent).into_iter().flat_map(move |mailbox| {
            let positions = mailbox.stored.range((from, Bound::Unbounded));
            positions.filter_map(|position| Some((*position, mailbox.envelopes.get(position)?)))
        })
    }

    /// Marks one message as delivered. Does nothing for a message that this agent never got, or has already.
    pub(crate) fn deliver(&mut self, agent: &str, message_id: &str, now: Millis) {
        self.advance(agent, message_id, Status::Delivered, now);
    }

    /// Marks everything undelivered up to and including a position as delivered, and returns how much that was.
    pub(crate) fn deliver_through(&mut self, agent: &str, last: Position, now: Millis) -> usize {
        let waiting: Vec<MessageId> = self
            .stored_after(agent, None)
            .take_while(|(position, _)| *position <= last)
            .map(|(_, envelope)| envelope.message_id.clone())
            .collect();
        for message_id in &waiting {
            self.deliver(agent, message_id, now);
        }
        waiting.len()
    }

    /// Marks what is undelivered of these messages as delivered: nobody will come for it any more.
    pub(crate) fn flush<'a>(&mut self, agent: &str, messages: impl Iterator<Item = &'a MessageId>, now: Millis) {
        for message_id in messages {
            self.deliver(agent, message_id, now);
        }
    }

    /// Marks one message as read; false if this agent never got it.
    pub(crate) fn read(&mut self, agent: &str, message_id: &str, now: Millis) -> bool {
        self.advance(agent, message_id, Status::Read, now)
    }

    fn advance(&mut self, agent: &str, message_id: &str, to: Status, now: Millis) -> bool {
        let Some(mailbox) = self.mailboxes.get_mut(agent) else {
            return false;
        };
        let Some(position) = mailbox.by_message.get(message_id) else {
            return false;
        };
        let Some(envelope) = mailbox.envelopes.get_mut(position) else {
            return false;
        };
        if envelope.status < to {
            envelope.status = to;
            mailbox.stored.remove(position);
            match to {
                Status::Delivered => envelope.delivered_at = Some(now),
                Status::Read => envelope.read_at = Some(now),
                Status::Stored => {}
            }
        }
        true
    }
}
