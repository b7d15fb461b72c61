//! [`Session`]: the realtime machine, seen from outside, and what an input means.
//!
//! Its beginning and end are in `lifecycle`, what it does after every input in `advance`, what a frame means in `incoming`, how it
//! catches up in `catch_up` and `drain`. Its REST calls are kept in `calls`, each an `active_call`; `own_calls` and `history_calls` make
//! them and take their ends.
//!
//! It decides when something is asked, never in which order messages are delivered, nor whether one was here before: that is
//! the [`inbox`](super::inbox)'s.

mod active_call;
mod advance;
mod back_pressure;
mod call_backoff;
mod calls;
mod catch_up;
mod drain;
mod history_calls;
mod history_page;
mod incoming;
mod lifecycle;
mod own_calls;
mod refused_key;
mod signals;

use std::collections::VecDeque;
use std::sync::Arc;

use self::active_call::RequestIds;
use self::back_pressure::BackPressure;
use self::call_backoff::CallBackoff;
use self::calls::Calls;
use self::drain::Drain;
use crate::context::Context;
use crate::entropy::{Entropy, Seed};
use crate::limits;
use crate::realtime::checkpoint::Checkpoint;
use crate::realtime::connection::{Connection, Ended};
use crate::realtime::event::Event;
use crate::realtime::halt::HaltReason;
use crate::realtime::inbox::{Buffered, Inbox};
use crate::realtime::input::Input;
use crate::realtime::options::SessionOptions;
use crate::realtime::output::Output;
use crate::realtime::state::ConnectionState;
use crate::realtime::stats::SessionStats;
use crate::realtime::timers::Timers;
use crate::redact::Mask;
use crate::time::{Mono, Now};
use crate::types::Handle;
use crate::words::bounded;

/// The realtime connection of one agent: connects, says HELLO, fetches what was stored, delivers in order,
/// acks what is handled, and connects again for as long as that can help.
///
/// Tell it what happens with [`handle_input`](Self::handle_input), then take what it wants with
/// [`poll_output`](Self::poll_output) until it is idle.
///
/// ```
/// use agentchat_engine::realtime::{Input, Output, Session, SessionOptions};
/// use agentchat_engine::{ApiKey, Context, Now, Seed};
///
/// let cx = Context::builder().api_key(ApiKey::new("ac_x")?).build()?;
/// let options = SessionOptions::default().own_handle("alice");
/// let mut session = Session::new(&cx, options, Seed::from_bytes([9; 32]), None);
/// session.handle_input(Now::default(), Input::Start { api_key: None });
/// let Output::Open { connection, request, .. } = session.poll_output() else { panic!() };
/// assert_eq!(request.uri(), "wss://api.agentchat.me/v1/ws");
///
/// session.handle_input(Now::default(), Input::Opened(connection));
/// let Output::Text(_, hello) = session.poll_output() else { panic!() };
/// assert!(hello.expose().contains("\"hello\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Session {
    cx: Context,
    options: Arc<SessionOptions>,
    entropy: Entropy,
    connection: Connection,
    inbox: Inbox,
    timers: Timers,
    output: VecDeque<Output>,
    /// The events that were taken.
    events: SessionStats,
    requests: RequestIds,
    calls: Calls,
    who_am_i_backoff: CallBackoff,
    /// Whether the call that is under way decides if the key is refused.
    doubts_key: bool,
    /// Why another key is waited for, while it is.
    refusal: Option<HaltReason>,
    drain: Option<Drain>,
    drain_backoff: CallBackoff,
    drain_again: bool,
    /// When the last drain ended.
    drained_at: Option<Mono>,
    ack_backoff: CallBackoff,
    /// When the cursor has waited long enough for more rows to settle.
    commit_due: Option<Mono>,
    history_backoff: CallBackoff,
    back_pressure: BackPressure,
    consumer: bool,
    closing: bool,
    finished: bool,
}

impl Session {
    /// A session that does nothing until it is started. With a checkpoint it goes on where another session of the same
    /// agent was: what that one handled is not offered again, and its marks hold.
    #[must_use]
    pub fn new(cx: &Context, options: SessionOptions, seed: Seed, resume: Option<Checkpoint>) -> Self {
        // A window that is set shorter than the default of the other must not make that one wrong.
        let fill_after = options.fill_after.min(options.gap_window);
        let options = Arc::new(options.fill_after(fill_after));
        let mut inbox = Inbox::new(options.clone(), seed.hash_key());
        if let Some(checkpoint) = resume {
            inbox.resume(checkpoint);
        }
        Self {
            entropy: Entropy::new(&seed),
            connection: Connection::new(&options),
            inbox,
            cx: cx.clone(),
            timers: Timers::default(),
            output: VecDeque::new(),
            events: SessionStats::default(),
            requests: RequestIds::default(),
            calls: Calls::default(),
            who_am_i_backoff: CallBackoff::default(),
            doubts_key: false,
            refusal: None,
            drain: None,
            drain_backoff: CallBackoff::default(),
            drain_again: false,
            drained_at: None,
            ack_backoff: CallBackoff::default(),
            commit_due: None,
            history_backoff: CallBackoff::default(),
            back_pressure: BackPressure::new(options.read_pause),
            options,
            consumer: false,
            closing: false,
            finished: false,
        }
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> &ConnectionState {
        self.connection.state()
    }

    /// What the next session needs to go on where this one is. It can be taken at any time, also after the end; the work
    /// is proportional to what is remembered.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        self.inbox.checkpoint()
    }

