//! Groups as a whole (contract 2.5).

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::clock::iso;
use crate::error::ApiError;
use crate::groups::events::{Event, record};
use crate::groups::{access, deletion, membership, rows};
use crate::handle::normalise;
use crate::json_body::JsonBody;
use crate::path::Path;
use crate::state::group::Group;
use crate::web_address::is_web_address;

const MOST_HANDLES: usize = 255;

pub(crate) async fn create(
    State(app): State<Shared>,
    Caller(me): Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let mut body = JsonBody::parse(&body)?;
    let name = body.text("name", 1, 100);
    let description = body.optional_text("description", 0, 500);
    let avatar_url = body.optional_text("avatar_url", 1, 2048);
    check_address(&mut body, avatar_url.as_deref());
    let handles = if body.has("member_handles") { body.texts("member_handles", 0, MOST_HANDLES) } else { Vec::new() };
    check_settings(&mut body);
    body.finish()?;

    let (now, state) = (app.clock.unix_millis(), &mut *app.state());
    let mut group = Group::new(name, &me, now);
    (group.description, group.avatar_url) = (description, avatar_url);
    let id = state.conversations.open_group(group, now);
    let own = state.agents.handle_of(&me).to_owned();
    let mut named = BTreeSet::from([own]);
    let invited: Vec<String> =
        handles.iter().map(|one| normalise(one)).filter(|one| named.insert(one.clone())).collect();
    // An agent that cannot be invited is missing from the results; the group exists all the same.
    let results: Vec<Value> =
        invited.iter().filter_map(|handle| membership::invite(&app, state, &me, &id, handle).ok()).collect();
    let group = rows::detail(state, &me, &id)?;
    Ok((StatusCode::CREATED, Json(json!({ "group": group, "add_results": results }))))
}

pub(crate) async fn get(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = app.state();
    access::not_deleted(&state, &me, &id)?;
    access::member(&state, &me, &id)?;
    rows::detail(&state, &me, &id).map(Json)
}

/// One event for each field that is different afterwards.
pub(crate) async fn update(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    access::admin(state, &me, &id)?;
    let mut body = JsonBody::parse(&body)?;
    let name = body.optional_text("name", 1, 100);
    let description = body.has("description").then(|| body.nullable_text("description", 500));
    let avatar_url = body.has("avatar_url").then(|| body.nullable_text("avatar_url", 2048));
    check_address(&mut body, avatar_url.as_ref().and_then(Option::as_deref));
    check_settings(&mut body);
    body.finish()?;

    let conversation = state.conversations.get_mut(&id).ok_or_else(ApiError::internal)?;
    let group = conversation.group_mut().ok_or_else(ApiError::internal)?;
    let new_name = name.filter(|name| *name != group.name);
    let new_description = description.filter(|description| *description != group.description);
    let new_avatar = avatar_url.filter(|url| *url != group.avatar_url);
    let (has_new_description, has_new_avatar) = (new_description.is_some(), new_avatar.is_some());
    group.name = new_name.clone().unwrap_or_else(|| group.name.clone());
    group.description = new_description.unwrap_or(group.description.take());
    group.avatar_url = new_avatar.unwrap_or(group.avatar_url.take());
    if let Some(name) = &new_name {
        record(&app, state, &id, &me, Event::Renamed { name, actor: &me })?;
    }
    if has_new_description {
        record(&app, state, &id, &me, Event::DescriptionChanged { actor: &me })?;
    }
    if has_new_avatar {
        record(&app, state, &id, &me, Event::AvatarChanged { actor: &me })?;
    }
    rows::detail(state, &me, &id).map(Json)
}

pub(crate) async fn delete(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let deletion = deletion::delete(&app, &mut app.state(), &me, &id)?;
    Ok(Json(json!({ "message": "The group is deleted", "deleted_at": iso(deletion.at) })))
}

fn check_address(body: &mut JsonBody, avatar_url: Option<&str>) {
    if avatar_url.is_some_and(|url| !is_web_address(url)) {
        body.reject("avatar_url", "Must be an http or https URL");
    }
}

/// There is one setting with one value, which callers may repeat.
fn check_settings(body: &mut JsonBody) {
    let settings = body.optional_object("settings").unwrap_or_default();
    if settings.get("who_can_invite").is_some_and(|who| who != "admin") {
        body.reject("settings", "who_can_invite must be admin");
    }
}
