//! [`Session`]: the realtime machine. This file has its doors and its plumbing; what a connection does is in
//! `link`, what a message goes through in `inbox`, how it catches up in `catch_up`.

use std::collections::{BTreeMap, VecDeque};

use super::checkpoint::Checkpoint;
use super::close;
use super::drain::Drain;
use super::event::{Event, HaltReason};
use super::frame;
use super::history::{History, Purpose};
use super::inbox::Inbox;
use super::input::Input;
use super::link::{AfterEnd, Ended, Link};
use super::load::Buffered;
use super::options::SessionOptions;
use super::output::Output;
use super::running::{RequestIds, Running};
use super::signal::{Refusal, Signal};
use super::state::ConnectionState;
use super::timers::{Timer, Timers};
use crate::context::Context;
use crate::entropy::{Entropy, Seed};
use crate::limits;
use crate::rest::{GetMe, Sync, SyncAck};
use crate::time::Now;
use crate::types::{ConversationId, DeliveryId, Row, Unreadable};

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
/// let mut session = Session::new(cx, options, Seed::from_bytes([9; 32]), None, Now::default());
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
    pub(super) who_am_i_failures: u32,
    pub(super) drain: Option<Drain>,
    pub(super) drain_call: Option<Running<Sync>>,
    pub(super) drain_again: bool,
    pub(super) ack_call: Option<(DeliveryId, Running<SyncAck>)>,
    pub(super) ack_failures: u32,
    pub(super) fills: BTreeMap<(ConversationId, Purpose), Running<History>>,
    pub(super) retrieval_failures: u32,
    pub(super) consumer: bool,
    pub(super) closing: bool,
    pub(super) finished: bool,
}

