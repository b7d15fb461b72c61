//! What is handled, and what the platform knows of it.
//!
//! [`Dedup`] knows every message by its key, whichever way it comes; [`CursorLog`] how far the platform may be told by cursor,
//! never past a row that is not handled; [`Outbox`] which messages are to be acked by frame. It sends nothing.

mod cursor;
mod dedup;
mod outbox;

pub(in crate::realtime) use cursor::CursorLog;
pub(in crate::realtime) use dedup::{Dedup, MessageState, PendingSlot};
pub(in crate::realtime) use outbox::Outbox;
