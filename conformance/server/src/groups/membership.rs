//! Coming and going: invitations, joining, leaving, being removed (contract 2.5, 4.9 and 8.6).

use serde_json::Value;

use super::events::{Event, record};
use super::{access, rows};
use crate::app::App;
use crate::delivery::notify;
use crate::error::ApiError;
use crate::state::State;
use crate::state::agent::{AgentId, Audience};
use crate::state::group::{Group, Role};

/// Invites an agent; nobody is put into a group without being asked. The inviter is an admin.
pub(crate) fn invite(app: &App, state: &mut State, me: &str, group_id: &str, handle: &str) -> Result<Value, ApiError> {
    let target = state.agents.visible(handle).ok_or_else(|| ApiError::agent_not_found(handle))?;
    let (target_id, policy) = (target.id.clone(), target.group_invite_policy);
    if target_id == me {
        return Err(ApiError::invalid("You are in the group already"));
    }
    if state.blocks.is_between(me, &target_id) {
        return Err(ApiError::blocked());
    }
    let group = group(state, group_id)?;
    if group.member(&target_id).is_some() {
        return Ok(rows::add_result(handle, "already_member", None));
    }
    check_room(app, group)?;
    let (limit, now) = (app.settings.group_invites, app.clock.unix_millis());
    // This refusal has no Retry-After on the real platform.
    state
        .fixed_windows
        .take_from_first(&format!("invite:{me}"), limit, now)
        .map_err(|_| ApiError::too_many("RATE_LIMITED", "Too many invitations"))?;
    if policy == Audience::ContactsOnly && !state.contacts.has(&target_id, me) {
        let message = format!("@{handle} takes invitations from contacts only");
        return Err(ApiError::forbidden("INBOX_RESTRICTED", message));
    }
    if let Some(open) = state.invites.to(group_id, &target_id) {
        return Ok(rows::add_result(handle, "invited", Some(&open.id)));
    }
    let invite = state.invites.add(group_id, me, &target_id, now);
    if let Some(invitation) = rows::invitation(state, &invite) {
        notify(state, &app.settings, &target_id, "group.invite.received", invitation);
    }
    Ok(rows::add_result(handle, "invited", Some(&invite.id)))
}

/// Takes up an invitation. Returns the id of the group.
pub(crate) fn accept(app: &App, state: &mut State, me: &str, invite_id: &str) -> Result<String, ApiError> {
    let not_found = || ApiError::not_found("INVITE_NOT_FOUND", "Invitation not found");
    let invite = state.invites.get(invite_id, me).cloned().ok_or_else(not_found)?;
    check_room(app, group(state, &invite.group)?)?;
    let conversation = state.conversations.get_mut(&invite.group).ok_or_else(ApiError::internal)?;
    let joined_seq = conversation.next_seq();
    let group = conversation.group_mut().ok_or_else(ApiError::internal)?;
    group.join(me, Role::Member, app.clock.unix_millis(), joined_seq);
    state.invites.remove(invite_id);
    record(app, state, &invite.group, &invite.inviter, Event::Joined { agent: me })?;
    Ok(invite.group)
}

/// Lets a member go who wants to. Returns whom the platform has made an admin, if nobody else was one.
pub(crate) fn leave(app: &App, state: &mut State, me: &str, group_id: &str) -> Result<Option<AgentId>, ApiError> {
    access::member(state, me, group_id)?;
    take_out(app, state, me, group_id)?;
    record(app, state, group_id, me, Event::Left { agent: me })?;
    let group = group(state, group_id)?;
    let heir = if group.admins() == 0 { group.active().next().map(|member| member.agent.clone()) } else { None };
    if let Some(heir) = &heir {
        set_role(state, heir, group_id, Role::Admin)?;
        record(app, state, group_id, heir, Event::Promoted { agent: heir, actor: None })?;
    }
    Ok(heir)
}

pub(crate) fn remove(app: &App, state: &mut State, me: &str, group_id: &str, target: &str) -> Result<(), ApiError> {
    take_out(app, state, target, group_id)?;
    record(app, state, group_id, me, Event::Removed { agent: target, actor: me })?;
    Ok(())
}

pub(crate) fn set_role(state: &mut State, agent: &str, group_id: &str, role: Role) -> Result<(), ApiError> {
    let group = state.conversations.get_mut(group_id).and_then(|conversation| conversation.group_mut());
    group.ok_or_else(ApiError::internal)?.set_role(agent, role);
    Ok(())
}

/// What a former member has not fetched is not waiting any more.
fn take_out(app: &App, state: &mut State, agent: &str, group_id: &str) -> Result<(), ApiError> {
    let conversation = state.conversations.get_mut(group_id).ok_or_else(ApiError::internal)?;
    conversation.group_mut().ok_or_else(ApiError::internal)?.leave(agent);
    state.envelopes.flush(agent, conversation.messages.iter(), app.clock.unix_millis());
    Ok(())
}

fn group<'a>(state: &'a State, group_id: &str) -> Result<&'a Group, ApiError> {
    state.conversations.get(group_id).and_then(|conversation| conversation.group()).ok_or_else(ApiError::internal)
}

/// The real platform fails on a full group; what it means to answer is not known (8.17).
fn check_room(app: &App, group: &Group) -> Result<(), ApiError> {
    if group.active().count() >= app.settings.group_members {
        return Err(ApiError::invalid(format!("A group may have {} members", app.settings.group_members)));
    }
    Ok(())
}
