//! [`Session`]: the realtime machine, seen from outside. Its beginning and end are in `lifecycle`, what it does after every
//! input in `pump`, what a connection does in `link`, what a message goes through in `inbox`, how it catches up in
//! `catch_up`.

use std::collections::{BTreeMap, VecDeque};

use super::call_backoff::CallBackoff;
use super::checkpoint::Checkpoint;
use super::drain::Drain;
use super::ended::Ended;
use super::event::{Event, HaltReason};
use super::history::{History, Purpose};
use super::inbox::Inbox;
use super::input::Input;
use super::intake::Intake;
use super::link::Link;
use super::load::Buffered;
use super::options::SessionOptions;
use super::output::Output;
use super::running::{RequestIds, Running};
use super::state::ConnectionState;
use super::timers::Timers;
use crate::context::Context;
use crate::entropy::{Entropy, Seed};
use crate::limits;
use crate::redact::Mask;
use crate::rest::{GetMe, SyncAck, SyncMessages};
use crate::time::{Mono, Now};
use crate::types::{ConversationId, DeliveryId};
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
/// let options = SessionOptions { own_handle: Some("alice".into()), ..SessionOptions::default() };
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
    pub(super) cx: Context,
    pub(super) options: SessionOptions,
    pub(super) entropy: Entropy,
    pub(super) link: Link,
    pub(super) inbox: Inbox,
    pub(super) timers: Timers,
    pub(super) output: VecDeque<Output>,
    pub(super) requests: RequestIds,
    pub(super) who_am_i: Option<Running<GetMe>>,
    pub(super) who_am_i_backoff: CallBackoff,
    /// Whether the call that is under way decides if the key is refused.
    pub(super) doubts_key: bool,
    /// Why another key is waited for, while it is.
    pub(super) refusal: Option<HaltReason>,
    pub(super) drain: Option<Drain>,
    pub(super) drain_call: Option<Running<SyncMessages>>,
    pub(super) drain_backoff: CallBackoff,
    pub(super) drain_again: bool,
    /// When the last drain ended.
    pub(super) drained_at: Option<Mono>,
    pub(super) ack_call: Option<(DeliveryId, Running<SyncAck>)>,
    pub(super) ack_backoff: CallBackoff,
    /// When the cursor has waited long enough for more rows to settle.
    pub(super) commit_due: Option<Mono>,
    pub(super) fills: BTreeMap<(ConversationId, Purpose), Running<History>>,
    pub(super) history_backoff: CallBackoff,
    pub(super) intake: Intake,
    pub(super) consumer: bool,
    pub(super) closing: bool,
    pub(super) finished: bool,
}

impl Session {
    /// A session that does nothing until it is started. With a checkpoint it goes on where another session of the same
    /// agent was: what that one handled is not offered again, and its marks hold.
    #[must_use]
    pub fn new(cx: &Context, options: SessionOptions, seed: Seed, resume: Option<Checkpoint>) -> Self {
        let options = options.in_range();
        let mut inbox = Inbox::new(options.clone());
        if let Some(checkpoint) = resume {
            inbox.resume(checkpoint);
        }
        Self {
            entropy: Entropy::new(&seed),
            link: Link::new(&options),
            inbox,
            cx: cx.clone(),
            timers: Timers::default(),
            output: VecDeque::new(),
            requests: RequestIds::default(),
            who_am_i: None,
            who_am_i_backoff: CallBackoff::default(),
            doubts_key: false,
            refusal: None,
            drain: None,
            drain_call: None,
            drain_backoff: CallBackoff::default(),
            drain_again: false,
            drained_at: None,
            ack_call: None,
            ack_backoff: CallBackoff::default(),
            commit_due: None,
            fills: BTreeMap::new(),
            history_backoff: CallBackoff::default(),
            intake: Intake::new(options.read_pause),
            options,
            consumer: false,
            closing: false,
            finished: false,
        }
    }

    /// Where the session stands.
    #[must_use]
    pub fn state(&self) -> &ConnectionState {
        self.link.state()
    }

    /// What the next session needs to go on where this one is. It can be taken at any time, also after the end; the work
    /// is proportional to what is remembered.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        self.inbox.checkpoint()
    }

    /// How many messages have been settled for good, as handled or discarded, since this session was made. When
    /// it has grown, a stored checkpoint has become old.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.inbox.settled
    }

    /// How much is held now. Never more than
    /// [`buffered_messages`](SessionOptions::buffered_messages) and [`buffered_bytes`](SessionOptions::buffered_bytes),
    /// but that one message alone always fits.
    ///
    /// ```
    /// # use agentchat_engine::{Context, Now, Seed, realtime::{Session, SessionOptions}};
    /// # let cx = Context::builder().build()?;
    /// let session = Session::new(&cx, SessionOptions::default(), Seed::from_bytes([9; 32]), None);
    /// assert_eq!(session.buffered().messages, 0);
    /// # Ok::<(), agentchat_engine::ConfigError>(())
    /// ```
    #[must_use]
    pub fn buffered(&self) -> Buffered {
        self.inbox.load.buffered()
    }

    /// Takes what happened. Never fails and never panics, whatever is told in whatever order.
    pub fn handle_input(&mut self, now: Now, input: Input) {
        match input {
            Input::Start { api_key } => self.start(now, api_key),
            Input::Opened(connection) => {
                self.link.opened(now.mono, connection, &self.cx, &mut self.timers, &mut self.output);
            }
            Input::Text(connection, text) => {
                if self.link.alive(now.mono, connection) {
                    self.text(now, text);
                }
            }
            Input::Binary(connection) => {
                if self.link.alive(now.mono, connection) {
                    self.event(Event::BadFrame { problem: "it is binary".into(), bytes: 0 });
                }
            }
            Input::Alive(connection) => {
                self.link.alive(now.mono, connection);
            }
            Input::Closed { connection, code, reason } => {
                if self.link.is_current(connection) {
                    let reason = bounded(&self.mask().text(&reason), limits::WORDS);
                    self.ended(now, Ended::closed(code, reason));
                }
            }
            Input::Fault(connection, fault) => {
                if self.link.is_current(connection) {
                    let fault = fault.masked(&self.mask());
                    self.ended(now, Ended::fault(&fault));
                }
            }
            Input::Response { request, result } => self.response(now, request, result),
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
            return output;
        }
        if self.finished {
            return Output::Finished;
        }
        let calls = [
            self.who_am_i.as_ref().and_then(Running::wake),
            self.drain_call.as_ref().and_then(Running::wake),
            self.ack_call.as_ref().and_then(|(_, call)| call.wake()),
        ];
        let others = [self.timers.next(), self.inbox.wake()];
        let fills = self.fills.values().map(Running::wake);
        let wake = calls.into_iter().chain(others).chain(fills).flatten().min().filter(|at| !at.is_never());
        Output::Idle { wake, read: self.intake.wants_frames() }
    }

    /// What keeps the key out of what a peer says of it.
    fn mask(&self) -> Mask {
        Mask::new(self.cx.api_key())
    }

    pub(super) fn event(&mut self, event: Event) {
        self.output.push_back(Output::Event(event));
    }
}
