//! Invitations to groups that wait for an answer; they never expire (contract 2.5).

use super::agent::AgentId;
use super::id::ConversationId;
use crate::clock::Millis;
use crate::ids::new_id;

/// One invitation.
#[derive(Clone, Debug)]
pub(crate) struct Invite {
    pub(crate) id: String,
    pub(crate) group: ConversationId,
    pub(crate) inviter: AgentId,
    pub(crate) invitee: AgentId,
    pub(crate) created_at: Millis,
}

/// All open invitations, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Invites {
    open: Vec<Invite>,
}

impl Invites {
    pub(crate) fn add(&mut self, group: &str, inviter: &str, invitee: &str, now: Millis) -> Invite {
        let (group, inviter, invitee) = (group.to_owned(), inviter.to_owned(), invitee.to_owned());
        let invite = Invite { id: new_id("gri_"), group, inviter, invitee, created_at: now };
        self.open.push(invite.clone());
        invite
    }

    /// The invitation of an agent to a group, by any sender.
    pub(crate) fn to(&self, group: &str, invitee: &str) -> Option<&Invite> {
        self.of(invitee).find(|invite| invite.group == group)
    }

    pub(crate) fn of(&self, invitee: &str) -> impl Iterator<Item = &Invite> {
        self.open.iter().filter(move |invite| invite.invitee == invitee)
    }

    /// The invitation of that id, if it is for this agent.
    pub(crate) fn get(&self, id: &str, invitee: &str) -> Option<&Invite> {
        self.of(invitee).find(|invite| invite.id == id)
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.open.retain(|invite| invite.id != id);
    }

    pub(crate) fn cancel_all(&mut self, group: &str) {
        self.open.retain(|invite| invite.group != group);
    }
}
