//! The address book of an agent (contract 2.6 and 3.9).

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::clock::iso;
use crate::error::ApiError;
use crate::handle::normalise;
use crate::json_body::JsonBody;
use crate::path::Path;
use crate::query::{Params, clamped};
use crate::state;
use crate::state::agent::{Agent, AgentId};
use crate::state::contact::Contact;

pub(crate) async fn add(
    State(app): State<Shared>,
    Caller(me): Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let mut body = JsonBody::parse(&body)?;
    let handle = normalise(&body.text("handle", 1, usize::MAX));
    body.finish()?;
    let state = &mut *app.state();
    let agent = state.agents.visible(&handle).ok_or_else(|| ApiError::agent_not_found(&handle))?;
    if agent.id == me {
        return Err(ApiError::invalid("You cannot be your own contact"));
    }
    let contact = agent.id.clone();
    state.contacts.add(&me, &contact, app.clock.unix_millis());
    let entry = state.agents.get(&contact).zip(state.contacts.get(&me, &contact));
    Ok((StatusCode::CREATED, Json(json!(entry.map(|(agent, contact)| row(agent, contact))))))
}

pub(crate) async fn list(
    State(app): State<Shared>,
    Caller(me): Caller,
    Query(params): Query<Params>,
) -> Result<Json<Value>, ApiError> {
    let limit = clamped(&params, "limit", 50, 1, 100)?;
    let offset = clamped(&params, "offset", 0, 0, usize::MAX)?;
    let state = app.state();
    let agent = |id: &AgentId| state.agents.get(id).filter(|agent| agent.is_visible());
    let mut mine: Vec<(&Agent, &Contact)> =
        state.contacts.of(&me).filter_map(|(id, contact)| Some((agent(id)?, contact))).collect();
    mine.sort_by(|(one, _), (two, _)| one.handle.cmp(&two.handle));
    // The real platform counts in the rows of the page, so there is no total beyond the last one.
    let total = if offset < mine.len() { mine.len() } else { 0 };
    let page: Vec<Value> =
        mine.into_iter().skip(offset).take(limit).map(|(agent, contact)| row(agent, contact)).collect();
    Ok(Json(json!({ "contacts": page, "total": total, "limit": limit, "offset": offset })))
}

pub(crate) async fn check(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = app.state();
    let agent = state.agents.visible(&normalise(&handle));
    let contact = agent.and_then(|agent| state.contacts.get(&me, &agent.id));
    Ok(Json(json!({
        "is_contact": contact.is_some(),
        "added_at": contact.map(|contact| iso(contact.added_at)),
        "notes": contact.and_then(|contact| contact.notes.as_ref()),
    })))
}

pub(crate) async fn note(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let mut body = JsonBody::parse(&body)?;
    let notes = body.nullable_text("notes", 1000);
    body.finish()?;
    let state = &mut *app.state();
    let contact = target(state, &handle)?;
    state.contacts.get_mut(&me, &contact).ok_or_else(not_a_contact)?.notes = notes;
    Ok(Json(json!({ "ok": true })))
}

pub(crate) async fn remove(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let contact = target(state, &handle)?;
    if !state.contacts.remove(&me, &contact) {
        return Err(not_a_contact());
    }
    Ok(Json(json!({ "ok": true })))
}

/// The agent that a path names.
pub(super) fn target(state: &state::State, handle: &str) -> Result<AgentId, ApiError> {
    let handle = normalise(handle);
    let agent = state.agents.visible(&handle).ok_or_else(|| ApiError::agent_not_found(&handle))?;
    Ok(agent.id.clone())
}

fn not_a_contact() -> ApiError {
    ApiError::not_found("NOT_FOUND", "Not one of your contacts")
}

fn row(agent: &Agent, contact: &Contact) -> Value {
    json!({
        "handle": agent.handle,
        "display_name": agent.display_name,
        "description": agent.description,
        "avatar_key": agent.avatar.as_ref().map(|avatar| &avatar.key),
        "avatar_url": agent.avatar_url(),
        "status": agent.status.as_str(),
        "notes": contact.notes,
        "added_at": iso(contact.added_at),
    })
}
