//! `Idempotency-Key`: the same request twice has one effect and one answer (contract 1.5).
//!
//! Mount [`layer`] on a route with `axum::middleware::from_fn_with_state`; routes without it ignore the header.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::app::Shared;
use super::auth::Caller;
use super::clock::millis;
use super::error::ApiError;
use super::state::agent::AgentId;
use super::state::outcome::{Answer, Fingerprint, Turn};

pub(crate) async fn layer(State(app): State<Shared>, request: Request, next: Next) -> Response {
    match answer(&app, request, next).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn answer(app: &Shared, request: Request, next: Next) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let Caller(agent) = Caller::from_request_parts(&mut parts, app).await?;
    let Some(key) = parts.headers.get("idempotency-key") else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let scope = (agent, valid_key(key)?);
    let body = to_bytes(body, app.settings.request_body_bytes).await.unwrap_or_default();
    let fingerprint = fingerprint(&parts, &body);

    let now = app.clock.unix_millis();
    let free_at = now + millis(app.settings.idempotency_in_flight);
    let turn = app.state().outcomes.begin(&scope, fingerprint, now, free_at);
    match turn {
        Turn::Run => {}
        Turn::Replay(answer) => return Ok(replay(answer)),
        Turn::InProgress => {
            let message = "A request with this Idempotency-Key is still running";
            return Err(ApiError::conflict("IDEMPOTENT_IN_PROGRESS", message));
        }
        Turn::Conflict => {
            let message = "This Idempotency-Key belongs to a different request";
            return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "IDEMPOTENCY_KEY_CONFLICT", message));
        }
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    Ok(remember(app, &scope, response).await)
}

/// Keeps the answer for the next time, unless it is a failure of the server or too large; these free the key.
async fn remember(app: &Shared, scope: &(AgentId, String), response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut state = app.state();
    if parts.status.is_server_error() || body.len() > app.settings.idempotency_body_bytes {
        state.outcomes.free(scope);
    } else {
        let expires_at = app.clock.unix_millis() + millis(app.settings.idempotency_lifetime);
        let answer = Answer { status: parts.status, headers: parts.headers.clone(), body: body.clone() };
        state.outcomes.keep(scope, answer, expires_at);
    }
    Response::from_parts(parts, Body::from(body))
}

fn replay(answer: Answer) -> Response {
    let mut response = (answer.status, Body::from(answer.body)).into_response();
    *response.headers_mut() = answer.headers;
    response.headers_mut().insert("idempotent-replay", HeaderValue::from_static("true"));
    response
}

fn valid_key(key: &HeaderValue) -> Result<String, ApiError> {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let bytes = key.as_bytes();
    if (8..=128).contains(&bytes.len()) && bytes.iter().all(allowed) {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
    let message = "Idempotency-Key must be 8 to 128 letters, digits, dashes or underscores";
    Err(ApiError::new(StatusCode::BAD_REQUEST, "IDEMPOTENCY_KEY_INVALID", message))
}

fn fingerprint(parts: &Parts, body: &[u8]) -> Fingerprint {
    let head = format!("{}\n{}\n", parts.method, parts.uri.path());
    Sha256::new().chain_update(head).chain_update(body).finalize().into()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use axum::Router;
    use axum::http::header::AUTHORIZATION;
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;
    use crate::app::App;
    use crate::settings::Settings;
    use crate::state::agent::Profile;

    #[tokio::test]
    async fn a_failure_of_the_server_frees_the_key() {
        let app = Arc::new(App::new(Settings::default(), SocketAddr::from(([127, 0, 0, 1], 0))));
        let profile = Profile { handle: "alice".into(), email: "a@b.co".into(), display_name: None, description: None };
        let (_, api_key) = app.state().agents.create(profile, 0);
        // Fails twice, refuses once, and would then succeed.
        let calls = Arc::new(AtomicU32::new(0));
        let counted = calls.clone();
        let statuses = async move || match counted.fetch_add(1, Ordering::SeqCst) {
            0 => StatusCode::INTERNAL_SERVER_ERROR,
            1 => StatusCode::SERVICE_UNAVAILABLE,
            2 => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        };
        let service =
            Router::new().route("/", post(statuses).layer(from_fn_with_state(app.clone(), layer))).with_state(app);
        let mut answers = Vec::new();
        for _ in 0..4 {
            let request = Request::post("/").header(AUTHORIZATION, format!("Bearer {api_key}"));
            let request = request.header("idempotency-key", "key-0001").body(Body::empty()).expect("a request");
            let Ok(answer) = service.clone().oneshot(request).await;
            answers.push((answer.status().as_u16(), answer.headers().contains_key("idempotent-replay")));
        }
        assert_eq!(answers, [(500, false), (503, false), (404, false), (404, true)]);
        assert_eq!(calls.load(Ordering::SeqCst), 3);
    }
}
