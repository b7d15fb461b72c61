//! Messages that are too old to be kept: they vanish with everything that hangs on them (contract 4.13).
//! Conversations, groups, contacts and attachments stay.

use super::State;
use crate::clock::Millis;

impl State {
    /// Drops all messages from before a time.
    pub(crate) fn forget_before(&mut self, oldest: Millis) {
        while let Some(message) = self.messages.take_older_than(oldest) {
            self.envelopes.forget(&message.id);
            self.hidden.forget_message(&message.id);
            // The oldest message of all is the oldest of its conversation as well.
            if let Some(conversation) = self.conversations.get_mut(&message.conversation_id) {
                conversation.messages.forget_first();
            }
        }
    }
}
