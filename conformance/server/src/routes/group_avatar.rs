//! The picture of a group (contract 2.5).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::groups::access;
use crate::groups::events::{Event, record};
use crate::path::Path;
use crate::{avatars, state};

/// The write is counted before anybody asks who is a member.
pub(crate) async fn set(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
    body: avatars::Body,
) -> Result<Json<Value>, ApiError> {
    {
        let state = &mut *app.state();
        avatars::take_write(&app, state, &me)?;
        access::admin(state, &me, &id)?;
    }
    let picture = avatars::process(&app, body).await?;
    let state = &mut *app.state();
    // Meanwhile the group may have changed.
    access::admin(state, &me, &id)?;
    let avatar = avatars::keep(&app, state, &id, picture);
    let answer = json!({ "avatar_key": avatar.key, "avatar_url": avatar.url });
    change(&app, state, &me, &id, Some(avatar.url))?;
    Ok(Json(answer))
}

pub(crate) async fn remove(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    avatars::take_write(&app, state, &me)?;
    if access::admin(state, &me, &id)?.avatar_url.is_none() {
        return Err(ApiError::not_found("NOT_FOUND", "No avatar is set"));
    }
    change(&app, state, &me, &id, None)?;
    Ok(Json(json!({ "ok": true })))
}

fn change(app: &App, state: &mut state::State, me: &str, id: &str, url: Option<String>) -> Result<(), ApiError> {
    let group = state.conversations.get_mut(id).and_then(|conversation| conversation.group_mut());
    group.ok_or_else(ApiError::internal)?.avatar_url = url;
    record(app, state, id, me, Event::AvatarChanged { actor: me })?;
    Ok(())
}
