//! What a message is known by.

use core::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use super::delivery::DeliveryBody;
use crate::types::{DeliveryId, MessageId, Unreadable};

/// What tells one delivery's content from another's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MessageKey {
    Message(MessageId),
    /// An unreadable row with nothing but a delivery id.
    Row(DeliveryId),
    /// An unreadable row without a message id: the SHA-256 of its place, or else of its text, because keys outlive what
    /// they stand for.
    Text([u8; 32]),
}

impl Hash for MessageKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // In one piece, which a keyed hash takes fastest.
        state.write(match self {
            Self::Message(id) => id.as_str().as_bytes(),
            Self::Row(id) => id.as_str().as_bytes(),
            Self::Text(digest) => digest,
        });
    }
}

impl MessageKey {
    pub(super) fn of(body: &DeliveryBody) -> Self {
        match body {
            DeliveryBody::Message(row) => Self::Message(row.header().id.clone()),
            DeliveryBody::Unreadable(unreadable) => Self::of_unreadable(unreadable),
        }
    }

    /// The same for one message, whether it came over the socket, by a drain or from history, if that is possible.
    fn of_unreadable(unreadable: &Unreadable) -> Self {
        if let Some(id) = &unreadable.id {
            return Self::Message(id.clone());
        }
        if let (Some(id), Some(seq)) = (&unreadable.conversation_id, unreadable.seq) {
            return Self::Text(Sha256::digest(format!("seq {seq} of {id}")).into());
        }
        match &unreadable.delivery_id {
            Some(id) => Self::Row(id.clone()),
            None => Self::Text(Sha256::digest(unreadable.text.as_bytes()).into()),
        }
    }

    pub(super) fn message_id(&self) -> Option<&MessageId> {
        match self {
            Self::Message(id) => Some(id),
            Self::Row(_) | Self::Text(_) => None,
        }
    }
}
