//! What the operator can see: time, one-time codes, requests and dead letters.

use std::sync::PoisonError;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::reply::{Mistake, read};
use crate::app::{CodePurpose, IssuedCode};
use crate::handle::normalise;
use crate::query::Params;
use crate::request_log::RecordedRequest;

pub(super) async fn clock(State(desk): State<Desk>) -> Json<Value> {
    Json(json!({ "unix_ms": desk.platform.clock().unix_millis() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    ms: u64,
}

pub(super) async fn advance(State(desk): State<Desk>, body: Bytes) -> Result<Json<Value>, Mistake> {
    let Step { ms } = read(&body)?;
    desk.platform.clock().advance(Duration::from_millis(ms));
    Ok(clock(State(desk)).await)
}

pub(super) async fn codes(State(desk): State<Desk>, Query(wanted): Query<Params>) -> Json<Value> {
    let codes = desk.codes.lock().unwrap_or_else(PoisonError::into_inner);
    let is = |name: &str, value: &str| wanted.get(name).is_none_or(|wanted| wanted == value);
    let matches = |issued: &&IssuedCode| {
        is("pending_id", &issued.pending_id)
            && is("email", &issued.email)
            && wanted.get("handle").is_none_or(|handle| normalise(handle) == issued.handle)
    };
    let found: Vec<Value> = codes.iter().filter(matches).map(code_row).collect();
    Json(json!({ "codes": found }))
}

fn code_row(issued: &IssuedCode) -> Value {
    let purpose = match issued.purpose {
        CodePurpose::Register => "register",
        CodePurpose::Recover => "recover",
        CodePurpose::RotateKey => "rotate_key",
    };
    json!({
        "pending_id": issued.pending_id,
        "email": issued.email,
        "handle": issued.handle,
        "purpose": purpose,
        "code": issued.code,
    })
}

pub(super) async fn requests(State(desk): State<Desk>, Query(params): Query<Params>) -> Result<Json<Value>, Mistake> {
    let after = params.get("after").map_or(Ok(0), |text| text.parse::<u64>());
    let after = after.map_err(|_| Mistake::new("after is the number of a request"))?;
    let requests = desk.platform.requests();
    let rows: Vec<Value> = requests.iter().filter(|request| request.number > after).map(request_row).collect();
    Ok(Json(json!({ "requests": rows })))
}

pub(super) async fn clear_request_log(State(desk): State<Desk>) -> Json<Value> {
    desk.platform.clear_request_log();
    Json(json!({}))
}

fn request_row(request: &RecordedRequest) -> Value {
    let json_body: Option<Value> = serde_json::from_slice(&request.body).ok();
    let is_other = json_body.is_none() && !request.body.is_empty();
    json!({
        "number": request.number,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "query_pairs": request.query_pairs(),
        "headers": request.headers,
        "body": json_body,
        "body_base64": is_other.then(|| STANDARD.encode(&request.body)),
    })
}

pub(super) async fn dead_letters(State(desk): State<Desk>) -> Json<Value> {
    Json(json!({ "dead_letters": desk.platform.dead_letters() }))
}
