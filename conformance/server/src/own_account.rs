//! The rule of all routes that name an account in the path: it has to be the caller's (contract 2.2).

use super::error::ApiError;
use super::handle::normalise;
use super::state::State;
use super::state::agent::Agent;

/// The caller's own account, if that is the one in the path.
pub(crate) fn check_own<'a>(state: &'a State, me: &str, handle: &str) -> Result<&'a Agent, ApiError> {
    let agent = state.agents.get(me).ok_or_else(ApiError::internal)?;
    if agent.handle != normalise(handle) {
        return Err(ApiError::forbidden("FORBIDDEN", "You can only change your own account"));
    }
    Ok(agent)
}
