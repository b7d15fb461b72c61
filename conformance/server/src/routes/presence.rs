//! Asking who is there, and saying so oneself (contract 2.8 and 3.11, and 8.19 and 8.20).

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::handle::normalise;
use crate::json_body::JsonBody;
use crate::path::Path;
use crate::presence;
use crate::state::presence::Status;

const MOST_HANDLES: usize = 100;

pub(crate) async fn get(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = app.state();
    let agent = state.agents.visible(&normalise(&handle)).filter(|agent| state.contacts.has(&me, &agent.id));
    let agent = agent.ok_or_else(|| ApiError::not_found("NOT_FOUND", "Not one of your contacts"))?;
    Ok(Json(presence::row(&agent.handle, &state.presences.get(&agent.id, app.clock.unix_millis()))))
}

pub(crate) async fn set(State(app): State<Shared>, Caller(me): Caller, body: Bytes) -> Result<Json<Value>, ApiError> {
    let mut body = JsonBody::parse(&body)?;
    let status = Status::parse(&body.text("status", 1, usize::MAX));
    if status.is_none() {
        body.reject("status", "Must be online, offline or busy");
    }
    let custom_message = body.optional_text("custom_message", 0, 200);
    body.finish()?;
    let state = &mut *app.state();
    presence::announce(&app, state, &me, status.unwrap_or_default(), custom_message);
    let presence = state.presences.get(&me, app.clock.unix_millis());
    Ok(Json(Value::Object(presence::change(state.agents.handle_of(&me), &presence))))
}

pub(crate) async fn batch(State(app): State<Shared>, Caller(_): Caller, body: Bytes) -> Result<Json<Value>, ApiError> {
    let mut body = JsonBody::parse(&body)?;
    let handles = body.texts("handles", 1, MOST_HANDLES);
    body.finish()?;
    let (state, now) = (app.state(), app.clock.unix_millis());
    let found = handles.iter().filter_map(|handle| state.agents.visible(&normalise(handle)));
    let rows: Vec<Value> =
        found.map(|agent| presence::row(&agent.handle, &state.presences.get(&agent.id, now))).collect();
    Ok(Json(json!({ "presences": rows })))
}
