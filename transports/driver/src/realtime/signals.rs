//! Typing and read signals of the handle.

use agentchat_engine::realtime::{Refusal, Signal};
use agentchat_engine::types::ConversationId;
use futures_channel::oneshot;

use super::command::Command;
use super::handle::Realtime;
use super::unsent::Unsent;

/// Best effort: a signal goes out at once on the connection that is up, or comes back. The platform answers none of them.
///
/// Presence is no signal: the platform takes it over REST, see [`update_presence`](crate::Client::update_presence).
impl Realtime {
    /// Tells the others in a conversation that we have begun to write.
    ///
    /// ```
    /// # use agentchat_driver::Realtime;
    /// # async fn answer(realtime: &Realtime) {
    /// // Not worth more than a try.
    /// let _ = realtime.typing_start("conv_1").await;
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unsent`] if no connection is up.
    pub async fn typing_start(&self, conversation_id: impl Into<ConversationId>) -> Result<(), Unsent> {
        self.signal(Signal::TypingStart { conversation_id: conversation_id.into() }).await
    }

    /// Tells the others in a conversation that we no longer write.
    ///
    /// # Errors
    /// [`Unsent`] if no connection is up.
    pub async fn typing_stop(&self, conversation_id: impl Into<ConversationId>) -> Result<(), Unsent> {
        self.signal(Signal::TypingStop { conversation_id: conversation_id.into() }).await
    }

    /// Tells the others in a conversation that we have read everything up to a seq. Where that must not be lost use
    /// [`mark_as_read`](crate::Client::mark_as_read).
    ///
    /// # Errors
    /// [`Unsent`] if no connection is up.
    pub async fn read_up_to(&self, conversation_id: impl Into<ConversationId>, through_seq: u64) -> Result<(), Unsent> {
        self.signal(Signal::ReadUpTo { conversation_id: conversation_id.into(), through_seq }).await
    }

    /// Sends a signal. Waits for the connection's loop to take it, not for the network; it is taken even if the
    /// future is dropped.
    ///
    /// # Errors
    /// [`Unsent`] if no connection is up.
    pub async fn signal(&self, signal: Signal) -> Result<(), Unsent> {
        let (answer, answered) = oneshot::channel();
        self.tell(Command::Signal(signal.clone(), answer));
        // A loop that is gone answers nothing.
        answered.await.unwrap_or(Err(Unsent { signal, why: Refusal::Closing }))
    }
}
