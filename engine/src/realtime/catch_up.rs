//! How a session catches up: it drains what the platform stored, holds back what is ahead meanwhile, and
//! commits the cursor behind what is handled.

use std::collections::VecDeque;

use bytes::Bytes;
use http::Response;

use super::drain::{Drain, Page, Progress, doubling};
use super::event::{Event, GapReason};
use super::history::{History, Purpose, Question};
use super::output::Output;
use super::running::{RequestIds, Running};
use super::session::Session;
use super::state::RequestId;
use super::timers::Timer;
use crate::error::{Error, Fault};
use crate::limits;
use crate::rest::{Endpoint, GetMe, Reply, SyncAck};
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
        self.inbox.retrieve();
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
        let load = &self.inbox.load;
        if let (Some(drain), None, true) = (&self.drain, &self.drain_call, load.has_room())
            && load.fits(drain.needs())
        {
            match Running::start(&self.cx, drain.request(), &mut self.entropy, now) {
                Ok(call) => self.drain_call = Some(call),
                Err(error) => self.drain_failed(now, error),
            }
        }
    }

    pub(super) fn page(&mut self, now: Now, page: SyncPage) {
        let Some(drain) = &mut self.drain else { return };
        let mut taken = Page::default();
        for row in page.rows {
            let cursor = row.delivery_id().cloned();
            if let Err(needs) = self.inbox.drained(row) {
                taken.needs = Some(needs);
                break;
            }
            taken.taken = taken.taken.saturating_add(1);
            taken.last = cursor.or(taken.last);
        }
        let progress = drain.take(&taken);
        let drained = drain.drained();
        match progress {
            Progress::More => self.request_page(now),
            Progress::End => {
                self.inbox.drained_all();
                self.drain_ended(now, Event::CaughtUp { drained });
            }
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
        // A question that was given up is of no interest any more.
        let given_up =
            |(id, purpose): &(ConversationId, Purpose)| *purpose == Purpose::Gap && !self.inbox.is_filling(id);
        let given_up: Vec<_> = self.fills.keys().filter(|asked| given_up(asked)).cloned().collect();
        for asked in given_up {
            if let Some(mut call) = self.fills.remove(&asked) {
                call.cancel(&mut self.output);
            }
        }
        loop {
            while self.fills.len() < limits::FILLS
                && let Some(Question { conversation_id, purpose, mut after }) = self.inbox.wanted.pop_front()
            {
                if purpose == Purpose::Gap {
                    let Some(still) = self.inbox.still_asks(&conversation_id, after) else { continue };
                    after = still;
                }
                match Running::start(&self.cx, History::after(&conversation_id, after), &mut self.entropy, now) {
                    Ok(call) => drop(self.fills.insert((conversation_id, purpose), call)),
                    Err(error) => self.answered(now, conversation_id, purpose, Err(error)),
                }
            }
            let mut ended = Vec::new();
            for (asked, call) in &mut self.fills {
                if let Some(result) = call.pump(&mut self.requests, &mut self.output) {
                    ended.push((asked.clone(), result));
                }
            }
            if ended.is_empty() {
                break;
            }
            for ((conversation_id, purpose), result) in ended {
                self.fills.remove(&(conversation_id.clone(), purpose));
                self.answered(now, conversation_id, purpose, result.map(Reply::into_value));
            }
        }
    }

    /// The answer to a question to history.
    fn answered(&mut self, now: Now, id: ConversationId, purpose: Purpose, result: Result<SyncPage, Error>) {
        match (result, purpose) {
            (Ok(page), Purpose::Gap) => self.inbox.filled(now.mono, id, page.rows),
            (Ok(page), Purpose::Owed) => {
                self.retrieval_failures = 0;
                self.inbox.retrieved(now.mono, id, page.rows);
            }
            (Err(error), Purpose::Gap) => {
                self.event(Event::RequestFailed { purpose: "history", error });
                self.inbox.fill_gave_up(now.mono, id, GapReason::FillFailed);
            }
            (Err(error), Purpose::Owed) => {
                self.event(Event::RequestFailed { purpose: "history", error });
                self.inbox.retrieval_ended(&id);
                self.retrieval_failures = self.retrieval_failures.saturating_add(1);
                self.timers.set(Timer::RetrieveRetry, now.mono + doubling(self.retrieval_failures));
            }
        }
        if core::mem::take(&mut self.inbox.drain_wanted) {
            self.drain_soon(now);
        }
    }

    pub(super) fn ask_who_am_i(&mut self, now: Now) {
        if self.inbox.own.is_none() && self.who_am_i.is_none() {
            self.who_am_i = Running::start(&self.cx, GetMe::new(), &mut self.entropy, now).ok();
        }
    }

    pub(super) fn pump_calls(&mut self, now: Now) {
        if let Some(result) = pump(&mut self.who_am_i, &mut self.requests, &mut self.output) {
            match result {
                Ok(me) => {
                    self.who_am_i_failures = 0;
                    self.inbox.own = Some(me.handle.clone());
                    self.inbox.retrieve();
                }
                Err(error) => {
                    self.who_am_i_failures = self.who_am_i_failures.saturating_add(1);
                    self.timers.set(Timer::WhoAmIRetry, now.mono + doubling(self.who_am_i_failures));
                    self.event(Event::RequestFailed { purpose: "own handle", error });
                }
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
