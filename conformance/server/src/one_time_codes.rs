//! What the three uses of one-time codes share: counting, mailing, refusing (contract 1.7, 2.1 and 7).

use std::net::SocketAddr;

use axum::http::StatusCode;

use super::app::{App, IssuedCode};
use super::clock::{Millis, millis};
use super::error::ApiError;
use super::json_body::JsonBody;
use super::rate_limit::RateLimit;
use super::settings::Settings;
use super::state::State;
use super::state::pending::{CodeRefusal, Intent};

/// Counts a request of an IP address.
pub(crate) fn take_address(
    state: &mut State,
    action: &str,
    address: SocketAddr,
    limit: Option<RateLimit>,
    now: Millis,
) -> Result<(), ApiError> {
    let key = format!("{action}:{}", address.ip());
    // These refusals have no Retry-After on the real platform.
    state.windows.take(&key, limit, now).map_err(|_| ApiError::too_many("RATE_LIMITED", "Too many requests"))
}

/// Counts a code that is about to be sent to an address.
pub(crate) fn take_code_slot(state: &mut State, settings: &Settings, email: &str, now: Millis) -> Result<(), ApiError> {
    let cooldown = settings.code_cooldown.map(|window| RateLimit { count: 1, window });
    state
        .windows
        .take(&format!("cooldown:{email}"), cooldown, now)
        .map_err(|wait| ApiError::too_many("OTP_COOLDOWN", "A code was sent a moment ago").retry_after_millis(wait))?;
    state.windows.take(&format!("codes:{email}"), settings.codes_per_email, now).map_err(|wait| {
        ApiError::too_many("OTP_HOURLY_CAP", "Too many codes for this address").retry_after_millis(wait)
    })
}

/// "Mails" a code, and returns the id that belongs to it.
pub(crate) fn mail_code(app: &App, state: &mut State, email: String, handle: String, intent: Intent) -> String {
    let expires_at = app.clock.unix_millis() + millis(app.settings.code_lifetime);
    let purpose = intent.purpose();
    let (pending_id, code) = state.pending.open(intent, expires_at);
    app.announce_code(&IssuedCode { email, handle, purpose, pending_id: pending_id.clone(), code });
    pending_id
}

/// `pending_id` and `code` of a second request.
pub(crate) fn read_attempt(body: &[u8]) -> Result<(String, String), ApiError> {
    let mut body = JsonBody::parse(body)?;
    let attempt = (body.text("pending_id", 1, usize::MAX), body.text("code", 6, 6));
    body.finish()?;
    Ok(attempt)
}

pub(crate) fn refused_code(refusal: CodeRefusal) -> ApiError {
    let bad_request = |code, message| ApiError::new(StatusCode::BAD_REQUEST, code, message);
    match refusal {
        CodeRefusal::Expired => bad_request("EXPIRED", "The code has expired; start again"),
        CodeRefusal::Wrong => bad_request("INVALID_CODE", "The code is wrong"),
        CodeRefusal::Exhausted => ApiError::too_many("OTP_ATTEMPTS_EXHAUSTED", "Too many attempts; start again"),
    }
}
