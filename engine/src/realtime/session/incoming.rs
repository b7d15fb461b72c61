//! What the platform says over the socket.

use super::Session;
use crate::limits;
use crate::realtime::connection::Ended;
use crate::realtime::connection::frame::{self, Frame};
use crate::realtime::delivery::Origin;
use crate::realtime::event::Event;
use crate::realtime::server_event::ServerEvent;
use crate::realtime::timers::Timer;
use crate::time::Now;
use crate::types::{Row, Unreadable};

impl Session {
    /// A text frame of the current connection.
    pub(super) fn text(&mut self, now: Now, text: String) {
        let bytes = text.len();
        let frame = match frame::read(&text) {
            Ok(frame) => frame,
            Err(problem) => {
                if bytes > limits::FRAME {
                    self.drain_soon(now);
                }
                return self.event(Event::BadFrame { problem, bytes });
            }
        };
        match frame {
            Frame::HelloOk { ack_mode } => self.greeted(now, ack_mode),
            Frame::Other { kind } if frame::refuses_hello(&kind) && !self.connection.is_greeted() => {
                self.ended(now, Ended::hello_refused(frame::refusal(&kind, &text)));
            }
            // Nothing that precedes hello.ok counts.
            _ if !self.connection.is_greeted() => {}
            Frame::Message { payload, fields } => match Row::in_frame(text, payload, fields) {
                Ok(row) => self.inbox.live(now.mono, row),
                Err(unreadable) => {
                    let problem = format!("its message {}", unreadable.problem);
                    self.event(Event::BadFrame { problem, bytes });
                    self.unreadable(now, unreadable);
                }
            },
            Frame::Other { kind } => self.event(Event::Server(ServerEvent { kind, text })),
        }
    }

    fn greeted(&mut self, now: Now, ack_mode: bool) {
        let Some(connection) = self.connection.greeted(now.mono, ack_mode, self.options.drain, &mut self.timers) else {
            return;
        };
        self.event(Event::Connected { connection, ack_mode });
        self.timers.clear(Timer::AckRetry);
        self.inbox.connected(ack_mode);
        // A session that closes wants to send its acks and nothing else.
        if self.closing {
            return;
        }
        if self.options.drain {
            return self.start_drain(now);
        }
        // One that was asked for ended with its connection or its session, and no other follows.
        if self.inbox.is_holding() {
            self.release(now);
        }
        self.inbox.retrieve();
    }

    /// A live message that cannot be read. In ack mode it is stored and not acked: a drain brings it as a row that can be
    /// settled. Without acks, or without a drain, nothing else does.
    fn unreadable(&mut self, now: Now, unreadable: Box<Unreadable>) {
        match self.connection.greeted_connection() {
            Some((_, ack_mode)) if ack_mode && self.options.drain => self.drain_soon(now),
            Some(_) => self.inbox.unreadable(unreadable, Origin::Live),
            None => {}
        }
    }

    /// Something may be stored that did not come over the socket. Waits a little, so that many cost one drain.
    pub(super) fn drain_soon(&mut self, now: Now) {
        if self.options.drain && self.connection.is_greeted() && !self.timers.is_set(Timer::DrainSoon) {
            self.timers.set(Timer::DrainSoon, now.mono + limits::SYNC_RETRY);
        }
    }
}
