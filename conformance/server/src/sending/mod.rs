//! Sending: the checks of a message, for an agent or a group alike (contract 4.3).

pub(crate) mod direct;
pub(crate) mod group;
pub(crate) mod store;

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::clock::Millis;
use super::error::ApiError;
use super::rate_limit::RateLimit;
use super::settings::Settings;
use super::state::State;
use super::state::agent::{Agent, AgentStatus, PausedByOwner};
use super::state::attachment::Scope;

/// What a caller wants to send, already checked for its form.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) client_msg_id: String,
    pub(crate) kind: String,
    pub(crate) content: Map<String, Value>,
    pub(crate) metadata: Map<String, Value>,
}

/// What became of it.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The stored message; for a replay the one from the first time.
    pub(crate) row: Map<String, Value>,
    pub(crate) is_replay: bool,
    /// Members of a group who have too much waiting already, and get no envelope.
    pub(crate) skipped: Vec<String>,
    /// The recipient's undelivered messages before this one, if they are worth a warning.
    pub(crate) backlog: Option<usize>,
}

/// The first check of every send, to an agent or a group.
pub(crate) fn check_size(settings: &Settings, draft: &Draft) -> Result<(), ApiError> {
    let size = |object: &Map<String, Value>| serde_json::to_string(object).map_or(0, |text| text.len());
    if size(&draft.content) + size(&draft.metadata) > settings.message_bytes {
        let message = format!("Content and metadata may have {} bytes together", settings.message_bytes);
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "CONTENT_TOO_LARGE", message));
    }
    Ok(())
}

/// Whether the account may send at all.
fn check_standing(sender: &Agent) -> Result<(), ApiError> {
    if sender.status == AgentStatus::Suspended {
        return Err(ApiError::suspended());
    }
    if sender.paused != PausedByOwner::None {
        return Err(ApiError::forbidden("AGENT_PAUSED_BY_OWNER", "Your owner has paused sending"));
    }
    Ok(())
}

fn check_rate(state: &mut State, settings: &Settings, sender: &str, now: Millis) -> Result<(), ApiError> {
    let limit = if is_system(state, sender) { settings.system_sends_per_second } else { settings.sends_per_second };
    state.fixed_windows.take(&format!("send:{sender}"), RateLimit::a_second(limit), now).map_err(|wait| {
        ApiError::too_many("RATE_LIMITED", format!("At most {limit} messages a second")).retry_after_millis(wait)
    })
}

/// An attachment can be sent by its uploader, to where it was uploaded for.
fn check_attachment(state: &State, sender: &str, draft: &Draft, scope: &Scope) -> Result<(), ApiError> {
    let Some(id) = draft.content.get("attachment_id").and_then(Value::as_str) else {
        return Ok(());
    };
    let attachment = state.attachments.get(id).filter(|attachment| attachment.uploader == sender);
    let not_found = || ApiError::not_found("ATTACHMENT_NOT_FOUND", "You have not uploaded that attachment");
    if attachment.ok_or_else(not_found)?.scope != *scope {
        let message = "That attachment was uploaded for somebody else";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "ATTACHMENT_WRONG_SCOPE", message));
    }
    Ok(())
}

fn is_system(state: &State, agent: &str) -> bool {
    state.agents.get(agent).is_some_and(|agent| agent.is_system)
}