    /// Grows whenever a stored checkpoint has become old: with each message that is settled for good, as handled or discarded,
    /// and once when the platform turns out to take no acks.
    ///
    /// ```
    /// # use agentchat_engine::{Context, Seed, realtime::{Session, SessionOptions}};
    /// # let cx = Context::builder().build()?;
    /// let session = Session::new(&cx, SessionOptions::default(), Seed::from_bytes([9; 32]), None);
    /// assert_eq!(session.checkpoint_revision(), 0);
    /// # Ok::<(), agentchat_engine::ConfigError>(())
    /// ```
    #[must_use]
    pub fn checkpoint_revision(&self) -> u64 {
        self.inbox.revision()
    }

    /// How much is held now. Never more than
    /// [`buffered_messages`](SessionOptions::buffered_messages) and [`buffered_bytes`](SessionOptions::buffered_bytes),
    /// but that one message alone always fits.
    ///
    /// ```
    /// # use agentchat_engine::{Context, Seed, realtime::{Session, SessionOptions}};
    /// # let cx = Context::builder().build()?;
    /// let session = Session::new(&cx, SessionOptions::default(), Seed::from_bytes([9; 32]), None);
    /// assert_eq!(session.buffered().messages, 0);
    /// # Ok::<(), agentchat_engine::ConfigError>(())
    /// ```
    #[must_use]
    pub fn buffered(&self) -> Buffered {
        self.inbox.buffered()
    }

    /// What it has done so far, and what it holds now. An event counts once it is taken.
    #[must_use]
    pub fn stats(&self) -> SessionStats {
        self.inbox.stats(self.events)
    }

    /// The agent's own handle, once it is known: from the options, or from the platform.
    #[must_use]
    pub fn own_handle(&self) -> Option<&Handle> {
        self.inbox.own_handle()
    }

    /// Whether frames are wanted now, as the next `Idle` will say: what reads several at once looks here before each.
    ///
    /// ```
    /// # use agentchat_engine::{Context, Seed, realtime::{Session, SessionOptions}};
    /// # let cx = Context::builder().build()?;
    /// let session = Session::new(&cx, SessionOptions::default(), Seed::from_bytes([9; 32]), None);
    /// assert!(session.wants_frames());
    /// # Ok::<(), agentchat_engine::ConfigError>(())
    /// ```
    #[must_use]
    pub fn wants_frames(&self) -> bool {
        self.back_pressure.wants_frames()
    }

    /// Takes what happened. Never fails and never panics, whatever the inputs and their order.
    pub fn handle_input(&mut self, now: Now, input: Input) {
        match input {
            Input::Start { api_key } => self.start(now, api_key),
            Input::Opened(connection) => {
                self.connection.opened(now.mono, connection, &self.cx, &mut self.timers, &mut self.output);
            }
            Input::Text(connection, text) => {
                if self.connection.alive(now.mono, connection) {
                    self.text(now, text);
                }
            }
            Input::Binary(connection) => {
                if self.connection.alive(now.mono, connection) {
                    self.event(Event::BadFrame { problem: "it is binary".into(), bytes: 0 });
                }
            }
            Input::Alive(connection) => {
                self.connection.alive(now.mono, connection);
            }
            Input::Closed { connection, code, reason } => {
                if self.connection.is_current(connection) {
                    let reason = bounded(&self.mask().text(&reason), limits::PEER_TEXT);
                    self.ended(now, Ended::closed(code, reason));
                }
            }
            Input::Fault(connection, fault) => {
                if self.connection.is_current(connection) {
                    let fault = fault.masked(&self.mask());
                    self.ended(now, Ended::fault(&fault));
                }
            }
            Input::Response { request, result } => self.calls.response(now, request, result),
            Input::Settled { delivery, outcome } => self.inbox.settle(now.mono, delivery, outcome),
            Input::Consumer(present) => self.consumer = present,
            Input::Sent { conversation_id, seq } => self.inbox.sent(conversation_id, seq),
            Input::Signal(signal) => self.signal(signal),
            Input::Drain => self.drain_wanted(now),
            Input::Close => self.close(now),
            Input::Timeout => self.timeout(now),
        }
        self.pump(now);
    }

    /// What to do next. Takes no time.
    pub fn poll_output(&mut self) -> Output {
        if let Some(output) = self.output.pop_front() {
            self.events.count(&output);
            return output;
        }
        if self.finished {
            return Output::Finished;
        }
        let wake = [self.calls.wake(), self.timers.next(), self.inbox.wake()];
        let wake = wake.into_iter().flatten().min().filter(|at| !at.is_never());
        Output::Idle { wake, read: self.wants_frames() }
    }

    /// What keeps the key out of what a peer says of it.
    fn mask(&self) -> Mask {
        Mask::new(self.cx.api_key())
    }

    fn event(&mut self, event: Event) {
        self.output.push_back(Output::Event(event));
    }
}
