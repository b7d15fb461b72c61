//! Which process of an agent replies: leases of foreground turns, and claims (contract 2.12).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::agent::AgentId;
use super::id::MessageId;
use crate::clock::Millis;

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    Held,
    /// Left to a foreground turn.
    Deferred,
    /// Another holder's.
    Taken,
}

/// The leases and claims of all agents.
#[derive(Debug, Default)]
pub(crate) struct Coordination {
    /// When each lease ends: one for each session, and the flag for no session.
    leases: BTreeMap<AgentId, BTreeMap<Option<String>, Millis>>,
    holders: BTreeMap<(AgentId, MessageId), String>,
}

impl Coordination {
    /// Begins a lease, or makes it last longer.
    pub(crate) fn lease(&mut self, agent: &str, session: Option<String>, until: Millis) {
        self.leases.entry(agent.to_owned()).or_default().insert(session, until);
    }

    pub(crate) fn release(&mut self, agent: &str, session: &Option<String>) {
        if let Some(mine) = self.leases.get_mut(agent) {
            mine.remove(session);
        }
    }

    /// Whether any lease is left; those that have ended are forgotten.
    pub(crate) fn is_active(&mut self, agent: &str, now: Millis) -> bool {
        let Some(mine) = self.leases.get_mut(agent) else { return false };
        mine.retain(|_, until| now < *until);
        !mine.is_empty()
    }

    /// The first holder gets a message, and gets it again. What nobody holds yet can be left to a foreground turn.
    pub(crate) fn claim(&mut self, agent: &str, message: &str, holder: &str, defers: bool, now: Millis) -> Claim {
        let is_left = defers && self.is_active(agent, now);
        match self.holders.entry((agent.to_owned(), message.to_owned())) {
            Entry::Occupied(held) if held.get() == holder => Claim::Held,
            Entry::Occupied(_) => Claim::Taken,
            Entry::Vacant(_) if is_left => Claim::Deferred,
            Entry::Vacant(free) => {
                free.insert(holder.to_owned());
                Claim::Held
            }
        }
    }
}
