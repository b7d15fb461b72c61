//! The webhook that wakes an agent (contract 2.12). What wakes it, and how, is not described anywhere: the URL
//! is challenged and kept, and never called.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use bytes::Bytes;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::json_body::JsonBody;
use crate::web_address::is_private_web_address;
use crate::webhooks::challenge;

pub(crate) async fn set(State(app): State<Shared>, Caller(me): Caller, body: Bytes) -> Result<Json<Value>, ApiError> {
    let mut body = JsonBody::parse(&body)?;
    let url = body.text("url", 1, 2048);
    if !is_private_web_address(&url) {
        body.reject("url", "Must be an https URL");
    }
    let secret = SecretString::from(body.text("secret", 1, 256));
    body.finish()?;
    if !challenge::is_answered(&app, &url, &secret).await {
        let message = "The URL did not answer the challenge";
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "WEBHOOK_UNREACHABLE", message));
    }
    app.state().webhooks.wake.insert(me, url);
    Ok(Json(json!({ "state": "active" })))
}

pub(crate) async fn delete(State(app): State<Shared>, Caller(me): Caller) -> Json<Value> {
    app.state().webhooks.wake.remove(&me);
    Json(json!({ "ok": true }))
}
