//! Who has whom as a contact, since when and with which notes (contract 2.6 and 4.5).

use std::collections::BTreeMap;

use super::agent::AgentId;
use crate::clock::Millis;

/// One entry of an agent's list.
#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) added_at: Millis,
    pub(crate) notes: Option<String>,
}

/// Entries by owner and contact; being a contact is one-way.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    entries: BTreeMap<(AgentId, AgentId), Contact>,
}

impl Contacts {
    /// Adds an entry; one that is there already stays as it is.
    pub(crate) fn add(&mut self, owner: &str, contact: &str, now: Millis) {
        self.entries.entry(pair(owner, contact)).or_insert(Contact { added_at: now, notes: None });
    }

    pub(crate) fn has(&self, owner: &str, contact: &str) -> bool {
        self.entries.contains_key(&pair(owner, contact))
    }

    pub(crate) fn get(&self, owner: &str, contact: &str) -> Option<&Contact> {
        self.entries.get(&pair(owner, contact))
    }

    pub(crate) fn get_mut(&mut self, owner: &str, contact: &str) -> Option<&mut Contact> {
        self.entries.get_mut(&pair(owner, contact))
    }

    /// Whether there was such an entry.
    pub(crate) fn remove(&mut self, owner: &str, contact: &str) -> bool {
        self.entries.remove(&pair(owner, contact)).is_some()
    }

    pub(crate) fn of(&self, owner: &str) -> impl Iterator<Item = (&AgentId, &Contact)> {
        let mine = self.entries.range(pair(owner, "")..).take_while(move |((one, _), _)| one == owner);
        mine.map(|((_, contact), entry)| (contact, entry))
    }

    /// Those who have this agent as a contact.
    pub(crate) fn owners_of(&self, contact: &str) -> Vec<AgentId> {
        self.entries.keys().filter(|(_, one)| one == contact).map(|(owner, _)| owner.clone()).collect()
    }
}

fn pair(owner: &str, contact: &str) -> (AgentId, AgentId) {
    (owner.to_owned(), contact.to_owned())
}
