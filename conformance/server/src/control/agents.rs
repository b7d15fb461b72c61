//! Agents: made, changed, and acted for.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::reply::{Mistake, read};
use crate::{AgentStatus, PausedByOwner, UnknownAgent};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAgent {
    handle: String,
}

pub(super) async fn create(State(desk): State<Desk>, body: Bytes) -> Result<(StatusCode, Json<Value>), Mistake> {
    let NewAgent { handle } = read(&body)?;
    let account = desk.platform.create_agent(&handle).map_err(|problem| Mistake::new(problem.to_string()))?;
    Ok((StatusCode::CREATED, Json(json!({ "handle": account.handle, "api_key": account.api_key }))))
}

pub(super) async fn describe(State(desk): State<Desk>, Path(handle): Path<String>) -> Result<Json<Value>, Mistake> {
    let platform = &desk.platform;
    if !platform.has_agent(&handle) {
        return Err(unknown(UnknownAgent));
    }
    Ok(Json(json!({
        "handle": crate::handle::normalise(&handle),
        "undelivered": platform.undelivered(&handle),
        "open_sockets": platform.open_sockets(&handle),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    status: Option<String>,
    paused_by_owner: Option<String>,
}

pub(super) async fn change(
    State(desk): State<Desk>,
    Path(handle): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Mistake> {
    let change: Change = read(&body)?;
    let status = change.status.map(|name| named(&name, AgentStatus::ALL, AgentStatus::as_str)).transpose()?;
    let paused = change.paused_by_owner.map(|name| named(&name, PausedByOwner::ALL, PausedByOwner::as_str));
    let paused = paused.transpose()?;
    if let Some(status) = status {
        desk.platform.set_status(&handle, status).map_err(unknown)?;
    }
    if let Some(paused) = paused {
        desk.platform.set_paused(&handle, paused).map_err(unknown)?;
    }
    Ok(Json(json!({})))
}

fn named<T: Copy>(name: &str, all: &[T], as_str: fn(T) -> &'static str) -> Result<T, Mistake> {
    let found = all.iter().copied().find(|one| as_str(*one) == name);
    found.ok_or_else(|| Mistake::new(format!("there is no {name:?}")))
}

fn unknown(problem: UnknownAgent) -> Mistake {
    Mistake::not_found(problem.to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deed {
    method: String,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
}

pub(super) async fn act_as(
    State(desk): State<Desk>,
    Path(handle): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Mistake> {
    let deed: Deed = read(&body)?;
    let mut request = Request::builder().method(deed.method.as_str()).uri(&deed.path);
    for (name, value) in &deed.headers {
        request = request.header(name, value);
    }
    let request = match deed.body {
        Some(body) => request.header(CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
        None => request.body(Body::empty()),
    };
    let request = request.map_err(|problem| Mistake::new(problem.to_string()))?;
    let response = desk.platform.act_as(&handle, request).await.map_err(unknown)?;
    let headers: BTreeMap<String, String> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
    let body: Value =
        serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
    Ok(Json(json!({ "status": status, "headers": headers, "body": body })))
}
