//! What is done after every input, and when time has passed.

use super::Session;
use crate::realtime::connection::{Ended, frame};
use crate::realtime::output::Output;
use crate::realtime::timers::Timer;
use crate::time::{Mono, Now};

impl Session {
    /// Fires expired timers.
    pub(super) fn timeout(&mut self, now: Now) {
        while let Some(timer) = self.timers.take_due(now.mono) {
            match timer {
                Timer::Open => self.ended(now, Ended::by_us(1000, "opening took too long")),
                Timer::Hello => self.ended(now, Ended::by_us(1008, "HELLO ack timeout")),
                Timer::KeepAlive => {
                    if !self.back_pressure.wants_frames() {
                        // Nothing is read on purpose, so that nothing comes proves nothing.
                        self.connection.seen(now.mono);
                    }
                    if self.connection.keep_alive(now.mono, &mut self.timers, &mut self.output) {
                        self.ended(now, Ended::by_us(1001, "no sign of life"));
                    }
                }
                Timer::Reconnect => self.connect(now),
                Timer::Stable => self.connection.stable(),
                Timer::Hold => self.release(now),
                Timer::DrainRetry => self.request_page(now),
                Timer::DrainSoon => self.drain_wanted(now),
                Timer::WhoAmIRetry => self.ask_who_am_i(now),
                // Only wakes: the pump looks at what is due.
                Timer::AckRetry | Timer::CommitSoon | Timer::ReadAgain => {}
                Timer::RetrieveRetry => self.inbox.retrieve(),
                Timer::KeyWait => self.key_wait_ended(),
                Timer::CloseLimit => self.finish_close(),
            }
        }
        self.inbox.timeout(now.mono);
        self.calls.timeout(now);
    }

    /// Advances the session after each input.
    pub(super) fn pump(&mut self, now: Now) {
        if self.finished {
            return;
        }
        self.pump_calls(now);
        self.pump_history(now);
        // What a drain or a fill has set free can be overdue already.
        while self.inbox.wake().is_some_and(|at| at <= now.mono) {
            self.inbox.timeout(now.mono);
            self.pump_history(now);
        }
        self.inbox.end_idle_fills(now.mono);
        self.commit_cursor(now);
        if self.inbox.take_recovery() {
            self.drain_wanted(now);
        }
        self.heal(now);
        if self.drain.is_some() && !self.timers.is_set(Timer::DrainRetry) {
            self.request_page(now);
            self.pump_calls(now);
        }
        self.pump_history(now);
        self.flush_acks();
        while self.consumer && !self.closing {
            let delivery = self.inbox.offer();
            self.say_events();
            let Some(delivery) = delivery else { break };
            self.output.push_back(Output::Deliver(delivery));
        }
        self.say_events();
        // A message that was emitted as an event instead of being offered counts as handled.
        self.commit_cursor(now);
        self.flush_acks();
        self.regulate_intake(now.mono);
        if self.closing && self.inbox.in_flight() == 0 && self.calls.commit.is_none() {
            self.finish_close();
        }
    }

    /// Whether the socket is to be read, by how full the buffers are after all that could be done.
    fn regulate_intake(&mut self, now: Mono) {
        if !self.connection.is_greeted() {
            return;
        }
        let stopped = !self.back_pressure.wants_frames();
        match self.back_pressure.update(now, self.inbox.fullness()) {
            Some(until) => self.timers.set(Timer::ReadAgain, until),
            None => self.timers.clear(Timer::ReadAgain),
        }
        if stopped && self.back_pressure.wants_frames() {
            self.connection.seen(now);
        }
    }

    /// Says what has happened in the inbox.
    pub(super) fn say_events(&mut self) {
        while let Some(event) = self.inbox.take_event() {
            self.event(event);
        }
    }

    fn flush_acks(&mut self) {
        let Some((connection, ack_mode)) = self.connection.greeted_connection() else { return };
        if !ack_mode {
            return self.inbox.forget_acks();
        }
        while let Some(id) = self.inbox.take_ack() {
            self.output.push_back(Output::Text(connection, frame::ack(id.as_str())));
        }
    }
}
