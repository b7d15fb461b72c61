//! The life of the connection: opening, HELLO, signs of life, the end, and when to try again.
//!
//! It can be asked to connect and to close, and takes what became of its socket; it returns what follows (`AfterEnd`).
//! It knows nothing of messages, and never connects on its own: the session does when the timer fires. `frame` reads and
//! writes frames.
//!
//! What a close code means is decided in `close_code::judge`; the words that the platform gives with it are `CloseReason`;
//! whether another key can cure it, says `HaltReason::is_refusal`; what a person should do, `HaltReason::advice`; and the command's
//! exit code is in `examples/agentchat/exit.rs`.

mod backoff;
mod close_code;
mod ended;
mod liveness;

pub(in crate::realtime) mod frame;
pub(in crate::realtime) use ended::{AfterEnd, Ended};

use core::time::Duration;
use std::collections::VecDeque;

use http::Request;

use self::backoff::Backoff;
use self::close_code::{Circumstances, Verdict};
use crate::context::Context;
use crate::entropy::Entropy;
use crate::limits;
use crate::realtime::event::{CloseInfo, Event, ReconnectPlan};
use crate::realtime::halt::HaltReason;
use crate::realtime::options::SessionOptions;
use crate::realtime::output::Output;
use crate::realtime::state::{ConnectionId, ConnectionState};
use crate::realtime::timers::{Timer, Timers};
use crate::time::Mono;

#[derive(Debug)]
struct Socket {
    id: ConnectionId,
    opened: Option<Mono>,
    /// Set by `hello.ok`: whether the connection takes acks.
    greeted: Option<bool>,
    greeted_at: Mono,
    last_seen: Mono,
    pinged: bool,
    /// Which of the session's keys its HELLO had.
    key: u64,
}

#[derive(Debug)]
pub(super) struct Connection {
    state: ConnectionState,
    backoff: Backoff,
    keepalive: Duration,
    slow_hellos: u32,
    connections: u64,
    /// Keys so far: a close for an older one than the present is not final.
    keys: u64,
    current: Option<Socket>,
}

impl Connection {
    pub(super) fn new(options: &SessionOptions) -> Self {
        Self {
            state: ConnectionState::Idle,
            backoff: Backoff::new(options.reconnect_base, options.reconnect_max, options.max_attempts),
            keepalive: options.keepalive,
            slow_hellos: 0,
            connections: 0,
            keys: 0,
            current: None,
        }
    }

    pub(super) fn state(&self) -> &ConnectionState {
        &self.state
    }

    /// A new start: what failed before no longer counts.
    pub(super) fn start(&mut self) {
        self.backoff.reset();
        self.slow_hellos = 0;
    }

    /// From now on another key counts.
    pub(super) fn key_replaced(&mut self) {
        self.keys = self.keys.saturating_add(1);
    }

    /// Begins an attempt.
    pub(super) fn connect(
        &mut self,
        now: Mono,
        cx: &Context,
        timers: &mut Timers,
        output: &mut VecDeque<Output>,
    ) -> Result<(), String> {
        let mut request = Request::new(());
        *request.uri_mut() = cx.realtime_url().parse().map_err(|_| "the realtime URL cannot be used".to_owned())?;
        request.headers_mut().extend(cx.headers().identity().map_err(|error| error.to_string())?);
        self.connections = self.connections.saturating_add(1);
        let id = ConnectionId(self.connections);
        let key = self.keys;
        self.current =
            Some(Socket { id, opened: None, greeted: None, greeted_at: now, last_seen: now, pinged: false, key });
        self.state = ConnectionState::Opening { attempt: self.backoff.attempt() };
        let give_up_at = now + limits::OPEN_TIMEOUT;
        timers.set(Timer::Open, give_up_at);
        output.push_back(Output::Open { connection: id, request: Box::new(request), give_up_at });
        Ok(())
    }

    /// The socket is open: HELLO goes out.
    pub(super) fn opened(
        &mut self,
        now: Mono,
        id: ConnectionId,
        cx: &Context,
        timers: &mut Timers,
        output: &mut VecDeque<Output>,
    ) {
        let (Some(current), Some(key)) = (self.current.as_mut().filter(|c| c.id == id), cx.api_key()) else {
            return;
        };
        if current.opened.is_none() {
            current.opened = Some(now);
            current.key = self.keys;
            current.last_seen = now;
            timers.clear(Timer::Open);
            timers.set(Timer::Hello, now + limits::HELLO_TIMEOUT);
            output.push_back(Output::Text(id, frame::hello(cx, key)));
            if self.state != ConnectionState::Closing {
                self.state = ConnectionState::Greeting;
            }
        }
    }

    /// HELLO was accepted; `None` if it was already accepted.
    pub(super) fn greeted(
        &mut self,
        now: Mono,
        ack_mode: bool,
        drains: bool,
        timers: &mut Timers,
    ) -> Option<ConnectionId> {
        let current = self.current.as_mut().filter(|c| c.opened.is_some() && c.greeted.is_none())?;
        current.greeted = Some(ack_mode);
        current.greeted_at = now;
        self.slow_hellos = 0;
        timers.clear(Timer::Hello);
        timers.set(Timer::Stable, now + limits::STABLE_AFTER);
        timers.set(Timer::KeepAlive, now + self.keepalive);
        let id = current.id;
        self.set_caught_up(!drains);
        Some(id)
    }

