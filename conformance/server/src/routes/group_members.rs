//! Members of a group, their roles, and leaving (contract 2.5).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use super::contacts::target;
use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::groups::events::{Event, record};
use crate::groups::{access, membership};
use crate::handle::normalise;
use crate::json_body::JsonBody;
use crate::path::Path;
use crate::state::group::{Group, Role};

pub(crate) async fn add(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let state = &mut *app.state();
    access::admin(state, &me, &id)?;
    let mut body = JsonBody::parse(&body)?;
    let handle = normalise(&body.text("handle", 1, usize::MAX));
    body.finish()?;
    let result = membership::invite(&app, state, &me, &id, &handle)?;
    Ok((StatusCode::CREATED, Json(result)))
}

pub(crate) async fn remove(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path((id, handle)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let group = access::admin(state, &me, &id)?;
    let target = target(state, &handle)?;
    if target == me {
        return Err(ApiError::invalid("Use leave to go yourself"));
    }
    check_not_creator(group, &target)?;
    group.member(&target).ok_or_else(not_a_member)?;
    membership::remove(&app, state, &me, &id, &target)?;
    Ok(Json(json!({ "message": "The member is removed" })))
}

pub(crate) async fn promote(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path((id, handle)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let group = access::admin(state, &me, &id)?;
    let target = target(state, &handle)?;
    // An admin is no plain member, and the real platform looks for one of these.
    group.member(&target).filter(|member| member.role == Role::Member).ok_or_else(not_a_member)?;
    membership::set_role(state, &target, &id, Role::Admin)?;
    record(&app, state, &id, &me, Event::Promoted { agent: &target, actor: Some(&me) })?;
    Ok(Json(json!({ "message": "The member is an admin" })))
}

pub(crate) async fn demote(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path((id, handle)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let group = access::admin(state, &me, &id)?;
    let target = target(state, &handle)?;
    check_not_creator(group, &target)?;
    let member = group.member(&target).ok_or_else(not_a_member)?;
    let refused = |code, message| Err(ApiError::new(StatusCode::BAD_REQUEST, code, message));
    if member.role != Role::Admin {
        return refused("NOT_ADMIN", "This member is no admin");
    }
    if group.admins() == 1 {
        return refused("LAST_ADMIN", "A group needs an admin");
    }
    membership::set_role(state, &target, &id, Role::Member)?;
    record(&app, state, &id, &me, Event::Demoted { agent: &target, actor: &me })?;
    Ok(Json(json!({ "message": "The admin is a member" })))
}

pub(crate) async fn leave(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let heir = membership::leave(&app, state, &me, &id)?;
    let promoted = heir.map(|agent| state.agents.handle_of(&agent).to_owned());
    Ok(Json(json!({ "message": "You have left the group", "promoted_handle": promoted })))
}

fn check_not_creator(group: &Group, target: &str) -> Result<(), ApiError> {
    if group.creator == target {
        return Err(ApiError::forbidden("FORBIDDEN", "The creator of a group stays its admin"));
    }
    Ok(())
}

fn not_a_member() -> ApiError {
    ApiError::not_found("NOT_MEMBER", "Not a member of this group")
}
