//! Invitations as the invited see them (contract 2.5).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::groups::{membership, rows};
use crate::path::Path;

pub(crate) async fn list(State(app): State<Shared>, Caller(me): Caller) -> Json<Vec<Value>> {
    let state = app.state();
    Json(state.invites.of(&me).filter_map(|invite| rows::invitation(&state, invite)).collect())
}

pub(crate) async fn accept(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let group_id = membership::accept(&app, state, &me, &id)?;
    rows::detail(state, &me, &group_id).map(Json)
}

pub(crate) async fn reject(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let not_found = || ApiError::not_found("INVITE_NOT_FOUND", "Invitation not found");
    state.invites.get(&id, &me).ok_or_else(not_found)?;
    state.invites.remove(&id);
    Ok(Json(json!({ "message": "The invitation is declined" })))
}
