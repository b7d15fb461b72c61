//! [`Realtime`]: the cheap handle of a session.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::sync::Arc;

use agentchat_engine::ApiKey;
use agentchat_engine::realtime::{Checkpoint, ConnectionState, Input, SessionStats};
use tracing::Instrument;

use super::checkpoints::Checkpoints;
use super::command::Command;
use super::command_queue::CommandQueue;
use super::deliveries::{ConsumerTaken, Deliveries};
use super::delivery::Delivery;
use super::ended::SessionError;
use super::events::Events;
use super::handler;
use super::loop_access::{LoopAccess, LoopLink};
use super::shared::Shared;
use crate::CheckpointFile;

/// The handle of a session whose [`Connection`](crate::Connection) runs elsewhere. Cheap to clone.
///
/// Messages are taken either by [`on_message`](Self::on_message) or from [`deliveries`](Self::deliveries). When the
/// last handle and consumer are gone the session closes, as by [`close`](Self::close).
#[derive(Clone, Debug)]
pub struct Realtime(Arc<LoopAccess>);

impl Realtime {
    pub(crate) fn new(commands: Arc<CommandQueue>, shared: Arc<Shared>, file: Option<Arc<CheckpointFile>>) -> Self {
        Self(Arc::new(LoopAccess(Arc::new(LoopLink { commands, shared, file }))))
    }

    /// Runs a handler for every message until the session has ended, its last handler and its connection included, and says
    /// how it ended: `Ok` after a [`close`](Self::close), an error if the platform refuses the key, for example. The place of
    /// the consumer is taken by the call itself, and held until the future ends or is dropped.
    ///
    /// Handlers of different conversations run concurrently, up to the session's `max_in_flight`; within one
    /// conversation one message is handled at a time, in order, unless
    /// [`SessionOptions::max_in_flight_per_conversation`] allows more. `Ok` acks the message; `Err` is logged and the
    /// message offered again, and so is one whose handler panics. A handler that needs a say of its own can settle the
    /// delivery itself, and its result then changes nothing. Handlers run on the task that polls this future: one that
    /// blocks holds up the others.
    ///
    /// Dropping the future drops the handlers that are running; their messages are offered again. To end it use
    /// [`close`](Self::close), which waits for them.
    ///
    /// Events of a group, such as somebody joining, are no messages: see [`SessionOptions::system_events`].
    ///
    /// [`SessionOptions::system_events`]: agentchat_engine::realtime::SessionOptions::system_events
    /// [`SessionOptions::max_in_flight_per_conversation`]: agentchat_engine::realtime::SessionOptions::max_in_flight_per_conversation
    ///
    /// A handler fails with any error that is `Send` and `Sync`, a string, or what else becomes a box of one.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Delivery, MessageError, Realtime, Transport};
    /// # async fn example<T: Transport>(client: Client<T>, realtime: Realtime) -> Result<(), Box<dyn std::error::Error>> {
    /// realtime
    ///     .on_message(|delivery| {
    ///         let client = client.clone();
    ///         async move {
    ///             client.send_message(delivery.reply("got it")?).await?;
    ///             Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    ///         }
    ///     })
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SessionError`]: why the session ended, if nobody asked for it; at once, if somebody already takes its deliveries.
    pub fn on_message<F, Fut, E>(&self, handler: F) -> impl Future<Output = Result<(), SessionError>> + use<F, Fut, E>
    where
        F: Fn(Delivery) -> Fut,
        Fut: Future<Output = Result<(), E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let deliveries = self.deliveries();
        let shared = Arc::clone(&self.0.shared);
        async move {
            let span = shared.span.clone();
            handler::run(deliveries?, handler).instrument(span).await;
            shared.ended().await
        }
    }

    /// The messages as a stream, each to be settled explicitly.
    ///
    /// # Errors
    /// [`ConsumerTaken`] if somebody already takes this session's deliveries: one consumer at a time.
    pub fn deliveries(&self) -> Result<Deliveries, ConsumerTaken> {
        Deliveries::new(Arc::clone(&self.0))
    }

    /// The session's events from now on. Subscribe before the connection runs to miss none.
    pub fn events(&self) -> Events {
        self.0.shared.events.subscribe()
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> ConnectionState {
        self.0.shared.state.get()
    }

    /// What the session has done so far, and what it holds now.
    ///
    /// ```
    /// # use agentchat_driver::Realtime;
    /// fn report(realtime: &Realtime) {
    ///     let stats = realtime.stats();
    ///     println!("{} handled, {} failed, {} held", stats.handled, stats.failed, stats.buffered_messages);
    /// }
    /// ```
    #[must_use]
    pub fn stats(&self) -> SessionStats {
        self.0.shared.stats()
    }

