//! One call or transfer under observation: traced, and reported to the queues.

use std::sync::Arc;
use std::time::Duration;

use agentchat_engine::transfer::{Received, TransferAttempt};
use agentchat_engine::{Error, Mono, Reply, RetryPlan, TransferError};
use bytes::Bytes;
use http::{Request, Uri};

use super::event::{Attempted, BacklogEvent, CallEvent, ErrorEvent, Failure, RequestEvent, ResponseEvent, RetryEvent};
use super::{Queues, redact};
use crate::observe;

/// Watches one call.
pub(crate) struct Watch<'a> {
    queues: &'a Queues,
    name: &'static str,
    call: u64,
    /// When the first attempt began.
    began: Option<Mono>,
    current: Option<(Attempted, Mono)>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(queues: &'a Queues, name: &'static str) -> Self {
        let call = if queues.is_empty() { 0 } else { queues.next_call() };
        Self { queues, name, call, began: None, current: None }
    }

    pub(crate) fn request(&mut self, attempt: u32, request: &Request<Bytes>, now: Mono) {
        self.begin(attempt, request, redact::url, now);
    }

    pub(crate) fn retry<E>(&self, plan: &RetryPlan<E>, now: Mono)
    where
        Failure: for<'e> From<&'e E>,
    {
        let (failure, next_attempt, delay) = (Failure::from(&plan.cause), plan.next_attempt, plan.delay);
        observe::retry(next_attempt, delay, &failure);
        observe::metrics::retry(self.name);
        self.tell_failure(failure.clone(), now);
        self.tell(|at, _| CallEvent::Retry(RetryEvent { at, failure, next_attempt, delay }));
    }

    pub(crate) fn done<T>(&self, result: &Result<Reply<T>, Error>, now: Mono) {
        match result {
            Ok(reply) => {
                self.succeeded(reply.meta.status, reply.meta.request_id.as_deref(), now);
                if let Some(warning) = reply.meta.backlog_warning.clone() {
                    self.tell(|at, _| CallEvent::BacklogWarning(BacklogEvent { at, warning }));
                }
            }
            Err(error) => self.failed(error, now),
        }
    }

    pub(crate) fn transfer_attempt(&mut self, attempt: &TransferAttempt, now: Mono) {
        self.begin(attempt.number, &attempt.request, redact::signed_url, now);
    }

    pub(crate) fn transfer_done(&self, result: &Result<Received, TransferError>, now: Mono) {
        match result {
            Ok(received) => self.succeeded(received.status, None, now),
            Err(error) => self.failed(error, now),
        }
    }

    fn begin<B>(&mut self, attempt: u32, request: &Request<B>, url: impl Fn(&Uri) -> String, now: Mono) {
        observe::request(attempt, request.method());
        self.began.get_or_insert(now);
        if self.queues.is_empty() {
            return;
        }
        let (call, name, method, url) = (self.call, self.name, request.method().clone(), Arc::from(url(request.uri())));
        self.current = Some((Attempted { call, name, method, url, attempt }, now));
        let headers = redact::headers(request.headers());
        self.tell(|at, _| CallEvent::Request(RequestEvent { at, headers }));
    }

    pub(crate) fn succeeded(&self, status: u16, request_id: Option<&str>, now: Mono) {
        observe::done(status, request_id);
        observe::metrics::call(self.name, Some(status), || self.took(now));
        self.tell(|at, since| {
            let (request_id, elapsed) = (request_id.map(str::to_owned), now.saturating_since(since));
            CallEvent::Response(ResponseEvent { at, status, request_id, elapsed })
        });
    }

    pub(crate) fn failed<E>(&self, error: &E, now: Mono)
    where
        Failure: for<'e> From<&'e E>,
    {
        let failure = Failure::from(error);
        observe::failed(&failure);
        observe::metrics::call(self.name, failure.status, || self.took(now));
        self.tell_failure(failure, now);
    }

    fn took(&self, now: Mono) -> Duration {
        now.saturating_since(self.began.unwrap_or(now))
    }

    fn tell_failure(&self, failure: Failure, now: Mono) {
        self.tell(|at, since| {
            let elapsed = now.saturating_since(since);
            CallEvent::Error(ErrorEvent { at, failure, elapsed })
        });
    }

    /// Publishes an event of the current attempt, if anybody listens.
    fn tell(&self, event: impl FnOnce(Attempted, Mono) -> CallEvent) {
        if let Some((at, since)) = &self.current {
            self.queues.tell(&event(at.clone(), *since));
        }
    }
}
