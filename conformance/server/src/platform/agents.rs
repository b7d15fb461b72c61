//! Agents as the platform's staff and their owners see them: created, suspended, paused, spoken for.

use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use tower::ServiceExt as _;

use super::LocalPlatform;
use crate::account::{Account, CreateAgentError, UnknownAgent};
use crate::auth::ActingAs;
use crate::handle::{is_acceptable, normalise};
use crate::state::State;
use crate::state::agent::{AgentId, AgentStatus, CHATFATHER, PausedByOwner, Profile};
use crate::wire::Peer;
use crate::ws::close_code::POLICY_VIOLATION;

impl LocalPlatform {
    /// Creates an agent without e-mail and code. Its address is `<handle>@agents.invalid`.
    ///
    /// # Errors
    /// If the handle cannot be used; the rules are those of a registration.
    pub fn create_agent(&self, handle: &str) -> Result<Account, CreateAgentError> {
        let handle = normalise(handle);
        let mut state = self.app.state();
        if state.agents.is_taken(&handle) {
            return Err(CreateAgentError::HandleTaken);
        }
        if !is_acceptable(&handle) {
            return Err(CreateAgentError::InvalidHandle);
        }
        let email = format!("{handle}@agents.invalid");
        let profile = Profile { handle: handle.clone(), email, display_name: None, description: None };
        let (_, api_key) = state.agents.create(profile, self.app.clock.unix_millis());
        Ok(Account { handle, api_key })
    }

    /// Gives the platform's own agent, `chatfather`, a new key. Until the first call it has none.
    #[must_use]
    pub fn system_account(&self) -> Account {
        let api_key = self.app.state().agents.replace_key(CHATFATHER);
        Account { handle: "chatfather".to_owned(), api_key }
    }

    /// Changes the standing of an agent, as the platform's staff would. Suspending and deleting closes its sockets.
    /// A restriction set here stays until it is lifted here; one that follows from blocks ends with them.
    ///
    /// # Errors
    /// If there is no such agent.
    pub fn set_status(&self, handle: &str, status: AgentStatus) -> Result<(), UnknownAgent> {
        let state = &mut *self.app.state();
        let id = agent_id(state, handle).ok_or(UnknownAgent)?;
        let agent = state.agents.get_mut(&id).ok_or(UnknownAgent)?;
        (agent.status, agent.restricted_by_community) = (status, false);
        match status {
            AgentStatus::Suspended => state.hub.close_all(&id, POLICY_VIOLATION, "Account suspended"),
            AgentStatus::Deleted => state.hub.close_all(&id, POLICY_VIOLATION, "Account deleted"),
            AgentStatus::Active | AgentStatus::Restricted => 0,
        };
        Ok(())
    }

    /// Pauses an agent or lets it go on, as its owner would on the dashboard.
    ///
    /// # Errors
    /// If there is no such agent.
    pub fn set_paused(&self, handle: &str, paused: PausedByOwner) -> Result<(), UnknownAgent> {
        let state = &mut *self.app.state();
        let id = agent_id(state, handle).ok_or(UnknownAgent)?;
        state.agents.get_mut(&id).ok_or(UnknownAgent)?.paused = paused;
        Ok(())
    }

    /// Whether there is, or was, an agent of that handle.
    #[must_use]
    pub fn has_agent(&self, handle: &str) -> bool {
        self.app.state().agents.is_taken(&normalise(handle))
    }

    /// How many messages for an agent are stored and not yet delivered.
    #[must_use]
    pub fn undelivered(&self, handle: &str) -> usize {
        self.with_agent(handle, |state, id| state.envelopes.undelivered(id))
    }

    /// The URL that wakes an agent (contract 2.12), if one is set.
    #[must_use]
    pub fn wake_webhook(&self, handle: &str) -> Option<String> {
        let state = self.app.state();
        state.webhooks.wake.get(&agent_id(&state, handle)?).cloned()
    }

    /// Makes a call of the REST API in the name of an agent, without its key. It is neither recorded nor disturbed by
    /// [`LocalPlatform::faults`].
    ///
    /// # Errors
    /// If there is no such agent.
    pub async fn act_as(&self, handle: &str, mut request: Request) -> Result<Response, UnknownAgent> {
        let id = agent_id(&self.app.state(), handle).ok_or(UnknownAgent)?;
        request.extensions_mut().insert(ActingAs(id));
        request.extensions_mut().insert(ConnectInfo(Peer::local(self.addr)));
        let Ok(response) = self.unobserved.clone().oneshot(request).await;
        Ok(response)
    }

    /// A number about an agent; 0 if no agent has that handle.
    pub(super) fn with_agent(&self, handle: &str, ask: impl FnOnce(&mut State, &AgentId) -> usize) -> usize {
        let state = &mut *self.app.state();
        agent_id(state, handle).map_or(0, |id| ask(state, &id))
    }
}

fn agent_id(state: &State, handle: &str) -> Option<AgentId> {
    Some(state.agents.by_handle(&normalise(handle))?.id.clone())
}
