//! A message on its way to the application.

use super::delivery::{DeliveryBody, Origin};
use super::ledger::Key;

/// A message that was taken in and is not settled.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) body: DeliveryBody,
    pub(super) origin: Origin,
    /// Offers so far in this session.
    pub(super) attempts: u32,
    /// Failures since the platform last brought it.
    pub(super) failures: u32,
}

impl Entry {
    pub(super) fn seq(&self) -> Option<u64> {
        seq(&self.body)
    }

    pub(super) fn bytes(&self) -> usize {
        bytes(&self.body)
    }
}

pub(super) fn seq(body: &DeliveryBody) -> Option<u64> {
    match body {
        DeliveryBody::Message(row) => row.header().seq,
        DeliveryBody::Unreadable(_) => None,
    }
}

/// Bytes that a message holds while it is here, roughly.
pub(super) fn bytes(body: &DeliveryBody) -> usize {
    let text = match body {
        DeliveryBody::Message(row) => row.text().len(),
        DeliveryBody::Unreadable(unreadable) => unreadable.text.len(),
    };
    text.saturating_add(512)
}
