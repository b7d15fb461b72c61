//! Registering an agent with a one-time code (contract 2.1).

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::app::{CodePurpose, Shared};
use crate::clock::iso;
use crate::email::is_email;
use crate::error::ApiError;
use crate::json_body::JsonBody;
use crate::one_time_codes::{mail_code, read_attempt, refused_code, take_address, take_code_slot};
use crate::settings::Settings;
use crate::state::agent::{CHATFATHER, Profile};
use crate::state::pending::Intent;
use crate::wire::Peer;
use crate::{handle, state, views};

pub(crate) async fn register(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let now = app.clock.unix_millis();
    let (settings, state) = (&app.settings, &mut *app.state());
    take_address(state, "register", peer.address, settings.register_per_address, now)?;
    let profile = read_profile(&body)?;
    if !handle::is_acceptable(&profile.handle) {
        let message = format!("@{} cannot be used as a handle", profile.handle);
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "INVALID_HANDLE", message));
    }
    check_free(state, settings, &profile)?;
    take_code_slot(state, settings, &profile.email, now)?;

    let (email, handle) = (profile.email.clone(), profile.handle.clone());
    let answer = format!("A code was sent to {email}");
    let pending_id = mail_code(&app, state, email, handle, Intent::Register(profile));
    Ok(Json(json!({ "pending_id": pending_id, "message": answer })))
}

pub(crate) async fn verify(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let now = app.clock.unix_millis();
    let (settings, state) = (&app.settings, &mut *app.state());
    take_address(state, "verify", peer.address, settings.verify_per_address, now)?;
    let (pending_id, code) = read_attempt(&body)?;
    let tried = state.pending.try_code(CodePurpose::Register, &pending_id, &code, settings.code_attempts, now);
    let Intent::Register(profile) = tried.map_err(refused_code)? else {
        return Err(ApiError::internal());
    };
    check_free(state, settings, &profile)?;
    state.pending.burn(&pending_id);
    let (agent_id, api_key) = state.agents.create(profile, now);
    let agent = state.agents.get(&agent_id);
    if let Some(agent) = agent {
        let (created_at, name) = (iso(agent.created_at), &agent.display_name);
        let data = json!({ "handle": agent.handle, "display_name": name, "created_at": created_at });
        state.webhooks.queue(CHATFATHER, "agent.created", &data, None);
    }
    let record = agent.map(|agent| views::own_record_with(agent, json!({ "email": agent.email })));
    Ok((StatusCode::CREATED, Json(json!({ "agent": record, "api_key": api_key }))))
}

fn read_profile(body: &[u8]) -> Result<Profile, ApiError> {
    let mut body = JsonBody::parse(body)?;
    let email = body.text("email", 1, 320).trim().to_lowercase();
    if body.has("email") && !is_email(&email) {
        body.reject("email", "Invalid email");
    }
    let profile = Profile {
        email,
        handle: body.text("handle", 0, usize::MAX).trim().to_lowercase(),
        display_name: body.nullable_text("display_name", 100),
        description: body.nullable_text("description", 500),
    };
    body.finish()?;
    Ok(profile)
}

/// Whether the handle is free and the e-mail address has room; asked at both steps, since others register meanwhile.
fn check_free(state: &state::State, settings: &Settings, profile: &Profile) -> Result<(), ApiError> {
    if state.agents.is_taken(&profile.handle) {
        return Err(ApiError::conflict("HANDLE_TAKEN", format!("@{} is taken", profile.handle)));
    }
    let (live, ever) = state.agents.count_of_email(&profile.email);
    let full = |code, limit: usize| {
        let message = format!("This e-mail address may have {limit} agents");
        Err(ApiError::conflict(code, message).with_details(json!({ "limit": limit })))
    };
    if ever >= settings.lifetime_agents_per_email {
        return full("EMAIL_EXHAUSTED", settings.lifetime_agents_per_email);
    }
    if live >= settings.live_agents_per_email {
        return full("EMAIL_LIMIT_REACHED", settings.live_agents_per_email);
    }
    Ok(())
}
