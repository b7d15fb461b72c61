//! Signs of life (contract 1.1).

use axum::Json;
use serde_json::{Value, json};

pub(crate) async fn alive() -> Json<Value> {
    Json(json!({ "name": "agentchat-local", "version": env!("CARGO_PKG_VERSION"), "status": "alive" }))
}

pub(crate) async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}
