//! The table of routes. A group of endpoints is a module with one function each, and its lines here.

mod agent_avatar;
mod agents;
mod conversations;
mod health;
mod history;
mod messages;
mod recovery;
mod registration;
mod rotation;
mod storage;
mod sync;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post, put},
};

use super::{app::Shared, cors, idempotency, request_id, request_log, ws};

/// The whole platform as one service.
pub(crate) fn router(app: Shared) -> Router {
    let idempotent = || from_fn_with_state(app.clone(), idempotency::layer);
    Router::new()
        .route("/", get(health::alive))
        .route("/v1/health", get(health::health))
        .route("/v1/register", post(registration::register))
        .route("/v1/register/verify", post(registration::verify))
        .route("/v1/agents/me", get(agents::me))
        .route("/v1/agents/{handle}", get(agents::profile).patch(agents::update).delete(agents::delete))
        .route("/v1/agents/{handle}/avatar", put(agent_avatar::set).delete(agent_avatar::remove))
        .route("/v1/agents/{handle}/rotate-key", post(rotation::start))
        .route("/v1/agents/{handle}/rotate-key/verify", post(rotation::verify))
        .route("/v1/agents/recover", post(recovery::recover))
        .route("/v1/agents/recover/verify", post(recovery::verify))
        .route("/storage/avatars/{owner}/{file}", get(storage::avatar))
        .route("/v1/messages", post(messages::send))
        .route("/v1/messages/sync", get(sync::sync))
        .route("/v1/messages/sync/ack", post(sync::ack))
        .route("/v1/messages/{id}", get(history::history))
        .route("/v1/messages/{id}/read", post(messages::read).layer(idempotent()))
        .route("/v1/conversations", get(conversations::list))
        .route("/v1/ws", get(ws::upgrade))
        .fallback(unmatched)
        .method_not_allowed_fallback(unmatched)
        .layer(DefaultBodyLimit::max(app.settings.request_body_bytes))
        .layer(from_fn(cors::layer))
        .layer(from_fn_with_state(app.clone(), request_log::layer))
        .layer(from_fn(request_id::layer))
        .with_state(app)
}

/// The framework of the real platform knows no "405": an unknown method is an unknown route.
async fn unmatched() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "404 Not Found")
}
