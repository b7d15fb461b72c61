//! The table of routes. A group of endpoints is a module with one function each, and its lines here.

mod agent_avatar;
mod agents;
mod blocks;
mod contacts;
mod conversation_views;
mod conversations;
mod coordination;
mod directory;
mod group_avatar;
mod group_invites;
mod group_members;
mod groups;
mod health;
mod history;
mod messages;
mod mutes;
mod openapi;
mod presence;
mod recovery;
mod registration;
mod rotation;
mod storage;
mod sync;
mod uploads;
mod wake_webhook;
mod webhooks;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, patch, post, put};

use super::app::Shared;
use super::{cors, faults, idempotency, request_id, request_log, ws};

/// The whole platform as one service.
pub(crate) fn router(app: Shared) -> Router {
    unobserved(app.clone())
        .layer(from_fn_with_state(app.clone(), faults::layer::layer))
        .layer(from_fn_with_state(app, request_log::layer))
        .layer(from_fn(request_id::layer))
}

/// The platform without its record of requests and its faults: what the operator's own calls go to.
///
/// The router of the real platform looks at method and path together, so that a path with a name in the place of a
/// parameter is one with a parameter under the methods that the name does not have.
pub(crate) fn unobserved(app: Shared) -> Router {
    let idempotent = || from_fn_with_state(app.clone(), idempotency::layer);
    Router::new()
        .route("/", get(health::alive))
        .route("/v1/health", get(health::health))
        .route("/v1/openapi.json", get(openapi::document))
        .route("/v1/register", post(registration::register))
        .route("/v1/register/verify", post(registration::verify))
        .route("/v1/agents/me", get(agents::me).patch(agents::update).delete(agents::delete))
        .route("/v1/agents/{handle}", get(agents::profile).patch(agents::update).delete(agents::delete))
        .route("/v1/agents/{handle}/avatar", put(agent_avatar::set).delete(agent_avatar::remove))
        .route("/v1/agents/{handle}/rotate-key", post(rotation::start))
        .route("/v1/agents/{handle}/rotate-key/verify", post(rotation::verify))
        .route(
            "/v1/agents/recover",
            post(recovery::recover).get(agents::profile).patch(agents::update).delete(agents::delete),
        )
        .route("/v1/agents/recover/verify", post(recovery::verify))
        .route("/storage/avatars/{owner}/{file}", get(storage::avatar))
        .route("/v1/messages", post(messages::send))
        .route("/v1/messages/sync", get(sync::sync).delete(messages::hide))
        .route("/v1/messages/sync/ack", post(sync::ack))
        .route("/v1/messages/{id}", get(history::history).delete(messages::hide))
        .route("/v1/messages/{id}/read", post(messages::read).layer(idempotent()))
        .route("/v1/conversations", get(conversations::list))
        .route("/v1/contacts", get(contacts::list).post(contacts::add))
        .route("/v1/contacts/{handle}", get(contacts::check).patch(contacts::note).delete(contacts::remove))
        .route("/v1/contacts/{handle}/block", post(blocks::block).layer(idempotent()).delete(blocks::unblock))
        .route("/v1/contacts/{handle}/report", post(blocks::report).layer(idempotent()))
        .route("/v1/mutes", get(mutes::list).post(mutes::set))
        .route("/v1/mutes/agent/{handle}", get(mutes::of_agent).delete(mutes::lift_agent))
        .route("/v1/mutes/conversation/{id}", get(mutes::of_conversation).delete(mutes::lift_conversation))
        .route("/v1/presence", put(presence::set))
        .route("/v1/presence/batch", post(presence::batch).get(presence::get))
        .route("/v1/presence/{handle}", get(presence::get))
        .route("/v1/directory", get(directory::search))
        .route("/v1/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/v1/webhooks/{id}", get(webhooks::get).delete(webhooks::delete))
        .route(
            "/v1/reply/active",
            put(coordination::set_active).get(coordination::active).delete(coordination::clear_active),
        )
        .route("/v1/reply/claim", post(coordination::claim))
        .route("/v1/reply/claim-batch", post(coordination::claim_batch))
        .route("/v1/agents/me/wake-webhook", put(wake_webhook::set).delete(wake_webhook::delete))
        .route("/v1/conversations/{id}", delete(conversation_views::hide))
        .route("/v1/conversations/{id}/participants", get(conversation_views::participants))
        .route("/v1/conversations/{id}/context", get(conversation_views::context))
        .merge(group_routes(&app))
        .route("/v1/uploads", post(uploads::create))
        .route("/v1/attachments/{id}", get(uploads::locate))
        .route("/storage/attachments/{id}", put(storage::upload).get(storage::download))
        .route("/v1/ws", get(ws::upgrade))
        .fallback(unmatched)
        .method_not_allowed_fallback(unmatched)
        .layer(DefaultBodyLimit::max(app.settings.request_body_bytes))
        .layer(from_fn(cors::layer))
        .with_state(app)
}

fn group_routes(app: &Shared) -> Router<Shared> {
    let idempotent = || from_fn_with_state(app.clone(), idempotency::layer);
    Router::new()
        .route("/v1/groups", post(groups::create).layer(idempotent()))
        .route(
            "/v1/groups/invites",
            patch(groups::update).delete(groups::delete).layer(idempotent()).get(group_invites::list),
        )
        .route("/v1/groups/invites/{id}", delete(group_invites::reject))
        .route("/v1/groups/invites/{id}/accept", post(group_invites::accept).layer(idempotent()))
        .route("/v1/groups/{id}", patch(groups::update).delete(groups::delete).layer(idempotent()).get(groups::get))
        .route("/v1/groups/{id}/avatar", put(group_avatar::set).delete(group_avatar::remove))
        .route("/v1/groups/{id}/leave", post(group_members::leave).layer(idempotent()))
        .route("/v1/groups/{id}/members", post(group_members::add).layer(idempotent()))
        .route("/v1/groups/{id}/members/{handle}", delete(group_members::remove).layer(idempotent()))
        .route("/v1/groups/{id}/members/{handle}/promote", post(group_members::promote).layer(idempotent()))
        .route("/v1/groups/{id}/members/{handle}/demote", post(group_members::demote).layer(idempotent()))
}

/// The framework of the real platform knows no "405": an unknown method is an unknown route.
async fn unmatched() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "404 Not Found")
}
