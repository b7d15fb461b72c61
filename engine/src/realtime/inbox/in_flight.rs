//! The deliveries that the application has and has not settled.

use std::collections::VecDeque;

use slab::Slab;

use super::order::{BufferedMessage, Slot};
use crate::realtime::delivery::DeliveryToken;

/// What was delivered, and the conversation whose turn it is.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    /// Tokens rise: the oldest first, and where its message is.
    tokens: VecDeque<(DeliveryToken, usize)>,
    messages: Slab<(Slot, BufferedMessage)>,
}

impl InFlight {
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Adds a delivery, whose token is higher than all before.
    pub(super) fn add(&mut self, token: DeliveryToken, slot: Slot, message: BufferedMessage) {
        self.tokens.push_back((token, self.messages.insert((slot, message))));
    }

    /// Takes a delivery out. `None` if it was settled before, or never made.
    pub(super) fn take(&mut self, token: DeliveryToken) -> Option<(Slot, BufferedMessage)> {
        let at = self.tokens.binary_search_by_key(&token, |(token, _)| *token).ok()?;
        let (_, place) = self.tokens.remove(at)?;
        self.messages.try_remove(place)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Slot, &BufferedMessage)> {
        self.messages.iter().map(|(_, (slot, message))| (*slot, message))
    }
}
