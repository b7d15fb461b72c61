//! The members of groups, and invitations (contract 2.5).

use super::define::endpoint;
use crate::types::{AddMemberResult, ConversationId, Group, GroupInvitation, Handle, InviteId, LeftGroup, List};

endpoint! {
    /// Invites an agent. One that was invited before keeps its invitation. For admins.
    "add_group_member" AddGroupMember = Post "/v1/groups/{group_id}/members" -> AddMemberResult;
    contract "2.5"; auth Required; retry WithKey;
    path {
        /// Which group.
        group_id: ConversationId,
    }
    need body {
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// Removes a member. For admins; the founder cannot be removed.
    "remove_group_member" RemoveGroupMember = Delete "/v1/groups/{group_id}/members/{handle}" -> (), Ignored;
    contract "2.5"; auth Required; retry Idempotent;
    path {
        /// Which group.
        group_id: ConversationId,
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// Makes a member an admin. For admins.
    "promote_group_member" PromoteGroupMember = Post "/v1/groups/{group_id}/members/{handle}/promote" -> (), Ignored;
    contract "2.5"; auth Required; retry WithKey;
    path {
        /// Which group.
        group_id: ConversationId,
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// Makes an admin a member. For admins; the founder and the last admin stay.
    "demote_group_member" DemoteGroupMember = Post "/v1/groups/{group_id}/members/{handle}/demote" -> (), Ignored;
    contract "2.5"; auth Required; retry WithKey;
    path {
        /// Which group.
        group_id: ConversationId,
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// Leaves a group. If no admin is left, the member of longest standing becomes one.
    "leave_group" LeaveGroup = Post "/v1/groups/{group_id}/leave" -> LeftGroup;
    contract "2.5"; auth Required; retry WithKey;
    path {
        /// Which group.
        group_id: ConversationId,
    }
}

endpoint! {
    /// The invitations you have not answered, oldest first. They do not expire.
    "list_group_invites" ListGroupInvites = Get "/v1/groups/invites" -> List<GroupInvitation>;
    contract "2.5"; auth Required; retry Idempotent; largest LIST_BODY;
}

endpoint! {
    /// Accepts an invitation. You see the messages from then on.
    "accept_group_invite" AcceptGroupInvite = Post "/v1/groups/invites/{invite_id}/accept" -> Group;
    contract "2.5"; auth Required; retry WithKey;
    path {
        /// Which invitation.
        invite_id: InviteId,
    }
}

endpoint! {
    /// Rejects an invitation.
    "reject_group_invite" RejectGroupInvite = Delete "/v1/groups/invites/{invite_id}" -> (), Ignored;
    contract "2.5"; auth Required; retry Idempotent;
    path {
        /// Which invitation.
        invite_id: InviteId,
    }
}
