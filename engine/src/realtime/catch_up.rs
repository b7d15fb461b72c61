//! How a session catches up: it drains what the platform stored, holds back what is ahead meanwhile, and
//! commits the cursor behind what is handled.

use std::collections::VecDeque;

use bytes::Bytes;
use http::Response;

use super::drain::{Drain, Progress, doubling};
use super::event::Event;
use super::history::History;
use super::output::Output;
use super::running::{RequestIds, Running};
use super::session::Session;
use super::state::RequestId;
use super::timers::Timer;
use crate::error::{Error, Fault};
use crate::limits;
use crate::rest::{Endpoint, Reply, SyncAck};
use crate::time::Now;
use crate::types::{ConversationId, SyncPage};

impl Session {
    /// What is ahead of its turn waits for a drain, but not for ever.
    pub(super) fn hold(&mut self, now: Now) {
        self.inbox.hold();
        self.timers.set(Timer::Hold, now.mono + self.options.hold);
    }

    pub(super) fn start_drain(&mut self, now: Now) {
        self.hold(now);
        self.inbox.restart_drain();
        self.drain = Some(Drain::new(self.options.drain_page));
        self.request_page(now);
    }

    pub(super) fn drain_wanted(&mut self, now: Now) {
        if self.drain.is_some() {
            self.drain_again = true;
        } else if self.link.is_greeted() && !self.closing {
            self.link.set_caught_up(false);
            self.start_drain(now);
        }
    }

    /// Asks for the next page, once there is room for it.
    pub(super) fn request_page(&mut self, now: Now) {
        if let (Some(drain), None, true) = (&self.drain, &self.drain_call, self.inbox.load.has_room()) {
            match Running::start(&self.cx, drain.request(), &mut self.entropy, now) {
                Ok(call) => self.drain_call = Some(call),
                Err(error) => self.drain_failed(now, error),
            }
        }
    }

    pub(super) fn page(&mut self, now: Now, page: SyncPage) {
        let Some(drain) = &mut self.drain else { return };
        let progress = drain.take(&page);
        let drained = drain.drained();
        for row in page.rows {
            self.inbox.drained(row);
        }
        match progress {
            Progress::More => self.request_page(now),
            Progress::End => self.drain_ended(now, Event::CaughtUp { drained }),
            Progress::Stuck => self.drain_ended(now, Event::DrainStuck { drained }),
        }
    }

    pub(super) fn drain_ended(&mut self, now: Now, event: Event) {
        self.drain = None;
        self.release(now);
        self.link.set_caught_up(true);
        self.event(event);
        if core::mem::take(&mut self.drain_again) {
            self.drain_wanted(now);
        }
    }

    pub(super) fn release(&mut self, now: Now) {
        self.timers.clear(Timer::Hold);
        self.inbox.release(now.mono);
    }

    pub(super) fn drain_failed(&mut self, now: Now, error: Error) {
        if let Some(drain) = &mut self.drain {
            let delay = drain.retry_delay();
            self.timers.set(Timer::DrainRetry, now.mono + delay);
            self.event(Event::RequestFailed { purpose: "sync", error });
        }
    }

    pub(super) fn response(&mut self, now: Now, request: RequestId, result: Result<Response<Bytes>, Fault>) {
        let mut result = Some(result);
        if let Some(call) = &mut self.who_am_i {
            call.response(now, request, &mut result);
        }
        if let Some(call) = &mut self.drain_call {
            call.response(now, request, &mut result);
        }
        if let Some((_, call)) = &mut self.ack_call {
            call.response(now, request, &mut result);
        }
        for call in self.fills.values_mut() {
            call.response(now, request, &mut result);
        }
    }

    /// Asks history for what is missing, a few conversations at a time, and takes its answers.
    pub(super) fn pump_fills(&mut self, now: Now) {
        loop {
            while self.fills.len() < limits::FILLS
                && let Some((conversation_id, after)) = self.inbox.take_wanted()
            {
                match Running::start(&self.cx, History::after(&conversation_id, after), &mut self.entropy, now) {
                    Ok(call) => drop(self.fills.insert(conversation_id, call)),
                    Err(error) => self.fill_ended(now, conversation_id, Err(error)),
                }
            }
            let mut ended = Vec::new();
            for (conversation_id, call) in &mut self.fills {
                if let Some(result) = call.pump(&mut self.requests, &mut self.output) {
                    ended.push((conversation_id.clone(), result));
                }
            }
            if ended.is_empty() {
                break;
            }
            for (conversation_id, result) in ended {
                self.fills.remove(&conversation_id);
                self.fill_ended(now, conversation_id, result.map(Reply::into_value));
            }
        }
    }

    fn fill_ended(&mut self, now: Now, conversation_id: ConversationId, result: Result<SyncPage, Error>) {
        match result {
            Ok(page) => self.inbox.filled(now.mono, conversation_id, page.rows),
            Err(error) => {
                self.event(Event::RequestFailed { purpose: "history", error });
                self.inbox.fill_failed(now.mono, conversation_id);
            }
        }
    }

    pub(super) fn pump_calls(&mut self, now: Now) {
        if let Some(result) = pump(&mut self.who_am_i, &mut self.requests, &mut self.output) {
            match result {
                Ok(me) => self.inbox.own = Some(me.handle.clone()),
                Err(error) => self.event(Event::RequestFailed { purpose: "own handle", error }),
            }
        }
        while let Some(result) = pump(&mut self.drain_call, &mut self.requests, &mut self.output) {
            match result {
                Ok(page) => self.page(now, page.into_value()),
                Err(error) => self.drain_failed(now, error),
            }
        }
        if let Some((cursor, mut call)) = self.ack_call.take() {
            match call.pump(&mut self.requests, &mut self.output) {
                None => self.ack_call = Some((cursor, call)),
                Some(Ok(_)) => {
                    self.ack_failures = 0;
                    self.inbox.cursor.committed();
                }
                Some(Err(error)) => {
                    self.ack_failures = self.ack_failures.saturating_add(1);
                    self.timers.set(Timer::AckRetry, now.mono + doubling(self.ack_failures));
                    self.inbox.cursor.put_back(cursor);
                    self.event(Event::RequestFailed { purpose: "sync_ack", error });
                }
            }
        }
    }

    /// One commit at a time; what settles meanwhile goes with the next.
    pub(super) fn commit_cursor(&mut self, now: Now) {
        if self.ack_call.is_some() || self.timers.is_set(Timer::AckRetry) {
            return;
        }
        let Some(cursor) = self.inbox.cursor.take_committable() else { return };
        match Running::start(&self.cx, SyncAck::new(cursor.as_str()), &mut self.entropy, now) {
            Ok(mut call) => {
                // A call that was just begun has only its request to say.
                let _ = call.pump(&mut self.requests, &mut self.output);
                self.ack_call = Some((cursor, call));
            }
            Err(error) => self.event(Event::RequestFailed { purpose: "sync_ack", error }),
        }
    }
}

/// The end of a call, which is then no more.
fn pump<E: Endpoint>(
    slot: &mut Option<Running<E>>,
    ids: &mut RequestIds,
    output: &mut VecDeque<Output>,
) -> Option<Result<Reply<E::Output>, Error>> {
    let result = slot.as_mut()?.pump(ids, output)?;
    *slot = None;
    Some(result)
}
