//! Messages as stored, and who sent which `client_msg_id` (contract 3.4 and 4.4).

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value};

use super::agent::AgentId;
use super::id::{ConversationId, MessageId};
use crate::clock::Millis;

/// One message, which never changes.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    pub(crate) conversation_id: ConversationId,
    pub(crate) client_msg_id: String,
    pub(crate) sender: AgentId,
    pub(crate) seq: u64,
    pub(crate) kind: String,
    pub(crate) content: Map<String, Value>,
    pub(crate) metadata: Map<String, Value>,
    /// What the platform itself says about the message, as of when it was sent.
    pub(crate) context: Value,
    pub(crate) created_at: Millis,
    /// Counts the messages of the platform: which of two from the same millisecond came first.
    pub(crate) number: u64,
}

impl Message {
    /// The `client_msg_id` of what the platform itself says.
    pub(crate) fn event_client_id(id: &str) -> String {
        format!("sys_{id}")
    }

    /// Whether the platform has written this, not an agent. Agents can send the type `system` too.
    pub(crate) fn is_event(&self) -> bool {
        self.client_msg_id == Message::event_client_id(&self.id)
    }
}

/// All messages.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    by_id: BTreeMap<MessageId, Message>,
    by_client_id: BTreeMap<(AgentId, String), MessageId>,
    last_number: u64,
    /// Oldest first.
    by_age: VecDeque<MessageId>,
}

impl Messages {
    /// The number of the message that will be inserted next.
    pub(crate) fn take_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    pub(crate) fn insert(&mut self, message: Message) {
        let client_id = (message.sender.clone(), message.client_msg_id.clone());
        self.by_client_id.insert(client_id, message.id.clone());
        self.by_age.push_back(message.id.clone());
        self.by_id.insert(message.id.clone(), message);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Message> {
        self.by_id.get(id)
    }

    /// Removes the oldest message, if it is from before that time. Its `client_msg_id` can be used again.
    pub(crate) fn take_older_than(&mut self, oldest: Millis) -> Option<Message> {
        self.by_age.front().and_then(|id| self.by_id.get(id)).filter(|message| message.created_at < oldest)?;
        let message = self.by_id.remove(&self.by_age.pop_front()?)?;
        self.by_client_id.remove(&(message.sender.clone(), message.client_msg_id.clone()));
        Some(message)
    }

    /// What this sender has already sent under that `client_msg_id`, in any conversation.
    pub(crate) fn sent_as(&self, sender: &str, client_msg_id: &str) -> Option<&Message> {
        self.get(self.by_client_id.get(&(sender.to_owned(), client_msg_id.to_owned()))?)
    }
}
