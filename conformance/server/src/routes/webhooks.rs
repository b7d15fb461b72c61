//! Webhooks of an agent (contract 2.11 and 3.13).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use bytes::Bytes;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::clock::iso;
use crate::error::ApiError;
use crate::json_body::JsonBody;
use crate::path::Path;
use crate::state::webhook::Webhook;
use crate::web_address::is_web_address;

/// Of interest to the platform itself only.
const SYSTEM_EVENT: &str = "agent.created";

const EVENTS: &[&str] = &[
    "message.new",
    "message.read",
    "presence.update",
    "contact.blocked",
    "group.invite.received",
    "group.deleted",
    SYSTEM_EVENT,
];

pub(crate) async fn create(
    State(app): State<Shared>,
    Caller(me): Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let mut body = JsonBody::parse(&body)?;
    let url = body.text("url", 1, 2048);
    if !is_web_address(&url) {
        body.reject("url", "Must be an http or https URL");
    }
    let events = body.texts("events", 1, usize::MAX);
    if events.iter().any(|event| !EVENTS.contains(&event.as_str())) {
        body.reject("events", "Unknown event");
    }
    body.finish()?;
    let state = &mut *app.state();
    let is_system = state.agents.get(&me).is_some_and(|agent| agent.is_system);
    if !is_system && events.iter().any(|event| event == SYSTEM_EVENT) {
        return Err(ApiError::forbidden("FORBIDDEN", "This event is for the platform's own agents"));
    }
    if state.webhooks.of(&me).len() >= app.settings.webhooks_per_agent {
        let message = format!("An agent may have {} webhooks", app.settings.webhooks_per_agent);
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "LIMIT_REACHED", message));
    }
    let webhook = state.webhooks.add(&me, url, events, app.clock.unix_millis());
    let mut answer = row(webhook);
    answer["secret"] = json!(webhook.secret.expose_secret());
    Ok((StatusCode::CREATED, Json(answer)))
}

pub(crate) async fn list(State(app): State<Shared>, Caller(me): Caller) -> Json<Value> {
    let state = app.state();
    let rows: Vec<Value> = state.webhooks.of(&me).into_iter().map(row).collect();
    Json(json!({ "webhooks": rows }))
}

pub(crate) async fn get(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(row(app.state().webhooks.get(&me, &id).ok_or_else(not_found)?)))
}

pub(crate) async fn delete(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    state.webhooks.get(&me, &id).ok_or_else(not_found)?;
    state.webhooks.remove(&id);
    Ok(Json(json!({ "ok": true })))
}

fn not_found() -> ApiError {
    ApiError::not_found("NOT_FOUND", "Webhook not found")
}

fn row(webhook: &Webhook) -> Value {
    json!({
        "id": webhook.id,
        "url": webhook.url,
        "events": webhook.events,
        "active": true,
        "created_at": iso(webhook.created_at),
    })
}
