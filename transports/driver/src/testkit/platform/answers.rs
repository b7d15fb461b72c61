//! What the platform answers by itself (contract 2.1 to 2.3).

use agentchat_engine::Fault;
use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};

use super::store::{ME, Store, text};
use crate::testkit::json as answer_json;

pub(super) fn answer(store: &mut Store, request: &Request<Bytes>) -> Result<Response<Bytes>, Fault> {
    let path = request.uri().path().trim_start_matches("/v1/");
    let query = |name: &str| {
        let pairs = request.uri().query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    };
    let limit = |unless: usize| query("limit").and_then(|limit| limit.parse().ok()).unwrap_or(unless);
    let body = || serde_json::from_slice::<Value>(request.body()).unwrap_or_default();
    let mut parts = path.split('/');
    match (request.method(), parts.next(), parts.next(), parts.next()) {
        (&Method::GET, Some("agents"), Some("me"), None) => {
            answer_json(200, &json!({"handle": ME, "status": "active"}))
        }
        (&Method::GET, Some("agents"), Some(handle), None) => {
            answer_json(200, &json!({"handle": handle, "status": "active", "created_at": "2026-01-01T00:00:00.000Z"}))
        }
        (&Method::POST, Some("messages"), None, None) => {
            let (new, row) = store.send(&body());
            answer_json(if new { 201 } else { 200 }, &row)
        }
        (&Method::GET, Some("messages"), Some("sync"), None) => {
            let after = query("after").map_or(0, |after| number(&after));
            answer_json(200, &json!(store.undelivered(after, limit(200))))
        }
        (&Method::POST, Some("messages"), Some("sync"), Some("ack")) => {
            let cursor = number(text(&body(), "last_delivery_id"));
            answer_json(200, &json!({"acked": store.ack_through(cursor)}))
        }
        (&Method::GET, Some("messages"), Some(conversation), None) => {
            let mut rows = store.history(conversation);
            let seq = |row: &Value| row["seq"].as_u64().unwrap_or_default();
            let bound = |name| query(name).and_then(|seq| seq.parse::<u64>().ok());
            if let Some(after) = bound("after_seq") {
                rows.retain(|row| seq(row) > after);
            } else {
                rows.retain(|row| bound("before_seq").is_none_or(|before| seq(row) < before));
                rows.reverse();
            }
            rows.truncate(limit(50));
            answer_json(200, &json!(rows))
        }
        (method, ..) => {
            let message = format!("the test platform has no answer to {method} /v1/{path}; give it one with `on`");
            answer_json(404, &json!({"code": "NOT_FOUND", "message": message}))
        }
    }
}

/// The rows up to a cursor.
fn number(cursor: &str) -> usize {
    cursor.trim_start_matches("del_").parse().unwrap_or_default()
}
