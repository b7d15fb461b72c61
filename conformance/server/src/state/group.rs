//! Groups: who is in, who was, and who may decide (contract 2.5, 3.7 and 4.9).

use super::agent::AgentId;
use crate::clock::Millis;

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Admin,
    Member,
}

impl Role {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Member => "member",
        }
    }
}

/// Somebody who is in a group, or has been.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) agent: AgentId,
    pub(crate) role: Role,
    pub(crate) joined_at: Millis,
    /// The first message that this member can see.
    pub(crate) joined_seq: u64,
    pub(crate) is_active: bool,
}

/// The end of a group.
#[derive(Clone, Debug)]
pub(crate) struct Deletion {
    pub(crate) by: AgentId,
    pub(crate) at: Millis,
}

/// The part of a group that a direct conversation does not have.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) avatar_url: Option<String>,
    pub(crate) creator: AgentId,
    pub(crate) deletion: Option<Deletion>,
    members: Vec<Member>,
}

impl Group {
    pub(crate) fn new(name: String, creator: &str, now: Millis) -> Group {
        let mut group = Group {
            name,
            description: None,
            avatar_url: None,
            creator: creator.to_owned(),
            deletion: None,
            members: Vec::new(),
        };
        group.join(creator, Role::Admin, now, 1);
        group
    }

    /// Lets somebody in. One who comes back starts anew.
    pub(crate) fn join(&mut self, agent: &str, role: Role, now: Millis, joined_seq: u64) {
        self.members.retain(|member| member.agent != agent);
        let agent = agent.to_owned();
        self.members.push(Member { agent, role, joined_at: now, joined_seq, is_active: true });
        self.members.sort_by(|one, two| (one.joined_at, &one.agent).cmp(&(two.joined_at, &two.agent)));
    }

    pub(crate) fn leave(&mut self, agent: &str) {
        for member in self.members.iter_mut().filter(|member| member.agent == agent) {
            member.is_active = false;
        }
    }

    /// Members of today, in the order in which they came.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.is_active)
    }

    pub(crate) fn member(&self, agent: &str) -> Option<&Member> {
        self.active().find(|member| member.agent == agent)
    }

    pub(crate) fn has_ever_had(&self, agent: &str) -> bool {
        self.members.iter().any(|member| member.agent == agent)
    }

    pub(crate) fn is_admin(&self, agent: &str) -> bool {
        self.member(agent).is_some_and(|member| member.role == Role::Admin)
    }

    pub(crate) fn admins(&self) -> usize {
        self.active().filter(|member| member.role == Role::Admin).count()
    }

    pub(crate) fn set_role(&mut self, agent: &str, role: Role) {
        for member in self.members.iter_mut().filter(|member| member.agent == agent) {
            member.role = role;
        }
    }
}
