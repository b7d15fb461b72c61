//! A key that the platform refuses: the end, or a while in which another one may be given.

use super::Session;
use crate::realtime::event::Event;
use crate::realtime::halt::HaltReason;
use crate::realtime::state::ConnectionState;
use crate::realtime::timers::Timer;
use crate::time::Now;

impl Session {
    /// Trying again cannot help. If the key was refused, another one is waited for as long as the options say.
    pub(super) fn cannot_go_on(&mut self, now: Now, reason: HaltReason) {
        let wait = self.options.key_wait;
        if wait.is_zero() || self.closing || !reason.is_refusal() {
            return self.halt(reason);
        }
        let until = now.mono + wait;
        self.timers.clear(Timer::Reconnect);
        self.timers.set(Timer::KeyWait, until);
        self.connection.set_state(ConnectionState::AwaitingKey { until });
        self.event(Event::KeyRefused { reason: reason.clone(), wait });
        self.refusal = Some(reason);
    }

    /// No other key was given in time.
    pub(super) fn key_wait_ended(&mut self) {
        if let Some(reason) = self.refusal.take() {
            self.halt(reason);
        }
    }

    /// A key was given; whether it was waited for.
    pub(super) fn key_wait_is_over(&mut self) -> bool {
        self.timers.clear(Timer::KeyWait);
        self.refusal.take().is_some()
    }
}
