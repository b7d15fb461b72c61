//! The running sessions of one agent, which learn of its own sends.

use std::sync::{Arc, Mutex};

use agentchat_engine::realtime::Input;
use agentchat_engine::types::ConversationId;

use crate::lock::lock;
use crate::realtime::CommandQueue;

/// Shared by a client and its clones. Never by clients with different keys: a send of agent B, passed to agent A's
/// session, would make it take B's message for its own and drop it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions(Arc<Mutex<Vec<Arc<CommandQueue>>>>);

impl Sessions {
    pub(crate) fn add(&self, session: Arc<CommandQueue>) {
        let mut sessions = lock(&self.0);
        sessions.retain(|session| !session.is_closed());
        sessions.push(session);
    }

    /// Whether none is left. One that has ended counts until the next send finds it closed.
    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.0).is_empty()
    }

    pub(crate) fn sent(&self, conversation_id: &ConversationId, seq: u64) {
        let told = |session: &Arc<CommandQueue>| {
            let input = Input::Sent { conversation_id: conversation_id.clone(), seq };
            session.send(input.into()).is_none()
        };
        lock(&self.0).retain(told);
    }
}
