//! How much is buffered, and what happens when that is too much although reading has stopped: live messages are shed,
//! unacked, and fetched once there is room. The platform is the durable queue.

use crate::realtime::options::SessionOptions;

/// How much a session holds that is not settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Buffered {
    /// Messages: waiting for their turn, offered, or waiting to be offered again.
    pub messages: usize,
    /// Their bytes, what the engine needs besides included: at most twice as many are held.
    pub bytes: usize,
}

#[derive(Debug)]
pub(super) struct BufferBudget {
    messages: usize,
    bytes: usize,
    max_messages: usize,
    max_bytes: usize,
    dropped: u64,
    shedding: bool,
    /// Bytes of the largest message that was left with the platform.
    needs: usize,
}

impl BufferBudget {
    pub(super) fn new(options: &SessionOptions) -> Self {
        Self {
            messages: 0,
            bytes: 0,
            max_messages: options.buffered_messages,
            max_bytes: options.buffered_bytes,
            dropped: 0,
            shedding: false,
            needs: 0,
        }
    }

    pub(super) fn buffered(&self) -> Buffered {
        Buffered { messages: self.messages, bytes: self.bytes }
    }

    /// Messages dropped so far.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }

    pub(super) fn enter(&mut self, bytes: usize) {
        self.messages = self.messages.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
    }

    pub(super) fn leave(&mut self, bytes: usize) {
        self.messages = self.messages.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    /// Whether there is room for a message of so many bytes. One alone always fits, however large.
    pub(super) fn fits(&self, bytes: usize) -> bool {
        self.messages == 0 || self.messages < self.max_messages && self.bytes.saturating_add(bytes) <= self.max_bytes
    }

    /// Whether at least half of the room is free.
    pub(super) fn has_room(&self) -> bool {
        self.messages <= self.max_messages / 2 && self.bytes <= self.max_bytes / 2
    }

    /// Whether at least half of the room is still free with another message of so many bytes.
    pub(super) fn keeps_half_free(&self, bytes: usize) -> bool {
        self.messages < self.max_messages / 2 && self.bytes.saturating_add(bytes) <= self.max_bytes / 2
    }

    /// Whether at least so many tenths of the room, in messages or in bytes, are taken.
    pub(super) fn reaches(&self, tenths: usize) -> bool {
        let part = |max: usize| max.saturating_mul(tenths).div_ceil(10);
        self.messages >= part(self.max_messages) || self.bytes >= part(self.max_bytes)
    }

    /// Whether at least a quarter of the room is free.
    pub(super) fn has_quarter_free(&self) -> bool {
        let three_quarters = |max: usize| max.saturating_sub(max.div_ceil(4));
        self.messages <= three_quarters(self.max_messages) && self.bytes <= three_quarters(self.max_bytes)
    }

    /// A message was dropped; the count so far, if it was the first since there was room.
    pub(super) fn shed(&mut self, bytes: usize) -> Option<u64> {
        self.dropped = self.dropped.saturating_add(1);
        let first = !self.shedding;
        self.fetch_later(bytes);
        first.then_some(self.dropped)
    }

    /// A message of so many bytes was left with the platform for want of room, and has to be fetched.
    pub(super) fn fetch_later(&mut self, bytes: usize) {
        self.shedding = true;
        self.needs = self.needs.max(bytes);
    }

    /// True once after shedding, when there is room to fetch what was dropped.
    pub(super) fn take_recovery(&mut self) -> bool {
        let due = self.shedding && self.has_room() && self.fits(self.needs);
        if due {
            (self.shedding, self.needs) = (false, 0);
        }
        due
    }
}
