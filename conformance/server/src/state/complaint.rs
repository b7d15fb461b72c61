//! Who has blocked or reported whom, and when (contract 2.6, 4.6 and 4.7).

use std::collections::BTreeMap;

use super::agent::AgentId;
use crate::clock::Millis;

/// Blocks, or reports: at most one of each complainer about each target.
#[derive(Debug, Default)]
pub(crate) struct Complaints {
    since: BTreeMap<(AgentId, AgentId), Millis>,
}

impl Complaints {
    /// False if it was there already, in which case it keeps its time.
    pub(crate) fn add(&mut self, complainer: &str, target: &str, now: Millis) -> bool {
        let is_new = !self.has(complainer, target);
        self.since.entry((complainer.to_owned(), target.to_owned())).or_insert(now);
        is_new
    }

    /// Whether there was one.
    pub(crate) fn remove(&mut self, complainer: &str, target: &str) -> bool {
        self.since.remove(&(complainer.to_owned(), target.to_owned())).is_some()
    }

    pub(crate) fn has(&self, complainer: &str, target: &str) -> bool {
        self.since.contains_key(&(complainer.to_owned(), target.to_owned()))
    }

    /// Whether one of the two has complained about the other.
    pub(crate) fn is_between(&self, one: &str, two: &str) -> bool {
        self.has(one, two) || self.has(two, one)
    }

    /// Who has complained about an agent after a moment.
    pub(crate) fn about(&self, target: &str, since: Millis) -> impl Iterator<Item = &AgentId> {
        let is_meant = move |((_, about), at): &(&(AgentId, AgentId), &Millis)| about == target && **at > since;
        self.since.iter().filter(is_meant).map(|((complainer, _), _)| complainer)
    }
}
