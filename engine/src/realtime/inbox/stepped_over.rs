//! What rows of a drain step over. They are sparse by design, and what lies between is not missing: it was delivered. But a
//! platform without acks counts as delivered what it wrote to a socket that was ending, so there only history knows.

use super::Inbox;
use super::order::OrderKey;
use crate::realtime::event::SeqRange;

impl Inbox {
    /// What a row of the drain steps over and a socket may have lost. Of a conversation that this very drain began that is
    /// nothing: it was never heard of before.
    pub(super) fn stepped_over(&self, conversation: &OrderKey, seq: Option<u64>) -> Vec<SeqRange> {
        match (self.conversations.get(conversation), seq) {
            (Some(conversation), Some(seq)) if self.legacy && !conversation.was_begun_by(self.drains) => {
                conversation.unknown_below(seq)
            }
            _ => Vec::new(),
        }
    }
}
