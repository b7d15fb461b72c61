//! What agents have put out of their own sight (contract 4.12).

use std::collections::{BTreeMap, BTreeSet};

use super::agent::AgentId;
use super::id::{ConversationId, MessageId};
use super::message::Message;

/// Hidden messages and conversations, by the agent that does not want to see them.
#[derive(Debug, Default)]
pub(crate) struct Hidden {
    messages: BTreeMap<MessageId, BTreeSet<AgentId>>,
    /// The last message at the time. The real platform compares times; numbers do the same without ties.
    conversations: BTreeMap<(AgentId, ConversationId), u64>,
}

impl Hidden {
    pub(crate) fn hide_message(&mut self, agent: &str, message_id: &str) {
        self.messages.entry(message_id.to_owned()).or_default().insert(agent.to_owned());
    }

    /// Drops what was noted about a message that is no more.
    pub(crate) fn forget_message(&mut self, message_id: &str) {
        self.messages.remove(message_id);
    }

    /// Hides everything up to a seq. What comes later shows the conversation again.
    pub(crate) fn hide_conversation(&mut self, agent: &str, conversation_id: &str, through_seq: u64) {
        self.conversations.insert((agent.to_owned(), conversation_id.to_owned()), through_seq);
    }

    pub(crate) fn hides_message(&self, agent: &str, message: &Message) -> bool {
        self.messages.get(&message.id).is_some_and(|agents| agents.contains(agent))
            || self.through(agent, &message.conversation_id).is_some_and(|seq| message.seq <= seq)
    }

    pub(crate) fn hides_conversation(&self, agent: &str, conversation_id: &str, last_seq: u64) -> bool {
        self.through(agent, conversation_id).is_some_and(|seq| last_seq <= seq)
    }

    fn through(&self, agent: &str, conversation_id: &str) -> Option<u64> {
        self.conversations.get(&(agent.to_owned(), conversation_id.to_owned())).copied()
    }
}
