//! Sending a message and marking one as read (contract 2.3 and 3.5).

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::handle::normalise;
use crate::json_body::JsonBody;
use crate::path::Path;
use crate::sending::{Draft, Sent, check_size, direct, group};
use crate::{delivery, views};

const TYPES: &[&str] = &["text", "structured", "file", "system"];

pub(crate) async fn send(
    State(app): State<Shared>,
    Caller(me): Caller,
    body: Bytes,
) -> Result<(StatusCode, HeaderMap, Json<Value>), ApiError> {
    let (target, draft) = read_draft(&body)?;
    check_size(&app.settings, &draft)?;
    let Sent { mut row, is_replay, skipped, backlog } = match &target {
        Target::Agent(handle) => direct::send(&app, &me, handle, draft)?,
        Target::Conversation(id) => group::send(&app, &me, id, draft)?,
    };
    let mut headers = HeaderMap::new();
    if let (Some(count), Target::Agent(to)) = (backlog, &target)
        && let Ok(warning) = HeaderValue::try_from(format!("{to}={count}"))
    {
        headers.insert("x-backlog-warning", warning);
    }
    if !skipped.is_empty() {
        row.insert("skipped_recipients".into(), json!(skipped));
    }
    let status = if is_replay { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, headers, Json(Value::Object(row))))
}

pub(crate) async fn read(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(message_id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let now = app.clock.unix_millis();
    let state = &mut *app.state();
    let not_found = || ApiError::not_found("MESSAGE_NOT_FOUND", "Message not found");
    if !state.envelopes.read(&me, &message_id, now) {
        return Err(not_found());
    }
    let envelope = state.envelopes.of_message(&me, &message_id);
    let message = state.messages.get(&message_id).ok_or_else(not_found)?;
    let row = views::message_with_status(&state.agents, message, envelope);
    delivery::push_read(state, &app.settings, &message_id, &me, json!({}));
    Ok(Json(Value::Object(row)))
}

/// Puts a message out of one's own sight. Those who have left a group may still tidy up.
pub(crate) async fn hide(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(message_id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let (now, state) = (app.clock.unix_millis(), &mut *app.state());
    let not_found = || ApiError::not_found("MESSAGE_NOT_FOUND", "Message not found");
    let message = state.messages.get(&message_id).ok_or_else(not_found)?;
    let conversation = state.conversations.get(&message.conversation_id);
    if !conversation.is_some_and(|conversation| conversation.has_ever_had(&me)) {
        return Err(ApiError::forbidden("FORBIDDEN", "You are not part of this conversation"));
    }
    state.hidden.hide_message(&me, &message_id);
    state.envelopes.deliver(&me, &message_id, now);
    Ok(Json(json!({ "message": "The message is hidden from you" })))
}

/// To whom a body is addressed.
enum Target {
    /// By handle.
    Agent(String),
    /// By id.
    Conversation(String),
}

fn read_draft(body: &[u8]) -> Result<(Target, Draft), ApiError> {
    let mut body = JsonBody::parse(body)?;
    let to = body.optional_text("to", 1, usize::MAX);
    let conversation_id = body.optional_text("conversation_id", 1, usize::MAX);
    let target = match (to, conversation_id) {
        (None, Some(id)) => Target::Conversation(id),
        (Some(handle), None) => Target::Agent(normalise(&handle)),
        _ => {
            body.reject_form("Exactly one of to and conversation_id is needed");
            Target::Agent(String::new())
        }
    };
    let client_msg_id = body.text("client_msg_id", 1, 128);
    let kind = body.optional_text("type", 0, usize::MAX).unwrap_or_else(|| "text".to_owned());
    if !TYPES.contains(&kind.as_str()) {
        body.reject("type", "Unknown type");
    }
    let content = read_content(&mut body);
    let metadata = body.optional_object("metadata").unwrap_or_default();
    body.finish()?;
    Ok((target, Draft { client_msg_id, kind, content, metadata }))
}

/// The three known keys of `content`; at least one is needed, and others are dropped without a word.
fn read_content(body: &mut JsonBody) -> Map<String, Value> {
    let mut content = match body.get("content") {
        Some(Value::Object(content)) => content.clone(),
        Some(_) => {
            body.reject("content", "Expected object");
            return Map::new();
        }
        None => {
            body.reject("content", "Required");
            return Map::new();
        }
    };
    content.retain(|name, _| matches!(name.as_str(), "text" | "data" | "attachment_id"));
    let is_valid = |name: &str, value: &Value| {
        if name == "data" { value.is_object() } else { value.is_string() }
    };
    if let Some((name, _)) = content.iter().find(|(name, value)| !is_valid(name, value)) {
        body.reject("content", &format!("{name} has the wrong type"));
    }
    if content.is_empty() {
        body.reject("content", "At least one of text, data and attachment_id is needed");
    }
    content
}
