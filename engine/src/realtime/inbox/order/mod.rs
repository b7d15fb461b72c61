//! The order of messages: of one conversation ([`Conversation`]), and whose turn it is among all of them ([`Conversations`]).
//!
//! It may be asked what is missing, what has its turn, and until when a gap is waited for. It never decides what is asked of
//! history and never forgets a message: what it gives up it hands out as a [`GivenUpGap`].

mod buffered_message;
mod conversation;
mod conversations;
mod drained;
mod fill;
mod filling;
mod gap;
mod key;
mod lists;
mod mark;
mod missing;
mod place;
mod queue;
mod schedule;
mod stepped_over;

pub(in crate::realtime) use buffered_message::{BufferedMessage, bytes, seq};
pub(in crate::realtime) use conversation::{Admitted, Conversation, GivenUpGap};
pub(super) use conversations::ConversationMut;
pub(in crate::realtime) use conversations::Conversations;
pub(in crate::realtime) use fill::NextPage;
pub(super) use filling::Filled;
pub(in crate::realtime) use gap::Gap;
pub(in crate::realtime) use key::OrderKey;
pub(super) use key::Slot;
