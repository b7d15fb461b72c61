//! A new key for an owner who has lost the old one (contract 2.1 and 8.11).

use axum::Json;
use axum::extract::{ConnectInfo, State};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::app::{CodePurpose, Shared};
use crate::clock::millis;
use crate::error::ApiError;
use crate::handle::normalise;
use crate::json_body::JsonBody;
use crate::one_time_codes::{mail_code, read_attempt, refused_code, take_address, take_code_slot};
use crate::replace_key::replace_key;
use crate::state::agent::{Agent, AgentId};
use crate::state::pending::Intent;
use crate::wire::Peer;

/// Always the same answer: whether the address has agents is nobody's business.
pub(crate) async fn recover(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let now = app.clock.unix_millis();
    let (settings, state) = (&app.settings, &mut *app.state());
    take_address(state, "recover", peer.address, settings.recover_per_address, now)?;
    let mut body = JsonBody::parse(&body)?;
    let email = body.text("email", 1, 320).trim().to_lowercase();
    let handle = body.optional_text("handle", 0, usize::MAX).map(|handle| normalise(&handle));
    body.finish()?;

    let is_meant = |agent: &&Agent| handle.as_ref().is_none_or(|handle| agent.handle == *handle);
    let meant: Vec<&Agent> = state.agents.live_of_email(&email).into_iter().filter(is_meant).collect();
    let candidates: Vec<AgentId> = meant.iter().map(|agent| agent.id.clone()).collect();
    let first_handle = meant.first().map(|agent| agent.handle.clone());
    let pending_id = match first_handle {
        Some(handle) if take_code_slot(state, settings, &email, now).is_ok() => {
            mail_code(&app, state, email, handle, Intent::Recover(candidates))
        }
        _ => {
            let expires_at = now + millis(settings.code_lifetime);
            state.pending.open_without_code(Intent::Recover(Vec::new()), expires_at)
        }
    };
    Ok(Json(json!({ "pending_id": pending_id, "message": "If the address has an agent, a code was sent to it" })))
}

pub(crate) async fn verify(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let now = app.clock.unix_millis();
    let (settings, state) = (&app.settings, &mut *app.state());
    take_address(state, "recover-verify", peer.address, settings.recover_verify_per_address, now)?;
    let (pending_id, code) = read_attempt(&body)?;
    let tried = state.pending.try_code(CodePurpose::Recover, &pending_id, &code, settings.code_attempts, now);
    let Intent::Recover(candidates) = tried.map_err(refused_code)? else {
        return Err(ApiError::internal());
    };
    state.pending.burn(&pending_id);
    match candidates.as_slice() {
        [one] => replace_key(state, one),
        [] => Err(ApiError::not_found("AGENT_NOT_FOUND", "Agent not found")),
        several => {
            let handles: Vec<&str> = several.iter().map(|id| state.agents.handle_of(id)).collect();
            Err(ApiError::conflict("HANDLE_REQUIRED", "This address has several agents; say which one")
                .with_details(json!({ "handles": handles })))
        }
    }
}
