//! Muting agents and conversations (contract 2.7, 3.10 and 4.11).

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use super::contacts;
use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::clock::{Millis, iso, parse_iso};
use crate::error::ApiError;
use crate::handle::normalise;
use crate::json_body::JsonBody;
use crate::path::Path;
use crate::query::Params;
use crate::rate_limit::RateLimit;
use crate::state;
use crate::state::mute::{Mute, Target, TargetKind};

pub(crate) async fn set(
    State(app): State<Shared>,
    Caller(me): Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let (now, state) = (app.clock.unix_millis(), &mut *app.state());
    take_write(&app, state, &me)?;
    let wish = Wish::read(&body, now)?;
    let target = wish.target(state, &me)?;
    let mute = state.mutes.set(&me, target.clone(), wish.until, now);
    Ok((StatusCode::CREATED, Json(row(&me, &target, &mute))))
}

pub(crate) async fn list(
    State(app): State<Shared>,
    Caller(me): Caller,
    Query(params): Query<Params>,
) -> Result<Json<Value>, ApiError> {
    let kind = match params.get("kind").map(|kind| TargetKind::parse(kind)) {
        Some(None) => return Err(ApiError::invalid("kind must be agent or conversation")),
        known => known.flatten(),
    };
    let state = app.state();
    let mine = state.mutes.of(&me, app.clock.unix_millis());
    let wanted = mine.into_iter().filter(|(target, _)| kind.is_none_or(|kind| kind == target.0));
    let rows: Vec<Value> = wanted.map(|(target, mute)| row(&me, target, mute)).collect();
    Ok(Json(json!({ "mutes": rows })))
}

pub(crate) async fn of_agent(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = app.state();
    let target = (TargetKind::Agent, contacts::target(&state, &handle)?);
    find(&app, &state, &me, &target)
}

pub(crate) async fn of_conversation(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    find(&app, &app.state(), &me, &(TargetKind::Conversation, id))
}

pub(crate) async fn lift_agent(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    take_write(&app, state, &me)?;
    let target = (TargetKind::Agent, contacts::target(state, &handle)?);
    lift(state, &me, &target)
}

pub(crate) async fn lift_conversation(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    take_write(&app, state, &me)?;
    lift(state, &me, &(TargetKind::Conversation, id))
}

fn find(app: &App, state: &state::State, me: &str, target: &Target) -> Result<Json<Value>, ApiError> {
    let mute = state.mutes.get(me, target, app.clock.unix_millis());
    Ok(Json(row(me, target, mute.ok_or_else(not_muted)?)))
}

fn lift(state: &mut state::State, me: &str, target: &Target) -> Result<Json<Value>, ApiError> {
    if !state.mutes.remove(me, target) {
        return Err(not_muted());
    }
    Ok(Json(json!({ "ok": true })))
}

fn not_muted() -> ApiError {
    ApiError::not_found("NOT_FOUND", "Not muted")
}

fn take_write(app: &App, state: &mut state::State, me: &str) -> Result<(), ApiError> {
    let limit = RateLimit::a_second(app.settings.mute_writes_per_second);
    state.fixed_windows.take(&format!("mute:{me}"), limit, app.clock.unix_millis()).map_err(|wait| {
        // This refusal has its wait in the body only.
        ApiError::too_many("RATE_LIMITED", "Too many changes of mutes").with_field("retry_after_ms", wait.into())
    })
}

fn row(me: &str, (kind, id): &Target, mute: &Mute) -> Value {
    json!({
        "muter_agent_id": me,
        "target_kind": kind.as_str(),
        "target_id": id,
        "muted_until": mute.until.map(iso),
        "created_at": iso(mute.created_at),
    })
}

/// What is to be muted, and until when.
struct Wish {
    kind: TargetKind,
    handle: Option<String>,
    id: Option<String>,
    until: Option<Millis>,
}

impl Wish {
    fn read(body: &[u8], now: Millis) -> Result<Wish, ApiError> {
        let mut body = JsonBody::parse(body)?;
        let kind = TargetKind::parse(&body.text("target_kind", 1, usize::MAX));
        if kind.is_none() {
            body.reject("target_kind", "Must be agent or conversation");
        }
        let handle = body.optional_text("target_handle", 1, usize::MAX);
        let id = body.optional_text("target_id", 1, usize::MAX);
        let text = body.nullable_text("muted_until", usize::MAX);
        let until = text.as_deref().and_then(parse_iso);
        if text.is_some() && until.is_none_or(|until| until <= now) {
            body.reject("muted_until", "Must be a time to come");
        }
        let kind = kind.unwrap_or(TargetKind::Agent);
        if id.is_none() && (kind == TargetKind::Conversation || handle.is_none()) {
            body.reject_form("The target is missing");
        }
        body.finish()?;
        Ok(Wish { kind, handle, id, until })
    }

    fn target(&self, state: &state::State, me: &str) -> Result<Target, ApiError> {
        let id = self.id.as_deref().unwrap_or_default();
        if self.kind == TargetKind::Conversation {
            let not_found = || ApiError::not_found("CONVERSATION_NOT_FOUND", "Conversation not found");
            let conversation = state.conversations.get(id).ok_or_else(not_found)?;
            if !conversation.has_participant(me) {
                return Err(ApiError::forbidden("NOT_PARTICIPANT", "You are not part of this conversation"));
            }
            return Ok((self.kind, conversation.id.clone()));
        }
        let agent = match &self.handle {
            Some(handle) => state.agents.visible(&normalise(handle)),
            None => state.agents.get(id).filter(|agent| agent.is_visible()),
        };
        let agent = agent.ok_or_else(|| ApiError::not_found("AGENT_NOT_FOUND", "Agent not found"))?;
        if agent.id == me {
            return Err(ApiError::new(StatusCode::BAD_REQUEST, "SELF_MUTE", "You cannot mute yourself"));
        }
        Ok((self.kind, agent.id.clone()))
    }
}
