//! A message on its way to the application.

use crate::realtime::acks::PendingSlot;
use crate::realtime::delivery::{DeliveryBody, Origin};

/// Bytes kept for a message besides its own: half as much where it is one of many of its conversation, up to twice as much where it
/// alone waits there for a gap.
const BESIDES: usize = 1_024;

/// A message that was taken in and is not settled.
#[derive(Debug)]
pub(in crate::realtime) struct BufferedMessage {
    /// Where it is known as pending.
    pub(in crate::realtime::inbox) pending: PendingSlot,
    pub(in crate::realtime::inbox) body: DeliveryBody,
    pub(in crate::realtime::inbox) origin: Origin,
    /// Offers so far in this session.
    pub(in crate::realtime::inbox) attempts: u32,
    /// Failures since the platform last brought it.
    pub(in crate::realtime::inbox) failures: u32,
    /// Its place among all that its conversation has offered.
    pub(super) turn: u64,
    /// Whether one with a higher seq of its conversation was offered before it.
    pub(super) late: bool,
}

impl BufferedMessage {
    /// A message that was offered as often before.
    pub(in crate::realtime::inbox) fn new(
        pending: PendingSlot,
        body: DeliveryBody,
        origin: Origin,
        attempts: u32,
    ) -> Self {
        Self { pending, body, origin, attempts, failures: 0, turn: 0, late: false }
    }

    /// Its seq, if it had its turn.
    pub(super) fn seq_in_turn(&self) -> Option<u64> {
        self.seq().filter(|_| self.turn > 0 && !self.late)
    }

    pub(in crate::realtime) fn seq(&self) -> Option<u64> {
        seq(&self.body)
    }

    pub(in crate::realtime) fn bytes(&self) -> usize {
        bytes(&self.body)
    }
}

pub(in crate::realtime) fn seq(body: &DeliveryBody) -> Option<u64> {
    match body {
        DeliveryBody::Message(row) => row.header().seq,
        DeliveryBody::Unreadable(_) => None,
    }
}

/// Bytes that a message holds while it is here: its own, and what is kept to find it, to order it, and of its conversation.
/// `tests/hostile_memory` holds this to what the allocator says.
pub(in crate::realtime) fn bytes(body: &DeliveryBody) -> usize {
    let own = match body {
        DeliveryBody::Message(row) => row.held(),
        DeliveryBody::Unreadable(unreadable) => unreadable.held(),
    };
    own.saturating_add(BESIDES)
}
