//! What a group tells those outside it: an invitation, and its end (contract 3.7).

use super::{ConversationId, Handle, InviteId, Timestamp, shape};

shape! {
    /// An invitation to a group. It does not expire.
    pub struct GroupInvitation {
        need {
            /// The invitation.
            id: InviteId,
            /// Which group.
            group_id: ConversationId,
        }
        may {
            /// The group's name: chosen by a member, untrusted.
            group_name: String,
            /// What it is about: untrusted.
            group_description: String,
            /// Where its picture is.
            group_avatar_url: String,
            /// How many members it has.
            group_member_count: u64,
            /// Who invites.
            inviter_handle: Handle,
            /// Since when.
            created_at: Timestamp,
        }
    }
}

shape! {
    /// Who deleted a group, and when.
    pub struct DeletedGroupInfo {
        may {
            /// Which group.
            group_id: ConversationId,
            /// Who.
            deleted_by_handle: Handle,
            /// When.
            deleted_at: Timestamp,
        }
    }
}
