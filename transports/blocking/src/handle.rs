//! [`Realtime`]: a session that runs on a thread of its own.

use std::error::Error;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use agentchat_driver::{Checkpoints, ConsumerTaken, Delivery, Events, SessionError, Unsent};
use agentchat_engine::realtime::{Checkpoint, ConnectionState, SessionStats, Signal};
use agentchat_engine::types::ConversationId;

use crate::session::Session;
use crate::{Blocking, Deliveries, block_on};

/// The handle of a realtime session. Cheap to clone, and to be shared by threads.
///
/// The session runs on a thread that belongs to its handles. When the last [`Realtime`] and the [`Deliveries`] are gone it
/// closes, as by [`close`](Self::close), and that drop waits for it: for messages in flight up to the session's `close_wait`,
/// their acks, and the close handshake. A thread that is not done by then is left to itself; it ends with the session.
#[derive(Clone, Debug)]
pub struct Realtime(pub(crate) Arc<Session>);

impl Realtime {
    /// Runs a handler for every message until the session has ended, one at a time on the calling thread, and says how it ended:
    /// `Ok` after a [`close`](Self::close), an error if the platform refuses the key, for example. `Ok` acks the message;
    /// `Err` is logged and the message offered again, and so is one whose handler panics. To handle several at a time, take
    /// the [`deliveries`](Self::deliveries) and hand them to threads.
    ///
    /// A handler fails with any error that is `Send` and `Sync`, a string, or what else becomes a box of one.
    ///
    /// ```
    /// # use agentchat_blocking::{Client, Realtime, SessionError};
    /// # fn example(client: Client, realtime: Realtime) -> Result<(), SessionError> {
    /// realtime.on_message(|delivery| {
    ///     client.send_message(delivery.reply("got it")?)?;
    ///     Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    /// })
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SessionError`]: why the session ended, if nobody asked for it; at once, if somebody already takes its deliveries.
    pub fn on_message<F, E>(&self, handler: F) -> Result<(), SessionError>
    where
        F: Fn(Delivery) -> Result<(), E>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        block_on(self.0.realtime.on_message(|delivery| ready(handler(delivery))))
    }

    /// The messages as an iterator, each to be settled explicitly; it ends with the session. To wait no longer than some
    /// time use [`recv_timeout`](Deliveries::recv_timeout).
    ///
    /// # Errors
    /// [`ConsumerTaken`] if somebody already takes this session's deliveries: one consumer at a time.
    pub fn deliveries(&self) -> Result<Deliveries, ConsumerTaken> {
        let deliveries = Blocking::new(self.0.realtime.deliveries()?);
        Ok(Deliveries { deliveries, _session: Arc::clone(&self.0) })
    }

    /// The session's events: from its start on for the first who asks, from now on for the others. Until somebody asks, no
    /// more are kept than for a [reader](Events) that is slow.
    ///
    /// ```
    /// # use agentchat_blocking::{Client, Event, SessionOptions};
    /// # fn example(client: &Client) -> Result<(), agentchat_blocking::StartError> {
    /// for event in client.realtime(SessionOptions::default())?.events() {
    ///     if let Event::Halted { reason, advice } = event {
    ///         eprintln!("halted: {reason:?}; {advice:?}");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> Blocking<Events> {
        Blocking::new(self.0.events())
    }

    /// What the session has done so far, and what it holds now.
    #[must_use]
    pub fn stats(&self) -> SessionStats {
        self.0.realtime.stats()
    }

    /// The checkpoints that are worth storing, from now on.
    pub fn checkpoints(&self) -> Blocking<Checkpoints> {
        Blocking::new(self.0.realtime.checkpoints())
    }

    /// What the next session needs to go on where this one [is](agentchat_driver::Realtime::checkpoint).
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        self.0.realtime.checkpoint()
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> ConnectionState {
        self.0.realtime.state()
    }

    /// Waits until the state is [another](agentchat_driver::Realtime::state_changed) than `seen`, and returns it.
    #[must_use]
    pub fn state_changed(&self, seen: &ConnectionState) -> Option<ConnectionState> {
        block_on(self.0.realtime.state_changed(seen))
    }

    /// Fetches what is stored now, although no connection was lost.
    pub fn drain(&self) {
        self.0.realtime.drain();
    }

    /// Asks for a graceful [end](agentchat_driver::Realtime::close), and does not wait for it.
    pub fn close(&self) {
        self.0.realtime.close();
    }

    /// Waits until the session has ended, its close handshake included, and says how it ended: `Ok` after a
    /// [`close`](Self::close).
    ///
    /// # Errors
    /// [`SessionError`]: why the session ended, if nobody asked for it.
    pub fn closed(&self) -> Result<(), SessionError> {
        block_on(self.0.realtime.closed())
    }

    /// Waits no longer than this; tells whether the session has ended.
    #[must_use]
    pub fn closed_timeout(&self, timeout: Duration) -> bool {
        self.0.ended_within(timeout)
    }

    /// Tells the others in a conversation that we have begun to [write](agentchat_driver::Realtime::typing_start).
    ///
    /// # Errors
    /// [`Unsent`] if no connection is up.
    pub fn typing_start(&self, conversation_id: impl Into<ConversationId>) -> Result<(), Unsent> {
        block_on(self.0.realtime.typing_start(conversation_id))
    }

    /// Tells the others in a conversation that we no longer [write](agentchat_driver::Realtime::typing_stop).
    ///
    /// # Errors
    /// [`Unsent`] if no connection is up.
    pub fn typing_stop(&self, conversation_id: impl Into<ConversationId>) -> Result<(), Unsent> {
        block_on(self.0.realtime.typing_stop(conversation_id))
    }

    /// Tells the others in a conversation what we have [read](agentchat_driver::Realtime::read_up_to).
    ///
    /// # Errors
    /// [`Unsent`] if no connection is up.
    pub fn read_up_to(&self, conversation_id: impl Into<ConversationId>, through_seq: u64) -> Result<(), Unsent> {
        block_on(self.0.realtime.read_up_to(conversation_id, through_seq))
    }

    /// Sends a [signal](agentchat_driver::Realtime::signal).
    ///
    /// # Errors
    /// [`Unsent`] if no connection is up.
    pub fn signal(&self, signal: Signal) -> Result<(), Unsent> {
        block_on(self.0.realtime.signal(signal))
    }
}
