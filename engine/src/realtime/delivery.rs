//! A delivery: one offer of an inbound message to the application, which says how it ended.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use crate::types::{ConversationId, MessageId, Row, Unreadable};

/// Names one delivery, to settle it. Minted by the engine; settling one twice changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeliveryToken(pub(crate) u64);

/// Which way a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Origin {
    /// Over the socket.
    Live,
    /// From the sync of what was stored.
    Drain,
    /// From history, to fill a gap.
    Fill,
}

/// What is delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryBody {
    /// A message. [`Row::message`] parses it; [`Row::text`] is its JSON as it came.
    Message(Row),
    /// A stored row that is not a message as far as this version can tell. Until it is settled, the
    /// platform goes on offering it: handle it by other means, or discard it with a reason. Boxed, because it is large
    /// and rare.
    Unreadable(Box<Unreadable>),
}

impl DeliveryBody {
    /// Its id, as far as that can be read.
    pub(super) fn message_id(&self) -> Option<&MessageId> {
        match self {
            Self::Message(row) => Some(&row.header().id),
            Self::Unreadable(unreadable) => unreadable.id.as_ref(),
        }
    }

    /// Its conversation, as far as that can be read.
    pub(super) fn conversation_id(&self) -> Option<&ConversationId> {
        match self {
            Self::Message(row) => Some(&row.header().conversation_id),
            Self::Unreadable(unreadable) => unreadable.conversation_id.as_ref(),
        }
    }

    /// Its seq, as far as that can be read and used, whether or not it takes part in the order.
    pub(super) fn seq(&self) -> Option<u64> {
        match self {
            Self::Message(row) => row.header().seq,
            Self::Unreadable(unreadable) => unreadable.seq,
        }
    }
}

/// One offer of a message. The platform forgets the message only after it is settled as
/// [`Handled`](Outcome::Handled) or [`Discarded`](Outcome::Discarded).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Names this delivery in [`Input::Settled`](super::Input::Settled).
    pub token: DeliveryToken,
    /// How many times this message has been offered in this session, this time included.
    pub attempt: u32,
    /// Whether a message with a higher seq of this conversation was offered before: the one exception to
    /// rising order, for what arrives after its gap was given up, or is offered again by the platform.
    pub late: bool,
    /// Which way it came.
    pub origin: Origin,
    /// What it is.
    pub body: DeliveryBody,
}

/// How a delivery ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
#[non_exhaustive]
pub enum Outcome {
    /// The application has dealt with it: it is acked and never offered again.
    Handled,
    /// It could not be dealt with now: it is offered again, in place, a few times; then the conversation
    /// moves on and the platform keeps it for the next drain.
    Failed {
        /// When to offer it again, instead of the configured delay.
        retry_after: Option<Duration>,
    },
    /// Not dealt with, on purpose: acked, counted, and reported in an event.
    Discarded {
        /// Why.
        reason: String,
    },
}
