//! The life of a session: its start, what the end of a connection means for it, its close, and its end.

use super::Session;
use crate::realtime::connection::{AfterEnd, Ended};
use crate::realtime::event::Event;
use crate::realtime::halt::HaltReason;
use crate::realtime::inbox::Purpose;
use crate::realtime::state::ConnectionState;
use crate::realtime::timers::{Timer, Timers};
use crate::secret::ApiKey;
use crate::time::Now;

impl Session {
    /// Begins, if there is nothing under way and a new beginning can help.
    pub(super) fn start(&mut self, now: Now, api_key: Option<ApiKey>) {
        let mut over =
            matches!(self.state(), ConnectionState::Idle | ConnectionState::Halted { .. } | ConnectionState::Closed);
        let refused = self.state().is_refused();
        if refused && api_key.is_none() {
            return;
        }
        if let Some(key) = api_key {
            self.cx = self.cx.with_api_key(key);
            self.connection.key_replaced();
            // An answer to the old key says nothing about the new one.
            self.doubts_key = false;
            over |= self.key_wait_is_over();
        }
        if !over {
            return;
        }
        self.finished = false;
        self.closing = false;
        if let Err(refused) = self.options.check() {
            return self.halt(HaltReason::Configuration { problem: refused.to_string() });
        }
        if self.cx.api_key().is_none() {
            return self.halt(HaltReason::Configuration { problem: "there is no API key".into() });
        }
        self.connection.start();
        self.connect(now);
        self.ask_who_am_i(now);
    }

    pub(super) fn connect(&mut self, now: Now) {
        if let Err(problem) = self.connection.connect(now.mono, &self.cx, &mut self.timers, &mut self.output) {
            self.halt(HaltReason::Configuration { problem });
        }
    }

    /// The current connection is over.
    pub(super) fn ended(&mut self, now: Now, ended: Ended) {
        if let Some(call) = &mut self.calls.drain {
            call.cancel(&mut self.output);
        }
        if self.options.drain {
            self.hold_over(now);
        }
        self.drain = None;
        self.calls.drain = None;
        self.drain_again = false;
        self.timers.clear(Timer::DrainRetry);
        self.timers.clear(Timer::DrainSoon);
        self.back_pressure.reset();
        self.timers.clear(Timer::ReadAgain);
        if ended.doubts_key() {
            self.doubt_key(now);
        }
        match self.connection.ended(
            now.mono,
            ended,
            self.closing,
            &mut self.entropy,
            &mut self.timers,
            &mut self.output,
        ) {
            AfterEnd::Retry | AfterEnd::Closing => {}
            AfterEnd::Halt(reason) => self.cannot_go_on(now, reason),
        }
    }

    /// Begins to close: handlers may still settle until the limit.
    pub(super) fn close(&mut self, now: Now) {
        if !self.finished && !self.closing {
            self.closing = true;
            self.connection.set_closing();
            self.timers.clear(Timer::Reconnect);
            self.key_wait_is_over();
            // A cursor that waits for another try, or for more rows, has its turn now.
            self.timers.clear(Timer::AckRetry);
            self.timers.clear(Timer::CommitSoon);
            self.timers.set(Timer::CloseLimit, now.mono + self.options.close_wait);
        }
    }

    pub(super) fn finish_close(&mut self) {
        self.connection.close(1000, "", &mut self.output);
        let unsettled = self.inbox.in_flight();
        self.finish(ConnectionState::Closed, Event::Closed { unsettled });
    }

    pub(super) fn halt(&mut self, reason: HaltReason) {
        let advice = reason.advice();
        self.finish(ConnectionState::Halted { reason: reason.clone() }, Event::Halted { reason, advice });
    }

    /// The end, until the next start. What is buffered and unsettled stays.
    fn finish(&mut self, state: ConnectionState, event: Event) {
        self.say_events();
        if let Some(mut call) = self.calls.who_am_i.take() {
            call.cancel(&mut self.output);
        }
        if let Some(mut call) = self.calls.drain.take() {
            call.cancel(&mut self.output);
        }
        if let Some((cursor, mut call)) = self.calls.commit.take() {
            call.cancel(&mut self.output);
            self.inbox.cursor().put_back(cursor);
        }
        for ((conversation_id, purpose), mut call) in core::mem::take(&mut self.calls.history) {
            call.cancel(&mut self.output);
            match purpose {
                Purpose::Gap => self.inbox.fill_interrupted(&conversation_id),
                Purpose::Missing => self.inbox.retrieval_ended(&conversation_id),
            }
        }
        self.drain = None;
        self.doubts_key = false;
        self.refusal = None;
        self.back_pressure.reset();
        self.timers = Timers::default();
        self.connection.set_state(state);
        self.event(event);
        self.finished = true;
    }
}
