//! The handle of the agent whose key a client has, as soon as the platform has said it: what traces and metrics name it by.

use std::fmt;
use std::sync::{Arc, OnceLock};

use agentchat_engine::types::Handle;

/// Shared by a client, its clones and its sessions; a client with another key has another.
#[derive(Clone, Debug, Default)]
pub(crate) struct AgentName(Arc<OnceLock<Handle>>);

impl AgentName {
    /// The first to be learnt stays: a key has one agent.
    pub(crate) fn learn(&self, handle: &Handle) {
        self.0.get_or_init(|| handle.clone());
    }

    pub(crate) fn is_known(&self) -> bool {
        self.0.get().is_some()
    }
}

/// Empty until it is known.
impl fmt::Display for AgentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.get().map_or("", Handle::as_str))
    }
}
