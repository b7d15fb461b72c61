//! Who is calling (contract 1.2).

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};

use super::app::Shared;
use super::enforcement::review;
use super::error::ApiError;
use super::state::State;
use super::state::agent::{Agent, AgentId, AgentStatus};

/// The caller of a route that needs a key. Suspended agents are refused.
#[derive(Debug)]
pub(crate) struct Caller(pub(crate) AgentId);

/// The caller of a route that even suspended agents may use.
#[derive(Debug)]
pub(crate) struct AnyCaller(pub(crate) AgentId);

/// The key in the header, if there is one in the right form.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The agent that a key belongs to. A deleted one looks like an unknown key.
pub(crate) fn agent_of_key<'a>(state: &'a State, api_key: &str) -> Option<&'a Agent> {
    state.agents.by_key(api_key).filter(|agent| agent.status != AgentStatus::Deleted)
}

/// Put on a request by the platform's operator: whose it is, whatever its headers say.
#[derive(Clone, Debug)]
pub(crate) struct ActingAs(pub(crate) AgentId);

fn authenticate(app: &Shared, parts: &Parts) -> Result<(AgentId, AgentStatus), ApiError> {
    let refused = |message| ApiError::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", message);
    let state = &mut *app.state();
    let agent = match parts.extensions.get() {
        Some(ActingAs(id)) => state.agents.get(id).filter(|agent| agent.status != AgentStatus::Deleted),
        None => {
            let api_key = bearer(&parts.headers).ok_or_else(|| refused("Missing API key"))?;
            agent_of_key(state, api_key)
        }
    };
    let agent = agent.ok_or_else(|| refused("Invalid API key"))?;
    let (id, status) = (agent.id.clone(), agent.status);
    if status == AgentStatus::Restricted {
        // Restrictions end when the blocks are old enough, and nobody else would look.
        review(app, state, &id);
    }
    let status = state.agents.get(&id).map_or(status, |agent| agent.status);
    Ok((id, status))
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Caller, ApiError> {
        match authenticate(app, parts)? {
            (_, AgentStatus::Suspended) => Err(ApiError::suspended()),
            (id, _) => Ok(Caller(id)),
        }
    }
}

impl FromRequestParts<Shared> for AnyCaller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<AnyCaller, ApiError> {
        authenticate(app, parts).map(|(id, _)| AnyCaller(id))
    }
}
