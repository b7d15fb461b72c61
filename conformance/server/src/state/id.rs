//! Names of rows.

pub(crate) type ConversationId = String;
pub(crate) type MessageId = String;
