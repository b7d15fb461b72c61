//! Changing one's own key (contract 2.1).

use axum::Json;
use axum::extract::{ConnectInfo, State};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::app::{CodePurpose, Shared};
use crate::auth::Caller;
use crate::error::ApiError;
use crate::one_time_codes::{mail_code, read_attempt, refused_code, take_address, take_code_slot};
use crate::own_account::check_own;
use crate::path::Path;
use crate::replace_key::replace_key;
use crate::state::pending::Intent;
use crate::wire::Peer;

pub(crate) async fn start(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let now = app.clock.unix_millis();
    let (settings, state) = (&app.settings, &mut *app.state());
    take_address(state, "rotate", peer.address, settings.rotate_per_address, now)?;
    let agent = check_own(state, &me, &handle)?;
    let (email, handle) = (agent.email.clone(), agent.handle.clone());
    take_code_slot(state, settings, &email, now)?;
    let pending_id = mail_code(&app, state, email, handle, Intent::Rotate(me));
    Ok(Json(json!({ "pending_id": pending_id, "message": "A code was sent to your address" })))
}

pub(crate) async fn verify(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Caller(me): Caller,
    Path(handle): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let now = app.clock.unix_millis();
    let (settings, state) = (&app.settings, &mut *app.state());
    take_address(state, "rotate-verify", peer.address, settings.rotate_verify_per_address, now)?;
    check_own(state, &me, &handle)?;
    let (pending_id, code) = read_attempt(&body)?;
    if matches!(state.pending.intent(&pending_id), Some(Intent::Rotate(agent)) if *agent != me) {
        // Before the code is looked at: guesses of others do not use up the owner's attempts.
        return Err(ApiError::forbidden("FORBIDDEN", "This code is for another agent"));
    }
    let tried = state.pending.try_code(CodePurpose::RotateKey, &pending_id, &code, settings.code_attempts, now);
    tried.map_err(refused_code)?;
    state.pending.burn(&pending_id);
    replace_key(state, &me)
}
