//! Rules of the fault switchboard.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use super::Desk;
use super::reply::{Mistake, read};
use crate::faults::{ListedRule, RuleHits, RuleId};

pub(super) async fn list(State(desk): State<Desk>) -> Json<Value> {
    Json(json!({ "rules": desk.platform.faults().list() }))
}

pub(super) async fn add(State(desk): State<Desk>, body: Bytes) -> Result<(StatusCode, Json<Value>), Mistake> {
    let added = desk.platform.faults().add(read(&body)?);
    let id = added.map_err(|problem| Mistake::new(problem.to_string()))?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}

pub(super) async fn clear(State(desk): State<Desk>) -> Json<Value> {
    desk.platform.faults().clear();
    Json(json!({}))
}

pub(super) async fn one(State(desk): State<Desk>, Path(id): Path<String>) -> Result<Json<ListedRule>, Mistake> {
    let id = rule_id(&id)?;
    let found = desk.platform.faults().list().into_iter().find(|listed| listed.id == id);
    found.map(Json).ok_or_else(no_such_rule)
}

pub(super) async fn remove(State(desk): State<Desk>, Path(id): Path<String>) -> Result<Json<RuleHits>, Mistake> {
    desk.platform.faults().remove(rule_id(&id)?).map(Json).ok_or_else(no_such_rule)
}

fn rule_id(text: &str) -> Result<RuleId, Mistake> {
    text.parse().map_err(|_| no_such_rule())
}

fn no_such_rule() -> Mistake {
    Mistake::not_found("no such rule")
}
