//! Several processes of one agent agree on who replies (contract 2.12). What the contract leaves open: a lease
//! without a length lasts two minutes, one may last an hour at most, and what a holder has once it keeps, also during
//! somebody else's foreground turn.

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::json_body::{JsonBody, whole};
use crate::state::coordination::Claim;

const USUAL_SECONDS: u64 = 120;
const MOST_SECONDS: u64 = 3_600;

/// Characters of a session's id or a holder's name.
const LONGEST: usize = 256;

pub(crate) async fn set_active(
    State(app): State<Shared>,
    Caller(me): Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let (mut body, session) = with_session(&body)?;
    let seconds = body.get("ttl_seconds").map_or(Some(USUAL_SECONDS), whole);
    let seconds = seconds.filter(|seconds| (1..=MOST_SECONDS).contains(seconds));
    if seconds.is_none() {
        body.reject("ttl_seconds", "Must be a whole number from 1 to 3600");
    }
    body.finish()?;
    let until = app.clock.unix_millis() + seconds.unwrap_or_default() * 1000;
    app.state().coordination.lease(&me, session, until);
    Ok(Json(json!({ "ok": true })))
}

pub(crate) async fn active(State(app): State<Shared>, Caller(me): Caller) -> Json<Value> {
    let now = app.clock.unix_millis();
    Json(json!({ "active": app.state().coordination.is_active(&me, now) }))
}

pub(crate) async fn clear_active(
    State(app): State<Shared>,
    Caller(me): Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let (body, session) = with_session(&body)?;
    body.finish()?;
    app.state().coordination.release(&me, &session);
    Ok(Json(json!({ "ok": true })))
}

pub(crate) async fn claim(State(app): State<Shared>, Caller(me): Caller, body: Bytes) -> Result<Json<Value>, ApiError> {
    let mut body = JsonBody::parse(&body)?;
    let message = body.text("message_id", 1, LONGEST);
    let (holder, defers) = (body.text("holder", 1, LONGEST), defers(&mut body));
    body.finish()?;
    let now = app.clock.unix_millis();
    let claim = app.state().coordination.claim(&me, &message, &holder, defers, now);
    Ok(Json(answer(json!({ "claimed": claim == Claim::Held }), claim)))
}

/// As many from the beginning as can be had.
pub(crate) async fn claim_batch(
    State(app): State<Shared>,
    Caller(me): Caller,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let mut body = JsonBody::parse(&body)?;
    let messages = body.texts("message_ids", 0, usize::MAX);
    let (holder, defers) = (body.text("holder", 1, LONGEST), defers(&mut body));
    body.finish()?;
    let (state, now) = (&mut *app.state(), app.clock.unix_millis());
    let (mut count, mut last) = (0, Claim::Held);
    for message in messages {
        last = state.coordination.claim(&me, &message, &holder, defers, now);
        if last != Claim::Held {
            break;
        }
        count += 1;
    }
    Ok(Json(answer(json!({ "claimed_count": count }), last)))
}

/// A body and the session that it names. First-party programs send none at all where there is nothing to say.
fn with_session(body: &Bytes) -> Result<(JsonBody, Option<String>), ApiError> {
    let mut body = JsonBody::parse(if body.is_empty() { b"{}" } else { body })?;
    let session = body.optional_text("session_id", 1, LONGEST);
    Ok((body, session))
}

fn defers(body: &mut JsonBody) -> bool {
    match body.get("defer_if_active") {
        None => false,
        Some(Value::Bool(defers)) => *defers,
        Some(_) => {
            body.reject("defer_if_active", "Expected boolean");
            false
        }
    }
}

fn answer(mut answer: Value, last: Claim) -> Value {
    if last == Claim::Deferred {
        answer["deferred"] = Value::Bool(true);
    }
    answer
}
