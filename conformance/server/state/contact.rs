//! Who has whom as a contact (wire contract sections 2.6 and 4.5).

use std::collections::BTreeSet;

use super::agent::AgentId;

/// Pairs of owner and contact; being a contact is one-way.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    pairs: BTreeSet<(AgentId, AgentId)>,
}

impl Contacts {
    pub(crate) fn add(&mut self, owner: &str, contact: &str) {
        self.pairs.insert((owner.to_owned(), contact.to_owned()));
    }

    pub(crate) fn has(&self, owner: &str, contact: &str) -> bool {
        self.pairs.contains(&(owner.to_owned(), contact.to_owned()))
    }
}
