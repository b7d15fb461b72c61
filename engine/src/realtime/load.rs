//! How much is buffered, and what happens when that is too much: live messages are shed, unacked, and
//! fetched once there is room. The platform is the durable queue.

use super::options::SessionOptions;

#[derive(Debug)]
pub(super) struct Load {
    messages: usize,
    bytes: usize,
    max_messages: usize,
    max_bytes: usize,
    dropped: u64,
    shedding: bool,
}

impl Load {
    pub(super) fn new(options: &SessionOptions) -> Self {
        Self {
            messages: 0,
            bytes: 0,
            max_messages: options.buffered_messages,
            max_bytes: options.buffered_bytes,
            dropped: 0,
            shedding: false,
        }
    }

    pub(super) fn enter(&mut self, bytes: usize) {
        self.messages = self.messages.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
    }

    pub(super) fn leave(&mut self, bytes: usize) {
        self.messages = self.messages.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    pub(super) fn is_full(&self) -> bool {
        self.messages >= self.max_messages || self.bytes >= self.max_bytes
    }

    /// Whether at least half of the room is free.
    pub(super) fn has_room(&self) -> bool {
        self.messages <= self.max_messages / 2 && self.bytes <= self.max_bytes / 2
    }

    /// A message was dropped; the count so far, if it was the first since there was room.
    pub(super) fn shed(&mut self) -> Option<u64> {
        self.dropped = self.dropped.saturating_add(1);
        let first = !self.shedding;
        self.shedding = true;
        first.then_some(self.dropped)
    }

    /// True once after shedding, when there is room to fetch what was dropped.
    pub(super) fn take_recovery(&mut self) -> bool {
        let due = self.shedding && self.has_room();
        self.shedding &= !due;
        due
    }
}
