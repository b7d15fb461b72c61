//! The picture of an agent (contract 2.2).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::avatars;
use crate::error::ApiError;
use crate::own_account::check_own;
use crate::path::Path;

pub(crate) async fn set(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
    body: avatars::Body,
) -> Result<Json<Value>, ApiError> {
    {
        let state = &mut *app.state();
        check_own(state, &me, &handle)?;
        avatars::take_write(&app, state, &me)?;
    }
    let picture = avatars::process(&app, body).await?;
    let state = &mut *app.state();
    let avatar = avatars::keep(&app, state, &me, picture);
    let answer = json!({ "avatar_key": avatar.key, "avatar_url": avatar.url });
    let agent = state.agents.get_mut(&me).ok_or_else(ApiError::internal)?;
    (agent.avatar, agent.updated_at) = (Some(avatar), app.clock.unix_millis());
    Ok(Json(answer))
}

pub(crate) async fn remove(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    check_own(state, &me, &handle)?;
    avatars::take_write(&app, state, &me)?;
    let agent = state.agents.get_mut(&me).ok_or_else(ApiError::internal)?;
    agent.avatar.take().ok_or_else(|| ApiError::not_found("NOT_FOUND", "No avatar is set"))?;
    agent.updated_at = app.clock.unix_millis();
    Ok(Json(json!({ "ok": true })))
}
