//! What the connection's loop and its handles share.

use std::sync::Arc;

use super::events::Hub;
use super::inbox::Inbox;
use super::state::StateCell;

#[derive(Debug, Default)]
pub(crate) struct Shared {
    pub(crate) inbox: Inbox,
    pub(crate) events: Hub,
    pub(crate) state: StateCell,
}

/// Held by the connection: however it ends, and if it is dropped, everybody who waits is told.
#[derive(Debug)]
pub(crate) struct EndGuard(pub(crate) Arc<Shared>);

impl Drop for EndGuard {
    fn drop(&mut self) {
        self.0.inbox.end();
        self.0.state.end();
        self.0.events.end();
    }
}
