//! The model of the platform, as one agent sees it: conversations, seqs, envelopes (contract 4). Written to be
//! obviously right rather than fast or complete, and without a line of the local server.

use super::client::Conversation;
use super::schedule::{OddSeq, Poison};

/// A message's number, in the order in which the platform stored them: both its id and its cursor are made of it.
pub(super) type Number = usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Plain,
    OddSeq(OddSeq),
    Poison(Poison),
    System,
    Own,
}

#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) conversation: Conversation,
    pub(super) seq: u64,
    pub(super) sort: Sort,
    pub(super) hidden: bool,
    pub(super) envelope: Envelope,
}

impl Message {
    /// The seq as far as the row shows one that can be used.
    pub(super) fn shown_seq(&self) -> Option<u64> {
        match self.sort {
            Sort::OddSeq(OddSeq::Huge) => Some(HUGE),
            Sort::OddSeq(_) => None,
            _ => Some(self.seq),
        }
    }
}

pub(super) const HUGE: u64 = 1_000_000_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Envelope {
    /// No envelope: our own, or skipped while our inbox was full.
    None,
    Stored,
    Delivered,
}

#[derive(Debug, Default)]
pub(super) struct Platform {
    pub(super) messages: Vec<Message>,
    last_seq: Vec<u64>,
    muted: Vec<bool>,
    /// Numbers below this have no stored envelope: spares looking at all of them.
    settled_below: Number,
}

impl Platform {
    pub(super) fn new(conversations: u16) -> Self {
        Self { last_seq: vec![0; conversations.into()], muted: vec![false; conversations.into()], ..Self::default() }
    }

    /// Stores a message; seqs are shared by all of a conversation's participants.
    pub(super) fn store(&mut self, conversation: Conversation, sort: Sort, envelope: Envelope) -> Number {
        let seq = &mut self.last_seq[usize::from(conversation)];
        *seq += 1;
        self.messages.push(Message { conversation, seq: *seq, sort, hidden: false, envelope });
        self.messages.len() - 1
    }

    pub(super) fn mute(&mut self, conversation: Conversation, on: bool) {
        self.muted[usize::from(conversation)] = on;
    }

    /// Whether it goes out over the sockets: no own message, no group event, nothing muted or skipped.
    pub(super) fn is_pushed(&self, number: Number) -> bool {
        let message = &self.messages[number];
        let pushed = !matches!(message.sort, Sort::Own | Sort::System);
        pushed && message.envelope == Envelope::Stored && !self.muted[usize::from(message.conversation)]
    }

    /// Hides a message for the agent; its envelope counts as delivered.
    pub(super) fn hide(&mut self, number: Number) {
        self.messages[number].hidden = true;
        self.deliver(number);
    }

    pub(super) fn deliver(&mut self, number: Number) {
        let envelope = &mut self.messages[number].envelope;
        if *envelope == Envelope::Stored {
            *envelope = Envelope::Delivered;
        }
        while self.messages.get(self.settled_below).is_some_and(|m| m.envelope != Envelope::Stored) {
            self.settled_below += 1;
        }
    }

    /// What is undelivered, oldest first.
    pub(super) fn stored(&self) -> impl Iterator<Item = Number> + '_ {
        (self.settled_below..self.messages.len()).filter(|n| self.messages[*n].envelope == Envelope::Stored)
    }

    /// A page of sync, strictly behind a cursor; behind an unknown one there is nothing.
    pub(super) fn sync(&self, after: Option<&str>, limit: usize) -> Vec<Number> {
        let first = match after {
            None => 0,
            Some(cursor) => match self.of_cursor(cursor) {
                Some(number) => number + 1,
                None => return Vec::new(),
            },
        };
        self.stored().filter(|number| *number >= first).take(limit).collect()
    }

    /// What a cursor would commit: what is stored up to it.
    pub(super) fn up_to(&self, cursor: &str) -> Vec<Number> {
        let last = self.of_cursor(cursor);
        self.stored().filter(|number| last.is_some_and(|last| *number <= last)).collect()
    }

    /// A page of history, rising; hidden rows are taken out after the limit. `most` makes pages shorter still, so that
    /// paging happens, but leaves them a row to go on from: a real page is long enough to have one.
    pub(super) fn history(&self, conversation: Conversation, after: u64, limit: usize, most: usize) -> Vec<Number> {
        let of_conversation = self.messages.iter().enumerate().filter(|(_, m)| m.conversation == conversation);
        let page = of_conversation.filter(|(_, m)| m.seq > after).take(limit);
        let mut usable = 0;
        let short = page.filter(|(_, m)| !m.hidden).take_while(|(_, m)| {
            usable += usize::from(!matches!(m.sort, Sort::OddSeq(_) | Sort::Poison(_)));
            usable <= most
        });
        short.map(|(number, _)| number).collect()
    }

    fn of_cursor(&self, cursor: &str) -> Option<Number> {
        let number: Number = cursor.strip_prefix("del_")?.parse().ok()?;
        self.messages.get(number).filter(|m: &&Message| m.envelope != Envelope::None).map(|_| number)
    }

    /// The message that an id or a cursor names.
    pub(super) fn named(&self, id: &str) -> Option<Number> {
        let number: Number = id.strip_prefix("msg_").or_else(|| id.strip_prefix("del_"))?.parse().ok()?;
        (number < self.messages.len()).then_some(number)
    }

    /// The message at a place.
    pub(super) fn placed(&self, conversation: Conversation, seq: u64) -> Option<Number> {
        self.messages.iter().position(|message| message.conversation == conversation && message.seq == seq)
    }

    pub(super) fn last_seq(&self, conversation: Conversation) -> u64 {
        self.last_seq[usize::from(conversation)]
    }
}