    pub(super) fn is_current(&self, id: ConnectionId) -> bool {
        self.current.as_ref().is_some_and(|c| c.id == id)
    }

    pub(super) fn is_greeted(&self) -> bool {
        self.greeted_connection().is_some()
    }

    /// The connection that HELLO was accepted on, and whether it takes acks.
    pub(super) fn greeted_connection(&self) -> Option<(ConnectionId, bool)> {
        self.current.as_ref().and_then(|c| Some((c.id, c.greeted?)))
    }

    /// The connection has lived long enough to forget what failed before it.
    pub(super) fn stable(&mut self) {
        self.backoff.reset();
    }

    /// The current connection is over: decides what follows and says so.
    pub(super) fn ended(
        &mut self,
        now: Mono,
        ended: Ended,
        closing: bool,
        entropy: &mut Entropy,
        timers: &mut Timers,
        output: &mut VecDeque<Output>,
    ) -> AfterEnd {
        let Some(current) = self.current.take() else { return AfterEnd::Closing };
        // The time counts and not the timer, which may be handled late.
        let stable = current.greeted.is_some() && now.saturating_since(current.greeted_at) >= limits::STABLE_AFTER;
        if stable {
            self.stable();
        }
        for timer in [Timer::Open, Timer::Hello, Timer::KeepAlive, Timer::Stable] {
            timers.clear(timer);
        }
        if let (Some(reason), Some(code)) = (ended.by_us, ended.code) {
            output.push_back(Output::Close { connection: current.id, code, reason });
        }
        let known = Circumstances {
            authenticated: current.greeted.is_some(),
            open_for: current.opened.map(|at| now.saturating_since(at)).unwrap_or_default(),
            slow_hellos: self.slow_hellos,
        };
        let verdict = ended.verdict(known);
        // With a newer key at hand than the one that was refused, another attempt can help.
        let replaced = current.key != self.keys;
        let verdict = match verdict {
            Verdict::Final(reason) if replaced && reason.is_refusal() => Verdict::Retry,
            verdict => verdict,
        };
        if verdict == Verdict::RetrySlowHello {
            self.slow_hellos = self.slow_hellos.saturating_add(1);
        }
        let after = match verdict {
            _ if closing => AfterEnd::Closing,
            Verdict::Final(reason) => AfterEnd::Halt(reason),
            Verdict::Retry | Verdict::RetrySlowHello => AfterEnd::Retry,
        };
        let info = CloseInfo { code: ended.code, reason: ended.reason, by_us: ended.by_us.is_some() };
        let (plan, after) = match after {
            AfterEnd::Retry => self.plan(now, ended.retry_after, entropy, timers),
            other => (ReconnectPlan::End, other),
        };
        output.push_back(Output::Event(Event::Disconnected { connection: current.id, info, plan }));
        if known.authenticated
            && !stable
            && let Some(in_a_row) = self.backoff.died_young()
        {
            output.push_back(Output::Event(Event::Unstable { in_a_row }));
        }
        after
    }

    /// Plans the next attempt. A `Retry-After` is obeyed in full, with jitter upward, however long it is.
    fn plan(
        &mut self,
        now: Mono,
        retry_after: Option<Duration>,
        entropy: &mut Entropy,
        timers: &mut Timers,
    ) -> (ReconnectPlan, AfterEnd) {
        match self.backoff.next(entropy) {
            Ok(delay) => {
                let asked = retry_after.map(|hint| hint.saturating_add(entropy.spread(hint)));
                let delay = asked.map_or(delay, |asked| asked.max(delay));
                let attempt = self.backoff.attempt();
                let retry_at = now + delay;
                timers.set(Timer::Reconnect, retry_at);
                self.state = ConnectionState::Waiting { retry_at, attempt };
                (ReconnectPlan::Retry { attempt, delay }, AfterEnd::Retry)
            }
            Err(attempts) => (ReconnectPlan::End, AfterEnd::Halt(HaltReason::AttemptsExhausted { attempts })),
        }
    }

    /// Ends the current connection, if there is one, without an event.
    pub(super) fn close(&mut self, code: u16, reason: &'static str, output: &mut VecDeque<Output>) {
        if let Some(current) = self.current.take() {
            output.push_back(Output::Close { connection: current.id, code, reason });
        }
    }

    pub(super) fn set_caught_up(&mut self, caught_up: bool) {
        if self.is_greeted() && self.state != ConnectionState::Closing {
            self.state = if caught_up { ConnectionState::Live } else { ConnectionState::CatchingUp };
        }
    }

    pub(super) fn set_closing(&mut self) {
        self.state = ConnectionState::Closing;
    }

    pub(super) fn set_state(&mut self, state: ConnectionState) {
        self.state = state;
    }
}
