//! The session's own calls that are made one at a time: who we are, the drain's pages, the cursor's commits.

use std::collections::VecDeque;

use super::Session;
use super::active_call::{ActiveCall, RequestIds};
use crate::error::Error;
use crate::limits;
use crate::realtime::event::Event;
use crate::realtime::halt::HaltReason;
use crate::realtime::output::Output;
use crate::realtime::timers::Timer;
use crate::rest::{Endpoint, GetMe, Reply, SyncAck};
use crate::time::Now;
use crate::types::Agent;

impl Session {
    pub(super) fn ask_who_am_i(&mut self, now: Now) {
        if self.calls.who_am_i.is_some() || self.inbox.own_handle().is_some() && !self.doubts_key {
            return;
        }
        if let Some(until) = self.who_am_i_backoff.not_before(now.mono) {
            return self.timers.set(Timer::WhoAmIRetry, until);
        }
        self.calls.who_am_i = ActiveCall::start(&self.cx, GetMe::new(), &mut self.entropy, now).ok();
    }

    /// The platform refused an upgrade as if the key were wrong; a proxy may have, too. Who we are tells.
    pub(super) fn doubt_key(&mut self, now: Now) {
        if !self.closing {
            self.doubts_key = true;
            self.ask_who_am_i(now);
        }
    }

    pub(super) fn pump_calls(&mut self, now: Now) {
        if let Some(result) = pump(&mut self.calls.who_am_i, &mut self.requests, &mut self.output) {
            self.known_who_am_i(now, result);
        }
        while let Some(result) = pump(&mut self.calls.drain, &mut self.requests, &mut self.output) {
            match result {
                Ok(page) => self.page(now, page.into_value()),
                Err(error) => self.drain_failed(now, error),
            }
        }
        if self.calls.drain.as_ref().is_some_and(ActiveCall::has_failed) {
            self.sync_fails(now);
        }
        if let Some((cursor, mut call)) = self.calls.commit.take() {
            match call.pump(&mut self.requests, &mut self.output) {
                None => self.calls.commit = Some((cursor, call)),
                // The status decides: what the answer says besides is of no use.
                Some(Ok(_) | Err(Error::Undecodable { .. })) => {
                    self.ack_backoff.succeeded();
                    self.inbox.cursor().committed();
                }
                Some(Err(error)) => {
                    let at = self.ack_backoff.failed(now.mono, &error, &mut self.entropy);
                    self.timers.set(Timer::AckRetry, at);
                    self.inbox.cursor().put_back(cursor);
                    self.event(Event::RequestFailed { purpose: "sync_ack", error });
                }
            }
        }
    }

    fn known_who_am_i(&mut self, now: Now, result: Result<Reply<Agent>, Error>) {
        let doubted = core::mem::take(&mut self.doubts_key);
        match result {
            Ok(me) => {
                self.who_am_i_backoff.succeeded();
                if self.inbox.own_handle().is_none() {
                    self.inbox.set_own_handle(me.handle.clone());
                    self.inbox.retrieve();
                }
            }
            Err(error) => {
                let at = self.who_am_i_backoff.failed(now.mono, &error, &mut self.entropy);
                if self.inbox.own_handle().is_none() {
                    self.timers.set(Timer::WhoAmIRetry, at);
                }
                let refused = error.api().filter(|error| doubted && error.status == 401);
                let reason = refused.map(|error| error.message.clone());
                self.event(Event::RequestFailed { purpose: "own handle", error });
                if let Some(reason) = reason {
                    self.cannot_go_on(now, HaltReason::KeyRefused { reason });
                }
            }
        }
    }

    /// One commit at a time, and one for all that settles within a short while.
    pub(super) fn commit_cursor(&mut self, now: Now) {
        if !self.inbox.cursor().is_committable() || self.calls.commit.is_some() || self.timers.is_set(Timer::AckRetry) {
            return;
        }
        if let Some(until) = self.ack_backoff.not_before(now.mono) {
            return self.timers.set(Timer::AckRetry, until);
        }
        let due = *self.commit_due.get_or_insert(now.mono + limits::COMMIT_DELAY);
        if self.inbox.cursor().waits_for_more() && !self.closing && now.mono < due {
            return self.timers.set(Timer::CommitSoon, due);
        }
        self.commit_due = None;
        self.timers.clear(Timer::CommitSoon);
        let Some(cursor) = self.inbox.cursor().take_committable() else { return };
        match ActiveCall::start(&self.cx, SyncAck::new(cursor.as_str()), &mut self.entropy, now) {
            Ok(mut call) => {
                // A call that was just begun has only its request to say.
                let _ = call.pump(&mut self.requests, &mut self.output);
                self.calls.commit = Some((cursor, call));
            }
            Err(error) => self.event(Event::RequestFailed { purpose: "sync_ack", error }),
        }
    }
}

/// The end of a call, which is then no more.
fn pump<E: Endpoint>(
    slot: &mut Option<ActiveCall<E>>,
    ids: &mut RequestIds,
    output: &mut VecDeque<Output>,
) -> Option<Result<Reply<E::Output>, Error>> {
    let result = slot.as_mut()?.pump(ids, output)?;
    *slot = None;
    Some(result)
}
