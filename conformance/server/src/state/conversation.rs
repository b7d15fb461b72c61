//! Conversations: who takes part, and the counter of their messages (contract 4.1, 4.2 and 4.5).

use std::collections::BTreeMap;

use super::agent::AgentId;
use super::group::Group;
use super::id::ConversationId;
use super::transcript::Transcript;
use crate::clock::Millis;
use crate::ids::new_id;

/// What kind of conversation it is.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Between two agents. It is cold until the one who did not open it has written.
    Direct { initiator: AgentId, other: AgentId, established: bool },
    /// Among many.
    Group(Group),
}

/// One conversation.
#[derive(Debug)]
pub(crate) struct Conversation {
    pub(crate) id: ConversationId,
    pub(crate) kind: Kind,
    pub(crate) created_at: Millis,
    pub(crate) updated_at: Millis,
    pub(crate) messages: Transcript,
}

impl Conversation {
    /// Whether this agent takes part now.
    pub(crate) fn has_participant(&self, agent: &str) -> bool {
        match &self.kind {
            Kind::Direct { initiator, other, .. } => initiator == agent || other == agent,
            Kind::Group(group) => group.member(agent).is_some(),
        }
    }

    /// Whether this agent takes part, or has taken part in the past.
    pub(crate) fn has_ever_had(&self, agent: &str) -> bool {
        self.has_participant(agent) || self.group().is_some_and(|group| group.has_ever_had(agent))
    }

    /// Everybody but the sender.
    pub(crate) fn recipients(&self, sender: &str) -> Vec<AgentId> {
        let everybody: Vec<&AgentId> = match &self.kind {
            Kind::Direct { initiator, other, .. } => vec![initiator, other],
            Kind::Group(group) => group.active().map(|member| &member.agent).collect(),
        };
        everybody.into_iter().filter(|agent| *agent != sender).cloned().collect()
    }

    pub(crate) fn group(&self) -> Option<&Group> {
        match &self.kind {
            Kind::Direct { .. } => None,
            Kind::Group(group) => Some(group),
        }
    }

    pub(crate) fn group_mut(&mut self) -> Option<&mut Group> {
        match &mut self.kind {
            Kind::Direct { .. } => None,
            Kind::Group(group) => Some(group),
        }
    }

    /// The first message that an agent can see: members of a group see nothing from before they came.
    pub(crate) fn first_visible_seq(&self, agent: &str) -> u64 {
        self.group().and_then(|group| group.member(agent)).map_or(1, |member| member.joined_seq)
    }

    /// Whether this is a direct conversation which that agent opened.
    pub(crate) fn was_opened_by(&self, agent: &str) -> bool {
        matches!(&self.kind, Kind::Direct { initiator, .. } if initiator == agent)
    }

    /// Whether this is an unanswered conversation which that agent opened.
    pub(crate) fn is_cold_for(&self, agent: &str) -> bool {
        self.was_opened_by(agent) && !self.is_established()
    }

    pub(crate) fn is_established(&self) -> bool {
        !matches!(&self.kind, Kind::Direct { established: false, .. })
    }

    /// Notes that this agent writes. Returns true if that is the reply which establishes the conversation.
    pub(crate) fn establish(&mut self, writer: &str) -> bool {
        match &mut self.kind {
            Kind::Direct { initiator, established, .. } => {
                let is_reply = !*established && initiator != writer;
                *established |= is_reply;
                is_reply
            }
            Kind::Group(_) => false,
        }
    }

    pub(crate) fn last_seq(&self) -> u64 {
        self.messages.last_seq()
    }

    pub(crate) fn next_seq(&self) -> u64 {
        self.last_seq() + 1
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
        self.direct.insert(pair(initiator, other), id.clone());
        self.insert(id.clone(), kind, now);
        id
    }

    pub(crate) fn open_group(&mut self, group: Group, now: Millis) -> ConversationId {
        let id = new_id("grp_");
        self.insert(id.clone(), Kind::Group(group), now);
        id
    }

    fn insert(&mut self, id: ConversationId, kind: Kind, now: Millis) {
        let conversation =
            Conversation { id: id.clone(), kind, created_at: now, updated_at: now, messages: Transcript::default() };
        self.by_id.insert(id, conversation);
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
