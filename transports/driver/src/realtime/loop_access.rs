//! The way to the loop, and what it has published.

use std::ops::Deref;
use std::sync::Arc;

use agentchat_engine::realtime::Input;

use super::command::Command;
use super::command_queue::CommandQueue;
use super::shared::Shared;
use crate::CheckpointFile;

/// What handles, consumers and deliveries need of a session, behind one pointer.
#[derive(Debug)]
pub(crate) struct LoopLink {
    pub(crate) commands: Arc<CommandQueue>,
    pub(crate) shared: Arc<Shared>,
    /// Where checkpoints are stored, if they are.
    pub(crate) file: Option<Arc<CheckpointFile>>,
}

impl LoopLink {
    pub(crate) fn tell(&self, command: impl Into<Command>) {
        // A connection that has ended takes no more orders.
        let _ = self.commands.send(command.into());
    }

    /// Tells how a delivery ended. Once the loop is gone, that is remembered.
    pub(crate) fn settle(&self, settlement: Command) {
        if let Some(refused) = self.commands.send(settlement) {
            self.shared.after_the_end(refused, self.file.as_deref());
        }
    }
}

/// Shared by the handles and the consumer of a session. When the last of them is gone the session closes; a delivery that
/// somebody still has does not keep it open.
#[derive(Debug)]
pub(crate) struct LoopAccess(pub(crate) Arc<LoopLink>);

impl Deref for LoopAccess {
    type Target = LoopLink;

    fn deref(&self) -> &LoopLink {
        &self.0
    }
}

impl Drop for LoopAccess {
    fn drop(&mut self) {
        self.tell(Input::Close);
    }
}
