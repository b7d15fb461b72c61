//! The end of a group, and how its members learn of it (contract 4.9).

use super::events::{Event, store};
use super::{access, rows};
use crate::app::App;
use crate::delivery::{notify, push_to};
use crate::error::ApiError;
use crate::state::State;
use crate::state::agent::{AgentId, AgentStatus};
use crate::state::group::{Deletion, Group};

/// Ends a group. Returns when that was.
pub(crate) fn delete(app: &App, state: &mut State, me: &str, group_id: &str) -> Result<Deletion, ApiError> {
    access::not_deleted(state, me, group_id)?;
    let group = access::member(state, me, group_id)?;
    if !may_delete(state, group, me) {
        return Err(ApiError::forbidden("FORBIDDEN", "Only the creator of the group can delete it"));
    }
    let now = app.clock.unix_millis();
    let others: Vec<AgentId> = group.active().map(|one| one.agent.clone()).filter(|one| one != me).collect();

    let older = state.conversations.get(group_id).ok_or_else(ApiError::internal)?.messages.clone();
    let message_id = store(app, state, group_id, me, Event::Deleted { actor: me })?;
    for member in others.iter().map(String::as_str).chain([me]) {
        state.envelopes.flush(member, older.iter(), now);
    }
    let deletion = Deletion { by: me.to_owned(), at: now };
    let conversation = state.conversations.get_mut(group_id).ok_or_else(ApiError::internal)?;
    let group = conversation.group_mut().ok_or_else(ApiError::internal)?;
    group.deletion = Some(deletion.clone());
    for member in others.iter().map(String::as_str).chain([me]) {
        group.leave(member);
    }
    state.invites.cancel_all(group_id);

    push_to(state, &app.settings, &message_id, &others, now);
    let info = rows::deletion(state, group_id, &deletion);
    for member in &others {
        notify(state, &app.settings, member, "group.deleted", info.clone());
    }
    Ok(deletion)
}

/// The creator; any admin, if the creator cannot do it any more.
fn may_delete(state: &State, group: &Group, me: &str) -> bool {
    let is_creator_gone = state
        .agents
        .get(&group.creator)
        .is_none_or(|creator| matches!(creator.status, AgentStatus::Suspended | AgentStatus::Deleted));
    group.creator == me || (is_creator_gone && group.is_admin(me))
}
