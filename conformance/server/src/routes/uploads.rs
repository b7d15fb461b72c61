//! Announcing an upload, and finding the way to what was uploaded (contract 2.10).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::clock::millis;
use crate::error::ApiError;
use crate::groups::access;
use crate::handle::normalise;
use crate::json_body::{JsonBody, whole};
use crate::path::Path;
use crate::state;
use crate::state::attachment::{Attachment, Scope};

const CONTENT_TYPES: &[&str] = &[
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "application/pdf",
    "application/json",
    "text/plain",
    "text/markdown",
    "text/csv",
    "audio/mpeg",
    "audio/wav",
    "audio/ogg",
    "video/mp4",
    "video/webm",
];

pub(crate) async fn create(
    State(app): State<Shared>,
    Caller(me): Caller,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let (to, conversation_id, content_type) = read_upload(&body, app.settings.attachment_bytes)?;
    let (now, state) = (app.clock.unix_millis(), &mut *app.state());
    let scope = match (to, conversation_id) {
        (Some(handle), _) => direct_scope(state, &me, &normalise(&handle))?,
        (None, id) => group_scope(state, &me, &id.unwrap_or_default())?,
    };
    let attachment_id = state.attachments.add(Attachment { uploader: me, scope, content_type, bytes: None });
    let lifetime = app.settings.upload_link_lifetime;
    let path = format!("/storage/attachments/{attachment_id}");
    let link = app.links.signed("PUT", &path, now + millis(lifetime));
    let answer = json!({
        "attachment_id": attachment_id,
        "upload_url": format!("{}{link}", app.public_url),
        "expires_in": lifetime.as_secs(),
    });
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The answer is the way to the bytes, not the bytes.
pub(crate) async fn locate(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let state = app.state();
    check_access(&state, &me, &id)?;
    let expires_at = app.clock.unix_millis() + millis(app.settings.download_link_lifetime);
    let link = app.links.signed("GET", &format!("/storage/attachments/{id}"), expires_at);
    Ok((StatusCode::FOUND, [(LOCATION, format!("{}{link}", app.public_url))]).into_response())
}

type Upload = (Option<String>, Option<String>, &'static str);

fn read_upload(body: &[u8], largest: u64) -> Result<Upload, ApiError> {
    let mut body = JsonBody::parse(body)?;
    let to = body.optional_text("to", 1, usize::MAX);
    let conversation_id = body.optional_text("conversation_id", 1, usize::MAX);
    if to.is_some() == conversation_id.is_some() {
        body.reject_form("Exactly one of to and conversation_id is needed");
    }
    body.text("filename", 1, 255);
    let content_type = body.text("content_type", 1, usize::MAX);
    let known = CONTENT_TYPES.iter().copied().find(|known| *known == content_type);
    if known.is_none() {
        body.reject("content_type", "This type is not taken");
    }
    let is_size = |size: u64| (1..=largest).contains(&size);
    if !body.get("size").and_then(whole).is_some_and(is_size) {
        body.reject("size", &format!("Must be 1 to {largest}"));
    }
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if !body.text("sha256", 64, 64).bytes().all(is_digit) {
        body.reject("sha256", "Must be 64 lowercase hexadecimal digits");
    }
    body.finish()?;
    Ok((to, conversation_id, known.unwrap_or_default()))
}

fn direct_scope(state: &state::State, me: &str, handle: &str) -> Result<Scope, ApiError> {
    let recipient = state.agents.visible(handle).ok_or_else(|| ApiError::agent_not_found(handle))?;
    if recipient.id == me {
        return Err(ApiError::invalid("You cannot send a file to yourself"));
    }
    if state.blocks.is_between(me, &recipient.id) {
        return Err(ApiError::blocked());
    }
    Ok(Scope::Agent(recipient.id.clone()))
}

fn group_scope(state: &state::State, me: &str, id: &str) -> Result<Scope, ApiError> {
    access::not_deleted(state, me, id)?;
    access::member(state, me, id)?;
    Ok(Scope::Group(id.to_owned()))
}

/// The uploader always; the one it is for; any member of the group it is for, whenever they came.
fn check_access(state: &state::State, me: &str, id: &str) -> Result<(), ApiError> {
    let not_found = || ApiError::not_found("NOT_FOUND", "Attachment not found");
    let attachment = state.attachments.get(id).ok_or_else(not_found)?;
    if attachment.uploader == me {
        return Ok(());
    }
    let is_allowed = match &attachment.scope {
        Scope::Agent(recipient) => recipient == me,
        Scope::Group(group_id) => {
            if let Some(refusal) = access::deletion(state, me, group_id) {
                return Err(refusal);
            }
            access::member(state, me, group_id).is_ok()
        }
    };
    if is_allowed { Ok(()) } else { Err(not_found()) }
}
