//! Signs of life: a ping after a time without traffic, and the end if nothing at all comes within as long again.

use std::collections::VecDeque;

use super::Connection;
use crate::realtime::output::Output;
use crate::realtime::state::ConnectionId;
use crate::realtime::timers::{Timer, Timers};
use crate::time::Mono;

impl Connection {
    /// A sign of life; false if it came from a connection that is over.
    pub(in crate::realtime) fn alive(&mut self, now: Mono, id: ConnectionId) -> bool {
        let open = self.current.as_ref().is_some_and(|c| c.id == id && c.opened.is_some());
        if open {
            self.seen(now);
        }
        open
    }

    /// The connection is taken to be alive at this moment.
    pub(in crate::realtime) fn seen(&mut self, now: Mono) {
        if let Some(current) = &mut self.current {
            current.last_seen = current.last_seen.max(now);
            current.pinged = false;
        }
    }

    /// Looks at the last sign of life; true if the connection is dead.
    pub(in crate::realtime) fn keep_alive(
        &mut self,
        now: Mono,
        timers: &mut Timers,
        output: &mut VecDeque<Output>,
    ) -> bool {
        let Some(current) = &mut self.current else { return false };
        if now.saturating_since(current.last_seen) < self.keepalive {
            timers.set(Timer::KeepAlive, current.last_seen + self.keepalive);
            return false;
        }
        if current.pinged {
            return true;
        }
        current.pinged = true;
        output.push_back(Output::Ping(current.id));
        timers.set(Timer::KeepAlive, now + self.keepalive);
        false
    }
}
