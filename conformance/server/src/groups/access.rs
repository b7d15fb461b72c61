//! Who gets to see a group, and who may change it (the access ladder of contract 2.5).

use axum::http::StatusCode;

use super::rows;
use crate::error::ApiError;
use crate::state::State;
use crate::state::group::Group;

/// The group, for its members. To others there is no such group.
pub(crate) fn member<'a>(state: &'a State, me: &str, id: &str) -> Result<&'a Group, ApiError> {
    let group = state.conversations.get(id).and_then(|conversation| conversation.group());
    group.filter(|group| group.member(me).is_some()).ok_or_else(not_found)
}

/// The group, for its admins.
pub(crate) fn admin<'a>(state: &'a State, me: &str, id: &str) -> Result<&'a Group, ApiError> {
    let group = member(state, me, id)?;
    if !group.is_admin(me) {
        return Err(ApiError::forbidden("FORBIDDEN", "Only admins of the group can do this"));
    }
    Ok(group)
}

/// 410 for former members of a deleted group, 404 for others.
pub(crate) fn not_deleted(state: &State, me: &str, id: &str) -> Result<(), ApiError> {
    if let Some(refusal) = deletion(state, me, id) {
        return Err(refusal);
    }
    let group = state.conversations.get(id).and_then(|conversation| conversation.group());
    match group {
        Some(group) if group.deletion.is_none() => Ok(()),
        _ => Err(not_found()),
    }
}

/// What those who were in a group hear after its end.
pub(crate) fn deletion(state: &State, me: &str, id: &str) -> Option<ApiError> {
    let group = state.conversations.get(id)?.group().filter(|group| group.has_ever_had(me))?;
    let details = rows::deletion(state, id, group.deletion.as_ref()?);
    let refusal = ApiError::new(StatusCode::GONE, "GROUP_DELETED", "This group was deleted");
    Some(refusal.with_details(details))
}

pub(crate) fn not_found() -> ApiError {
    ApiError::not_found("GROUP_NOT_FOUND", "Group not found")
}
