//! Catching up: the drain's pages, and how long live messages wait for them.

use super::Session;
use super::active_call::ActiveCall;
use super::drain::{Drain, Page, Progress};
use crate::error::Error;
use crate::limits;
use crate::realtime::event::Event;
use crate::realtime::timers::Timer;
use crate::time::Now;
use crate::types::SyncPage;

impl Session {
    /// What is ahead of its turn waits for a drain, but not for ever.
    pub(super) fn hold(&mut self, now: Now) {
        self.inbox.hold();
        self.timers.set(Timer::Hold, now.mono + self.options.hold_live_for);
    }

    /// The connection has ended: what is ahead of its turn waits for the next one's drain. A drain that was interrupted is
    /// like a sync that fails.
    pub(super) fn hold_over(&mut self, now: Now) {
        let interrupted = self.drain.is_some() && self.inbox.is_holding();
        self.hold(now);
        if interrupted {
            self.timers.set(Timer::Hold, now.mono + self.options.fill_patience);
        }
    }

    pub(super) fn start_drain(&mut self, now: Now) {
        self.hold(now);
        self.inbox.restart_drain(now.mono);
        self.inbox.retrieve();
        self.drain = Some(Drain::new(self.options.drain_page));
        self.request_page(now);
    }

    pub(super) fn drain_wanted(&mut self, now: Now) {
        if self.drain.is_some() {
            self.drain_again = true;
        } else if self.connection.is_greeted() && !self.closing {
            self.connection.set_caught_up(false);
            self.start_drain(now);
        }
    }

    /// What was given up is fetched while the connection lives: by a drain at once, unless one has just ended, or from
    /// history where only that has it.
    pub(super) fn heal(&mut self, now: Now) {
        if self.inbox.take_drain_wanted() {
            self.drain_soon(now);
        }
        if !self.inbox.take_heals() {
            return;
        }
        if self.inbox.heals_by_history() {
            let at = self.history_backoff.next_try(now.mono, &mut self.entropy);
            return self.timers.set_once(Timer::RetrieveRetry, at);
        }
        let just_ended = self.drained_at.is_some_and(|at| now.mono.saturating_since(at) < limits::SYNC_RETRY);
        if just_ended || !self.options.drain { self.drain_soon(now) } else { self.drain_wanted(now) }
    }

    /// Asks for the next page, once there is room for it and the platform may be asked.
    pub(super) fn request_page(&mut self, now: Now) {
        let (Some(drain), None) = (&mut self.drain, &self.calls.drain) else { return };
        if let Some(until) = self.drain_backoff.not_before(now.mono) {
            self.sync_fails(now);
            return self.timers.set(Timer::DrainRetry, until);
        }
        if !self.inbox.has_room_for(drain.needs()) {
            // It is not the platform that is waited for now, but handlers.
            if drain.wait_for_room() && self.inbox.is_holding() {
                self.timers.set(Timer::Hold, now.mono + self.options.fill_patience);
            }
            return;
        }
        match ActiveCall::start(&self.cx, drain.request(), &mut self.entropy, now) {
            Ok(call) => {
                self.calls.drain = Some(call);
                drain.asked();
                if self.inbox.is_holding() && !drain.is_failing() {
                    self.timers.set(Timer::Hold, now.mono + self.options.hold_live_for);
                }
            }
            Err(error) => self.drain_failed(now, error),
        }
    }

    pub(super) fn page(&mut self, now: Now, page: SyncPage) {
        let Some(drain) = &mut self.drain else { return };
        self.drain_backoff.succeeded();
        let mut taken = Page::default();
        for row in page.rows {
            let cursor = row.delivery_id().cloned();
            if let Err(needs) = self.inbox.drained(row) {
                taken.needs = Some(needs);
                break;
            }
            taken.taken = taken.taken.saturating_add(1);
            taken.new = taken.new.saturating_add(drain.brings(cursor.as_ref()).into());
            taken.last = cursor.or(taken.last);
        }
        let progress = drain.take(&taken);
        let drained = drain.drained();
        match progress {
            Progress::More => self.request_page(now),
            Progress::End if self.inbox.is_left_to_drain() && !self.closing => self.drain_on(now),
            Progress::End => {
                self.inbox.drained_all(now.mono);
                self.drain_ended(now, Event::CaughtUp { drained });
            }
            Progress::Stuck => self.drain_ended(now, Event::DrainStuck { drained }),
        }
    }

    /// Messages came over the socket that there was no room for, perhaps after the last page was asked for: the drain begins
    /// anew, and nothing overtakes them meanwhile.
    fn drain_on(&mut self, now: Now) {
        self.inbox.restart_drain(now.mono);
        if let Some(drain) = &mut self.drain {
            drain.restart();
        }
        self.request_page(now);
    }

    pub(super) fn drain_ended(&mut self, now: Now, event: Event) {
        self.drain = None;
        self.drained_at = Some(now.mono);
        self.release(now);
        self.connection.set_caught_up(true);
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
        if self.drain.is_some() {
            let at = self.drain_backoff.failed(now.mono, &error, &mut self.entropy);
            self.timers.set(Timer::DrainRetry, at);
            self.sync_fails(now);
            self.event(Event::RequestFailed { purpose: "sync", error });
        }
    }

    /// Sync is answered, with errors. Order is worth more than speed then: without REST the application cannot answer either.
    pub(super) fn sync_fails(&mut self, now: Now) {
        if let (Some(drain), true) = (&mut self.drain, self.inbox.is_holding()) {
            let until = drain.failing(now.mono) + self.options.fill_patience;
            self.timers.set(Timer::Hold, until);
        }
    }
}
