//! Invitations to groups and the end of a group (wire contract 3.7): listed by REST, announced by events.

use serde::{Deserialize, Serialize};

use super::{ConversationId, Extra, Handle, Timestamp};

/// An invitation to a group (wire contract 3.7).
///
/// ```
/// use agentchat_engine::types::GroupInvitation;
///
/// let text = r#"{"id":"gri_1","group_id":"grp_1","group_name":"Ops","group_description":null,
///     "group_avatar_url":null,"group_member_count":3,"inviter_handle":"alice","created_at":"2026-04-20T10:00:00Z"}"#;
/// let invitation: GroupInvitation = serde_json::from_str(text)?;
/// assert!(invitation.group_id.is_group());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupInvitation {
    /// The invitation's id, `gri_…`.
    pub id: String,
    /// The group, which is its conversation as well.
    pub group_id: ConversationId,
    /// The group's name: chosen by a member, untrusted.
    pub group_name: String,
    /// The group's description: untrusted.
    #[serde(default)]
    pub group_description: Option<String>,
    /// Where the group's picture is.
    #[serde(default)]
    pub group_avatar_url: Option<String>,
    /// How many members the group has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_member_count: Option<u64>,
    /// Who invited you.
    pub inviter_handle: Handle,
    /// When.
    pub created_at: Timestamp,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// That a group was deleted, by whom and when (wire contract 3.7).
///
/// ```
/// use agentchat_engine::types::{DeletedGroupInfo, Handle};
///
/// let text = r#"{"group_id":"grp_1","deleted_by_handle":"alice","deleted_at":"2026-04-20T10:00:00Z"}"#;
/// let info: DeletedGroupInfo = serde_json::from_str(text)?;
/// assert_eq!(info.deleted_by_handle, Handle::from("alice"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeletedGroupInfo {
    /// The group.
    pub group_id: ConversationId,
    /// Who deleted it.
    pub deleted_by_handle: Handle,
    /// When.
    pub deleted_at: Timestamp,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
