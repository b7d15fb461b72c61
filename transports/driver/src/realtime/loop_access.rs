//! What handles and consumers share: the way to the loop, and what it has published.

use std::sync::Arc;

use agentchat_engine::realtime::Input;

use super::command::{Command, Commands};
use super::shared::Shared;
use crate::CheckpointFile;

/// Shared by the handles and the consumer of a session. When the last of them is gone the session closes.
#[derive(Debug)]
pub(crate) struct LoopAccess {
    pub(crate) commands: Commands,
    pub(crate) shared: Arc<Shared>,
    /// Where checkpoints are stored, if they are.
    pub(crate) file: Option<Arc<CheckpointFile>>,
}

impl LoopAccess {
    /// Unbounded, and yet bounded by what sends: one settlement a delivery, and what the application asks for.
    pub(crate) fn tell(&self, command: impl Into<Command>) {
        // A connection that has ended takes no more orders.
        let _ = self.commands.unbounded_send(command.into());
    }
}

impl Drop for LoopAccess {
    fn drop(&mut self) {
        self.tell(Input::Close);
    }
}
