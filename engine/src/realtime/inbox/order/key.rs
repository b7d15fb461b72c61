//! What a conversation is known by, and where it is kept.

use core::hash::{Hash, Hasher};

use crate::realtime::message_key::MessageKey;
use crate::types::ConversationId;

/// What is ordered together: a conversation, or a row that has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::realtime) enum OrderKey {
    Conversation(ConversationId),
    Unplaced(MessageKey),
}

impl Hash for OrderKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Conversation(id) => state.write(id.as_str().as_bytes()),
            Self::Unplaced(key) => key.hash(state),
        }
    }
}

/// Where a conversation is kept, for as long as something of it is buffered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::realtime::inbox) struct Slot(usize);

impl Slot {
    pub(super) fn new(index: usize) -> Self {
        Self(index)
    }

    pub(super) fn index(self) -> usize {
        self.0
    }
}
