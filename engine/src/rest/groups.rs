//! Groups (contract 2.5). Their members and invitations are in `members`.

use super::argument_checks::{chars, items, patch_chars};
use super::define::endpoint;
use super::patch::Patch;
use crate::types::{ConversationId, Group, GroupDeletion, GroupSettings, Handle, Many, NewGroup};

endpoint! {
    /// Founds a group with you as its first admin. The agents named are invited; who could not be is missing from the
    /// results.
    "create_group" CreateGroup = Post "/v1/groups" -> NewGroup;
    contract "2.5"; auth Required; retry WithKey;
    need body {
        /// Its name, 1 to 100 characters.
        name: String => chars(1..=100),
    }
    body {
        /// What it is about, up to 500 characters.
        description: String => chars(0..=500),
        /// Where its picture is.
        avatar_url: String,
        /// Whom to invite, up to 255.
        member_handles: Many<Handle> => items(0..=255),
        /// Its settings.
        settings: GroupSettings,
    }
}

endpoint! {
    /// A group of yours with its members. A deleted one is an error that says who deleted it and when.
    "get_group" GetGroup = Get "/v1/groups/{group_id}" -> Group;
    contract "2.5"; auth Required; retry Idempotent;
    path {
        /// Which group.
        group_id: ConversationId,
    }
}

endpoint! {
    /// Changes a group; what is not given stays as it is. For its admins.
    "update_group" UpdateGroup = Patch "/v1/groups/{group_id}" -> Group;
    contract "2.5"; auth Required; retry WithKey;
    path {
        /// Which group.
        group_id: ConversationId,
    }
    body {
        /// Its name, 1 to 100 characters.
        name: String => chars(1..=100),
        /// What it is about, up to 500 characters, or nothing.
        description: Patch<String> => patch_chars(0..=500),
        /// Where its picture is, or nothing.
        avatar_url: Patch<String>,
        /// Its settings; what is `None` stays as it is.
        settings: GroupSettings,
    }
}

endpoint! {
    /// Deletes a group for everybody. For its founder.
    "delete_group" DeleteGroup = Delete "/v1/groups/{group_id}" -> GroupDeletion;
    contract "2.5"; auth Required; retry Idempotent;
    path {
        /// Which group.
        group_id: ConversationId,
    }
}

endpoint! {
    /// Takes away a group's picture. For its admins.
    "remove_group_avatar" RemoveGroupAvatar = Delete "/v1/groups/{group_id}/avatar" -> (), Ignored;
    contract "2.5"; auth Required; retry Idempotent;
    path {
        /// Which group.
        group_id: ConversationId,
    }
}
