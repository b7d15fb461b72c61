//! Conversations: who takes part, and the counter of their messages (wire contract sections 4.1, 4.2 and 4.5).

use std::collections::BTreeMap;

use super::{agent::AgentId, message::MessageId};
use crate::server::{clock::Millis, ids::new_id};

pub(crate) type ConversationId = String;

/// What kind of conversation it is.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Between two agents. It is cold until the one who did not open it has written.
    Direct { initiator: AgentId, other: AgentId, established: bool },
}

/// One conversation.
#[derive(Debug)]
pub(crate) struct Conversation {
    pub(crate) id: ConversationId,
    pub(crate) kind: Kind,
    pub(crate) created_at: Millis,
    pub(crate) updated_at: Millis,
    /// All rows; the one with seq `n` is at `n - 1`.
    pub(crate) messages: Vec<MessageId>,
}

impl Conversation {
    pub(crate) fn has_participant(&self, agent: &str) -> bool {
        match &self.kind {
            Kind::Direct { initiator, other, .. } => initiator == agent || other == agent,
        }
    }

    /// Everybody but the sender.
    pub(crate) fn recipients(&self, sender: &str) -> Vec<AgentId> {
        match &self.kind {
            Kind::Direct { initiator, other, .. } => {
                [initiator, other].into_iter().filter(|agent| *agent != sender).cloned().collect()
            }
        }
    }

    /// Whether this is an unanswered conversation which that agent opened.
    pub(crate) fn is_cold_for(&self, agent: &str) -> bool {
        match &self.kind {
            Kind::Direct { initiator, established, .. } => initiator == agent && !established,
        }
    }

    pub(crate) fn is_established(&self) -> bool {
        match &self.kind {
            Kind::Direct { established, .. } => *established,
        }
    }

    /// Notes that this agent writes. Returns true if that is the reply which establishes the conversation.
    pub(crate) fn establish(&mut self, writer: &str) -> bool {
        match &mut self.kind {
            Kind::Direct { initiator, established, .. } => {
                let is_reply = !*established && initiator != writer;
                *established |= is_reply;
                is_reply
            }
        }
    }

    pub(crate) fn next_seq(&self) -> u64 {
        self.messages.len() as u64 + 1
    }
}

/// All conversations.
#[derive(Debug, Default)]
pub(crate) struct Conversations {
    by_id: BTreeMap<ConversationId, Conversation>,
    direct: BTreeMap<(AgentId, AgentId), ConversationId>,
}

impl Conversations {
    pub(crate) fn get(&self, id: &str) -> Option<&Conversation> {
        self.by_id.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Conversation> {
        self.by_id.get_mut(id)
    }

    /// The one conversation of two agents.
    pub(crate) fn between(&self, one: &str, two: &str) -> Option<&Conversation> {
        self.get(self.direct.get(&pair(one, two))?)
    }

    pub(crate) fn open_direct(&mut self, initiator: &str, other: &str, now: Millis) -> ConversationId {
        let id = new_id("conv_");
        let kind = Kind::Direct { initiator: initiator.to_owned(), other: other.to_owned(), established: false };
        let conversation =
            Conversation { id: id.clone(), kind, created_at: now, updated_at: now, messages: Vec::new() };
        self.direct.insert(pair(initiator, other), id.clone());
        self.by_id.insert(id.clone(), conversation);
        id
    }

    pub(crate) fn of_agent(&self, agent: &str) -> impl Iterator<Item = &Conversation> {
        self.by_id.values().filter(move |conversation| conversation.has_participant(agent))
    }

    /// Unanswered conversations that the agent opened after `since`.
    pub(crate) fn cold_since(&self, agent: &str, since: Millis) -> usize {
        self.of_agent(agent).filter(|one| one.is_cold_for(agent) && one.created_at > since).count()
    }
}

fn pair(one: &str, two: &str) -> (AgentId, AgentId) {
    let (low, high) = if one < two { (one, two) } else { (two, one) };
    (low.to_owned(), high.to_owned())
}