    /// Waits until the state is another than `seen`, and returns it; states that last only a moment may be skipped.
    /// `None` once the connection has ended, or was dropped, in the state `seen`.
    ///
    /// ```
    /// # use agentchat_driver::{Realtime, engine::realtime::ConnectionState};
    /// async fn until_live(realtime: &Realtime) -> bool {
    ///     let mut state = realtime.state();
    ///     while state != ConnectionState::Live {
    ///         match realtime.state_changed(&state).await {
    ///             Some(next) => state = next,
    ///             None => return false,
    ///         }
    ///     }
    ///     true
    /// }
    /// ```
    pub async fn state_changed(&self, seen: &ConnectionState) -> Option<ConnectionState> {
        poll_fn(|cx| self.0.shared.state.poll_changed(cx, seen)).await
    }

    /// What the next session needs to go on where this one is; give it to
    /// [`Client::realtime_from`](crate::Client::realtime_from). Can be taken at any time, also after the end and
    /// after the connection was dropped. Settlements count once the connection's loop has seen them; it has seen
    /// all of them when it has ended.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        self.0.shared.checkpoint()
    }

    /// The checkpoints that are worth storing, from now on.
    pub fn checkpoints(&self) -> Checkpoints {
        Checkpoints::new(Arc::clone(&self.0.shared))
    }

    /// Gives the session another key without an interruption: it goes into the next request and the next HELLO, and a close
    /// that refuses the old key is followed by another connection. Calls of the [`Client`](crate::Client) have a key of their
    /// own; see [`Client::with_api_key`](crate::Client::with_api_key).
    ///
    /// ```
    /// # use agentchat_driver::{Client, Realtime, Transport};
    /// # use agentchat_engine::{Error, types::PendingId};
    /// async fn rotated<T: Transport>(
    ///     client: &Client<T>,
    ///     realtime: &Realtime,
    ///     pending: PendingId,
    ///     code: &str,
    /// ) -> Result<Client<T>, Error> {
    ///     let key = client.rotate_key_verify("alice", pending, code).await?.into_value().api_key;
    ///     realtime.replace_api_key(key.clone());
    ///     Ok(client.with_api_key(key))
    /// }
    /// ```
    pub fn replace_api_key(&self, key: ApiKey) {
        self.0.tell(Input::Start { api_key: Some(key) });
    }

    /// Fetches what is stored now, although no connection was lost.
    pub fn drain(&self) {
        self.0.tell(Input::Drain);
    }

    /// Asks for a graceful end: no further message is dispatched, those in flight are waited for up to the session's
    /// `close_wait` and acked, and the connection ends. Wait for that with [`closed`](Self::closed).
    pub fn close(&self) {
        self.0.tell(Input::Close);
    }

    pub(crate) fn tell(&self, command: Command) {
        self.0.tell(command);
    }

    /// Waits until the connection has ended, its close handshake included, or was dropped, and says how it ended: `Ok` after a
    /// [`close`](Self::close).
    ///
    /// # Errors
    /// [`SessionError`]: why the session ended, if nobody asked for it.
    pub async fn closed(&self) -> Result<(), SessionError> {
        self.0.shared.ended().await
    }
}
