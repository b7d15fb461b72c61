//! The backlog over REST: reading it changes nothing, acknowledging it does (contract 2.3 and 4.8).

use axum::Json;
use axum::extract::{Query, State};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::json_body::JsonBody;
use crate::query::{Params, optional_number};
use crate::views;

const DEFAULT_LIMIT: usize = 200;
const LARGEST_LIMIT: usize = 500;

pub(crate) async fn sync(
    State(app): State<Shared>,
    Caller(me): Caller,
    Query(params): Query<Params>,
) -> Result<Json<Vec<Value>>, ApiError> {
    let limit = read_limit(&params)?;
    let state = app.state();
    if state.agents.is_fully_paused(&me) {
        return Ok(Json(Vec::new()));
    }
    let after = match params.get("after") {
        None => None,
        Some(delivery_id) => match state.envelopes.position(&me, delivery_id) {
            Some(position) => Some(position),
            None => return Ok(Json(Vec::new())),
        },
    };
    let waiting = state.envelopes.stored_after(&me, after).take(limit);
    Ok(Json(waiting.filter_map(|(_, envelope)| views::backlog_row(&state, envelope)).collect()))
}

pub(crate) async fn ack(State(app): State<Shared>, Caller(me): Caller, body: Bytes) -> Result<Json<Value>, ApiError> {
    let now = app.clock.unix_millis();
    let mut state = app.state();
    if state.agents.is_fully_paused(&me) {
        return Ok(Json(json!({ "acked": 0 })));
    }
    let mut body = JsonBody::parse(&body)?;
    let last_delivery_id = body.text("last_delivery_id", 1, usize::MAX);
    body.finish()?;
    let last = state.envelopes.position(&me, &last_delivery_id);
    let acked = last.map_or(0, |last| state.envelopes.deliver_through(&me, last, now));
    Ok(Json(json!({ "acked": acked })))
}

fn read_limit(params: &Params) -> Result<usize, ApiError> {
    match optional_number(params, "limit")? {
        None => Ok(DEFAULT_LIMIT),
        Some(0) => Err(ApiError::invalid("limit must be a positive whole number")),
        Some(limit) => Ok(usize::try_from(limit).unwrap_or(usize::MAX).min(LARGEST_LIMIT)),
    }
}
