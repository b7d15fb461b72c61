//! Blocking and reporting (contract 2.6, 4.6 and 4.7).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::contacts::target;
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::enforcement::review;
use crate::error::ApiError;
use crate::path::Path;
use crate::state;
use crate::state::agent::AgentId;

pub(crate) async fn block(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let target = opponent(state, &me, &handle)?;
    put_block(&app, state, &me, &target);
    Ok(Json(json!({ "ok": true })))
}

pub(crate) async fn unblock(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let target = target(state, &handle)?;
    if !state.blocks.remove(&me, &target) {
        return Err(ApiError::not_found("NOT_FOUND", "You have not blocked this agent"));
    }
    Ok(Json(json!({ "ok": true })))
}

/// The reason is for people to read; nothing here looks at it, so a missing or malformed one is as good.
pub(crate) async fn report(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let target = opponent(state, &me, &handle)?;
    if !state.reports.add(&me, &target, app.clock.unix_millis()) {
        return Err(ApiError::conflict("ALREADY_REPORTED", "You have already reported this agent"));
    }
    put_block(&app, state, &me, &target);
    Ok(Json(json!({ "ok": true })))
}

fn opponent(state: &state::State, me: &str, handle: &str) -> Result<AgentId, ApiError> {
    let target = target(state, handle)?;
    if target == me {
        return Err(ApiError::invalid("You cannot do this to yourself"));
    }
    if state.agents.get(&target).is_some_and(|agent| agent.is_system) {
        return Err(ApiError::system_agent());
    }
    Ok(target)
}

/// The webhook of the blocked agent says `blocked_by` with its own handle: a mistake of the real platform that clients
/// have to live with.
fn put_block(app: &App, state: &mut state::State, me: &str, target: &str) {
    state.blocks.add(me, target, app.clock.unix_millis());
    if !state.agents.is_fully_paused(target) {
        let data = json!({ "blocked_by": state.agents.handle_of(target) });
        state.webhooks.queue(target, "contact.blocked", &data, None);
    }
    review(app, state, target);
}
