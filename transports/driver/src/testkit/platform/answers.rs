//! What the platform answers by itself (contract 2.1 to 2.10), for the agent `me`.

use agentchat_engine::Fault;
use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::contacts::Page;
use super::reply::{Answer, bare, refusal};
use super::store::{ME, text};
use super::world::World;
use crate::testkit::json as answer_json;

pub(super) fn answer(world: &mut World, request: &Request<Bytes>) -> Result<Response<Bytes>, Fault> {
    let path: Vec<_> = request.uri().path().trim_matches('/').split('/').collect();
    match (request.method(), &path[..]) {
        (method, ["store", id]) => Ok(world.files.store(method, id, request.body())),
        (&Method::GET, ["v1", "attachments", id]) => match world.files.location(id) {
            Some(location) => Ok(redirect(&location)),
            None => answer_json(404, &refusal(404, "NOT_FOUND").1),
        },
        (_, ["v1", path @ ..]) => {
            let (status, body) = api(world, request, path);
            answer_json(status, &body)
        }
        _ => answer_json(404, &refusal(404, "NOT_FOUND").1),
    }
}

fn redirect(location: &str) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::FOUND;
    answer.headers_mut().extend(HeaderValue::from_str(location).map(|location| (LOCATION, location)));
    answer
}

fn api(world: &mut World, request: &Request<Bytes>, path: &[&str]) -> Answer {
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    match (request.method(), path) {
        (&Method::GET, ["agents", "me"]) => (200, json!({"handle": ME, "status": "active"})),
        (&Method::GET, ["agents", handle]) => {
            (200, json!({"handle": handle, "status": "active", "created_at": "2026-01-01T00:00:00.000Z"}))
        }
        (&Method::POST, ["messages"]) => send(world, &body),
        (&Method::GET, ["messages", "sync"]) => {
            let after = query(request, "after").map_or(0, |after| number(&after));
            (200, json!(world.store.undelivered(after, limit(request, 200))))
        }
        (&Method::POST, ["messages", "sync", "ack"]) => {
            let cursor = number(text(&body, "last_delivery_id"));
            (200, json!({"acked": world.store.ack_through(cursor)}))
        }
        (&Method::GET, ["messages", conversation]) => history(world, request, conversation),
        (method, ["groups", rest @ ..]) => {
            let (answer, event) = world.groups.answer(method, rest, &body);
            world.tell(event);
            answer
        }
        (method, ["contacts", rest @ ..]) => {
            let offset = query(request, "offset").and_then(|offset| offset.parse().ok()).unwrap_or_default();
            world.contacts.answer(method, rest, Page { limit: limit(request, 50), offset }, &body)
        }
        (&Method::POST, ["uploads"]) => world.files.upload_slot(),
        (method, _) => {
            let message =
                format!("the test platform has no answer to {method} {}; give it one with `on`", request.uri());
            (404, json!({"code": "NOT_FOUND", "message": message}))
        }
    }
}

fn send(world: &mut World, body: &Value) -> Answer {
    if world.contacts.is_blocked(&bare(text(body, "to"))) {
        return refusal(403, "BLOCKED");
    }
    if !world.groups.admits(text(body, "conversation_id")) {
        return refusal(404, "GROUP_NOT_FOUND");
    }
    let (new, row) = world.store.send(body);
    (if new { 201 } else { 200 }, row)
}

fn history(world: &World, request: &Request<Bytes>, conversation: &str) -> Answer {
    let mut rows = world.store.history(conversation);
    let seq = |row: &Value| row["seq"].as_u64().unwrap_or_default();
    let bound = |name| query(request, name).and_then(|seq| seq.parse::<u64>().ok());
    if let Some(after) = bound("after_seq") {
        rows.retain(|row| seq(row) > after);
    } else {
        rows.retain(|row| bound("before_seq").is_none_or(|before| seq(row) < before));
        rows.reverse();
    }
    rows.truncate(limit(request, 50));
    (200, json!(rows))
}

fn query(request: &Request<Bytes>, name: &str) -> Option<String> {
    let mut pairs = request.uri().query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

fn limit(request: &Request<Bytes>, unless: usize) -> usize {
    query(request, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(unless)
}

/// The rows up to a cursor.
fn number(cursor: &str) -> usize {
    cursor.trim_start_matches("del_").parse().unwrap_or_default()
}
