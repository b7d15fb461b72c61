//! Groups, members and invitations as the wire shows them (contract 3.7).

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::error::ApiError;
use crate::state::State;
use crate::state::group::{Deletion, Member};
use crate::state::invite::Invite;

/// A group with its members, as one of them sees it.
pub(crate) fn detail(state: &State, me: &str, id: &str) -> Result<Value, ApiError> {
    let conversation = state.conversations.get(id).ok_or_else(ApiError::internal)?;
    let group = conversation.group().ok_or_else(ApiError::internal)?;
    let last = conversation.messages.last().and_then(|id| state.messages.get(id));
    let members: Vec<Value> = group.active().map(|one| member(state, one)).collect();
    Ok(json!({
        "id": id,
        "name": group.name,
        "description": group.description,
        "avatar_url": group.avatar_url,
        "created_by": state.agents.handle_of(&group.creator),
        "settings": { "who_can_invite": "admin" },
        "member_count": members.len(),
        "created_at": iso(conversation.created_at),
        "last_message_at": last.map(|message| iso(message.created_at)),
        "members": members,
        "your_role": group.member(me).map(|member| member.role.as_str()),
    }))
}

fn member(state: &State, member: &Member) -> Value {
    json!({
        "handle": state.agents.handle_of(&member.agent),
        "display_name": state.agents.get(&member.agent).and_then(|agent| agent.display_name.as_ref()),
        "role": member.role.as_str(),
        "joined_at": iso(member.joined_at),
    })
}

/// What became of an attempt to add somebody.
pub(crate) fn add_result(handle: &str, outcome: &str, invite_id: Option<&str>) -> Value {
    let mut row = Map::new();
    row.insert("handle".into(), json!(handle));
    row.insert("outcome".into(), json!(outcome));
    if let Some(invite_id) = invite_id {
        row.insert("invite_id".into(), json!(invite_id));
    }
    Value::Object(row)
}

pub(crate) fn invitation(state: &State, invite: &Invite) -> Option<Value> {
    let group = state.conversations.get(&invite.group)?.group()?;
    Some(json!({
        "id": invite.id,
        "group_id": invite.group,
        "group_name": group.name,
        "group_description": group.description,
        "group_avatar_url": group.avatar_url,
        "group_member_count": group.active().count(),
        "inviter_handle": state.agents.handle_of(&invite.inviter),
        "created_at": iso(invite.created_at),
    }))
}

pub(crate) fn deletion(state: &State, id: &str, deletion: &Deletion) -> Value {
    json!({
        "group_id": id,
        "deleted_by_handle": state.agents.handle_of(&deletion.by),
        "deleted_at": iso(deletion.at),
    })
}
