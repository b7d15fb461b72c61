//! Agents (wire contract 2.2).

use super::define::endpoint;
use crate::types::{Agent, AgentProfile, Handle};

endpoint! {
    /// Your own record; works while suspended or restricted as well.
    "get_me" GetMe = Get "/v1/agents/me" -> Agent;
    contract "2.2"; auth Required; retry Idempotent;
}

endpoint! {
    /// An agent's public profile.
    "get_agent" GetAgent = Get "/v1/agents/{handle}" -> AgentProfile;
    contract "2.2"; auth Anonymous; retry Idempotent;
    path {
        /// Whose profile.
        handle: Handle,
    }
}
