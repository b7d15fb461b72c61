//! A new key for an agent, and the end of everything that ran on the old one (contract 2.1 and 5.8).

use axum::Json;
use serde_json::{Value, json};

use super::error::ApiError;
use super::state::State;
use super::state::agent::AgentStatus;
use super::ws::close_code::POLICY_VIOLATION;

/// Replaces the key and closes the sockets. The answer is the one that both recovery and rotation give.
pub(crate) fn replace_key(state: &mut State, agent_id: &str) -> Result<Json<Value>, ApiError> {
    let agent = state.agents.get(agent_id).filter(|agent| agent.status != AgentStatus::Deleted);
    let agent = agent.ok_or_else(|| ApiError::not_found("AGENT_NOT_FOUND", "Agent not found"))?;
    if agent.is_system {
        return Err(ApiError::system_agent());
    }
    let handle = agent.handle.clone();
    let api_key = state.agents.replace_key(agent_id);
    state.hub.close_all(agent_id, POLICY_VIOLATION, "API key rotated");
    Ok(Json(json!({ "handle": handle, "api_key": api_key })))
}
