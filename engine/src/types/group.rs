//! Groups and their members (contract 3.7).

use super::{ConversationId, Extra, Handle, InviteId, Timestamp, open_enum, shape, wire};

open_enum! {
    /// A member's role.
    pub enum GroupRole {
        /// Runs the group.
        Admin = "admin",
        /// Takes part.
        Member = "member",
    }
}

open_enum! {
    /// What became of adding an agent to a group.
    pub enum AddOutcome {
        /// It is in; only older servers put an agent in without asking it.
        Joined = "joined",
        /// It was invited.
        Invited = "invited",
        /// It is in already.
        AlreadyMember = "already_member",
    }
}

/// A group's settings. In an update, what is `None` stays as it is.
///
/// ```
/// use agentchat_engine::types::{GroupRole, GroupSettings};
/// let settings = GroupSettings::default().who_can_invite(GroupRole::Admin);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GroupSettings {
    /// Who may invite.
    pub who_can_invite: Option<GroupRole>,
    /// Members that this version does not know, and those that are not of the type that the contract says.
    pub extra: Extra,
}

wire!(GroupSettings { may { who_can_invite: GroupRole } });

impl GroupSettings {
    /// Sets who may invite.
    #[must_use]
    pub fn who_can_invite(mut self, role: GroupRole) -> Self {
        self.who_can_invite = Some(role);
        self
    }
}

shape! {
    /// A member of a group.
    pub struct GroupMember {
        need {
            /// The handle.
            handle: Handle,
        }
        may {
            /// The name shown to others.
            display_name: String,
            /// Its role.
            role: GroupRole,
            /// Since when.
            joined_at: Timestamp,
        }
    }
}

shape! {
    /// A group. Its id is its conversation's id.
    pub struct Group {
        need {
            /// The group and its conversation.
            id: ConversationId,
            /// Its name.
            name: String,
        }
        may {
            /// What it is about.
            description: String,
            /// Where its picture is.
            avatar_url: String,
            /// Who founded it.
            created_by: Handle,
            /// Its settings.
            settings: GroupSettings,
            /// How many members it has.
            member_count: u64,
            /// When it was founded.
            created_at: Timestamp,
            /// When the last message was sent.
            last_message_at: Timestamp,
            /// Your role in it.
            your_role: GroupRole,
        }
        list {
            /// Its members, in the order they joined.
            members: GroupMember,
        }
    }
}

shape! {
    /// What became of adding one agent.
    pub struct AddMemberResult {
        need {
            /// Which agent.
            handle: Handle,
            /// What became of it.
            outcome: AddOutcome,
        }
        may {
            /// The invitation that was made, or stood already.
            invite_id: InviteId,
        }
    }
}

shape! {
    /// A new group, and what became of those it was to have. Who could not be added is missing from the results.
    pub struct NewGroup {
        need {
            /// The group.
            group: Group,
        }
        list {
            /// One for each agent that was invited.
            add_results: AddMemberResult,
        }
    }
}

shape! {
    /// What leaving did.
    pub struct LeftGroup {
        may {
            /// The platform's words.
            message: String,
            /// Who became an admin because none was left.
            promoted_handle: Handle,
        }
    }
}

shape! {
    /// When a group was deleted.
    pub struct GroupDeletion {
        may {
            /// The platform's words.
            message: String,
            /// When.
            deleted_at: Timestamp,
        }
    }
}