impl Session {
    /// A session that does nothing until it is started. With a checkpoint it goes on where another session of the same
    /// agent was: what that one handled is not offered again, and its marks hold. `now` is unused until the start.
    #[must_use]
    pub fn new(cx: Context, options: SessionOptions, seed: Seed, resume: Option<Checkpoint>, _now: Now) -> Self {
        let mut inbox = Inbox::new(options.clone());
        if let Some(checkpoint) = resume {
            inbox.resume(checkpoint);
        }
        Self {
            entropy: Entropy::new(&seed),
            link: Link::new(&options),
            inbox,
            cx,
            options,
            timers: Timers::default(),
            output: VecDeque::new(),
            requests: RequestIds::default(),
            who_am_i: None,
            who_am_i_failures: 0,
            drain: None,
            drain_call: None,
            drain_again: false,
            ack_call: None,
            ack_failures: 0,
            fills: BTreeMap::new(),
            retrieval_failures: 0,
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
    /// let session = Session::new(cx, SessionOptions::default(), Seed::from_bytes([9; 32]), None, Now::default());
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
                    self.ended(now, Ended::closed(code, reason));
                }
            }
            Input::Fault(connection, fault) => {
                if self.link.is_current(connection) {
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
        Output::Idle { wake: calls.into_iter().chain(others).chain(fills).flatten().min() }
    }

    pub(super) fn event(&mut self, event: Event) {
        self.output.push_back(Output::Event(event));
    }

    fn start(&mut self, now: Now, api_key: Option<crate::secret::ApiKey>) {
        let over =
            matches!(self.state(), ConnectionState::Idle | ConnectionState::Halted { .. } | ConnectionState::Closed);
        let refused = self.state().is_refused();
        if !over || (refused && api_key.is_none()) {
            return;
        }
        if let Some(key) = api_key {
            self.cx = self.cx.with_api_key(key);
        }
        self.finished = false;
        self.closing = false;
        if self.cx.api_key().is_none() {
            return self.halt(HaltReason::Configuration { problem: "there is no API key".into() });
        }
        self.link.start();
        self.connect(now);
        self.ask_who_am_i(now);
    }

    fn connect(&mut self, now: Now) {
        if let Err(problem) = self.link.connect(now.mono, &self.cx, &mut self.timers, &mut self.output) {
            self.halt(HaltReason::Configuration { problem });
        }
    }

    fn text(&mut self, now: Now, text: String) {
        let frame = match frame::read(&text) {
            Ok(frame) => frame,
            Err(problem) => {
                if text.len() > limits::FRAME {
                    self.drain_soon(now);
                }
                return self.event(Event::BadFrame { problem, bytes: text.len() });
            }
        };
        match frame {
            frame::Frame::HelloOk { ack_mode } => {
                if let Some(connection) = self.link.greeted(now.mono, ack_mode, self.options.drain, &mut self.timers) {
                    self.event(Event::Connected { connection, ack_mode });
                    self.ack_failures = 0;
                    self.timers.clear(Timer::AckRetry);
                    self.inbox.legacy |= !ack_mode;
                    if self.closing {
                        // Only the acks are still of interest.
                    } else if self.options.drain {
                        self.start_drain(now);
                    } else {
                        self.inbox.retrieve();
                    }
                }
            }
            // Nothing that precedes hello.ok counts.
            _ if !self.link.is_greeted() => {}
            frame::Frame::Message(payload) => match Row::read(payload) {
                Ok(row) => self.inbox.live(now.mono, row),
                Err(unreadable) => {
                    let problem = format!("its message {}", unreadable.problem);
                    self.event(Event::BadFrame { problem, bytes: text.len() });
                    self.unreadable(now, unreadable);
                }
            },
            frame::Frame::Other { kind } => self.event(Event::Server(super::event::ServerEvent { kind, text })),
        }
    }

    /// A live message that cannot be read. In ack mode it is stored and not acked: a drain brings it as a row that can be
    /// settled. Otherwise this was the only time that it came.
    fn unreadable(&mut self, now: Now, unreadable: Unreadable) {
        match self.link.greeted_connection() {
            Some((_, false)) => self.inbox.live_unreadable(unreadable),
            _ => self.drain_soon(now),
        }
    }

    /// Something may be stored that did not come over the socket. Waits a little, so that many cost one drain.
    fn drain_soon(&mut self, now: Now) {
        if self.options.drain && self.link.is_greeted() && !self.timers.is_set(Timer::DrainSoon) {
            self.timers.set(Timer::DrainSoon, now.mono + limits::SYNC_RETRY);
        }
    }

    /// The current connection is over.
    fn ended(&mut self, now: Now, ended: Ended) {
        if let Some(call) = &mut self.drain_call {
            call.cancel(&mut self.output);
        }
        self.drain = None;
        self.drain_call = None;
        self.drain_again = false;
        self.timers.clear(Timer::DrainRetry);
        self.timers.clear(Timer::DrainSoon);
        if self.options.drain {
            self.hold(now);
        }
        match self.link.ended(now.mono, ended, self.closing, &mut self.entropy, &mut self.timers, &mut self.output) {
            AfterEnd::Retry | AfterEnd::Closing => {}
            AfterEnd::Halt(reason) => self.halt(reason),
        }
    }

    fn close(&mut self, now: Now) {
        if !self.finished && !self.closing {
            self.closing = true;
            self.link.set_closing();
            self.timers.clear(Timer::Reconnect);
            // A cursor that waits for another try has it now.
            self.timers.clear(Timer::AckRetry);
            self.timers.set(Timer::CloseLimit, now.mono + self.options.close_wait);
        }
    }

    fn timeout(&mut self, now: Now) {
        while let Some(timer) = self.timers.take_due(now.mono) {
            match timer {
                Timer::Open => self.ended(now, Ended::by_us(1000, "opening took too long")),
                Timer::Hello => self.ended(now, Ended::by_us(1008, "HELLO ack timeout")),
                Timer::KeepAlive => {
                    if self.link.keep_alive(now.mono, &mut self.timers, &mut self.output) {
                        self.ended(now, Ended::by_us(1001, "no sign of life"));
                    }
                }
                Timer::Reconnect => self.connect(now),
                Timer::Stable => self.link.stable(),
                Timer::Hold => self.release(now),
                Timer::DrainRetry => self.request_page(now),
                Timer::DrainSoon => self.drain_wanted(now),
                Timer::WhoAmIRetry => self.ask_who_am_i(now),
                // Only a wake: the pump commits what is due.
                Timer::AckRetry => {}
                Timer::RetrieveRetry => self.inbox.retrieve(),
                Timer::CloseLimit => self.finish_close(),
            }
        }
        self.inbox.timeout(now.mono);
        if let Some(call) = &mut self.who_am_i {
            call.timeout(now);
        }
        if let Some(call) = &mut self.drain_call {
            call.timeout(now);
        }
        if let Some((_, call)) = &mut self.ack_call {
            call.timeout(now);
        }
        for call in self.fills.values_mut() {
            call.timeout(now);
        }
    }

    /// After every input: what has become possible is done.
    fn pump(&mut self, now: Now) {
        if self.finished {
            return;
        }
        self.pump_calls(now);
        self.pump_fills(now);
        // What a drain or a fill has set free can be overdue already.
        while self.inbox.wake().is_some_and(|at| at <= now.mono) {
            self.inbox.timeout(now.mono);
            self.pump_fills(now);
        }
        self.commit_cursor(now);
        if self.inbox.load.take_recovery() {
            self.drain_wanted(now);
        }
        if self.drain.is_some() && !self.timers.is_set(Timer::DrainRetry) {
            self.request_page(now);
            self.pump_calls(now);
        }
        self.pump_fills(now);
        self.flush_acks();
        while self.consumer && !self.closing {
            let delivery = self.inbox.offer();
            self.output.extend(self.inbox.events.drain(..).map(Output::Event));
            let Some(delivery) = delivery else { break };
            self.output.push_back(Output::Deliver(delivery));
        }
        self.output.extend(self.inbox.events.drain(..).map(Output::Event));
        if self.closing && self.inbox.in_flight() == 0 && self.ack_call.is_none() {
            self.finish_close();
        }
    }

    fn signal(&mut self, signal: Signal) {
        let ended = matches!(self.state(), ConnectionState::Halted { .. } | ConnectionState::Closed);
        let why = match self.link.greeted_connection() {
            _ if !signal.is_valid() => Refusal::Invalid,
            _ if self.closing || ended => Refusal::Closing,
            None => Refusal::NotConnected,
            Some((connection, _)) => return self.output.push_back(Output::Text(connection, signal.frame())),
        };
        self.output.push_back(Output::Unsent { signal, why });
    }

    fn flush_acks(&mut self) {
        let Some((connection, ack_mode)) = self.link.greeted_connection() else { return };
        if !ack_mode {
            return self.inbox.acks.clear();
        }
        while let Some(id) = self.inbox.acks.pop() {
            self.output.push_back(Output::Text(connection, frame::ack(id.as_str())));
        }
    }

    fn finish_close(&mut self) {
        self.link.close(1000, "", &mut self.output);
        let unsettled = self.inbox.in_flight();
        self.finish(ConnectionState::Closed, Event::Closed { unsettled });
    }

    fn halt(&mut self, reason: HaltReason) {
        let advice = close::advice(&reason);
        self.finish(ConnectionState::Halted { reason: reason.clone() }, Event::Halted { reason, advice });
    }

    /// The end, until the next start. What is buffered and unsettled stays.
    fn finish(&mut self, state: ConnectionState, event: Event) {
        self.output.extend(self.inbox.events.drain(..).map(Output::Event));
        if let Some(mut call) = self.who_am_i.take() {
            call.cancel(&mut self.output);
        }
        if let Some(mut call) = self.drain_call.take() {
            call.cancel(&mut self.output);
        }
        if let Some((cursor, mut call)) = self.ack_call.take() {
            call.cancel(&mut self.output);
            self.inbox.cursor.put_back(cursor);
        }
        for ((conversation_id, purpose), mut call) in core::mem::take(&mut self.fills) {
            call.cancel(&mut self.output);
            match purpose {
                Purpose::Gap => self.inbox.fill_interrupted(&conversation_id),
                Purpose::Owed => self.inbox.retrieval_ended(&conversation_id),
            }
        }
        self.drain = None;
        self.timers = Timers::default();
        self.link.set_final(state);
        self.event(event);
        self.finished = true;
    }
}
