//! Everything that is told about calls while they run, in one place.
//!
//! Names, ids, statuses and times only: no header, body, query or key can get here.

use agentchat_engine::rest::Route;
use agentchat_engine::transfer::{Received, TransferAttempt, TransferRetry};
use agentchat_engine::{Attempt, Error, Reply, RetryPlan, TransferError};
use tracing::{Span, debug, debug_span};

/// The span that a call runs in.
pub(crate) fn call(route: &Route) -> Span {
    debug_span!("call", name = route.name)
}

/// An attempt is about to be sent.
pub(crate) fn request(attempt: &Attempt) {
    debug!(attempt = attempt.number, method = %attempt.request.method(), "request");
}

/// An attempt was answered.
pub(crate) fn response(attempt: u32, status: u16) {
    debug!(attempt, status, "response");
}

/// An attempt failed and another follows.
pub(crate) fn retry(plan: &RetryPlan) {
    debug!(next_attempt = plan.next_attempt, delay_ms = plan.delay.as_millis(), cause = %plan.cause, "retry");
}

/// The call is over.
pub(crate) fn done<T>(result: &Result<Reply<T>, Error>) {
    match result {
        Ok(reply) => debug!(status = reply.status, request_id = reply.request_id.as_deref(), "done"),
        Err(error) => debug!(%error, "failed"),
    }
}

/// The span that an upload or a download runs in.
pub(crate) fn transfer(name: &'static str) -> Span {
    debug_span!("transfer", name)
}

/// An attempt of a transfer is about to be sent. Its URL is a secret.
pub(crate) fn transfer_attempt(attempt: &TransferAttempt) {
    debug!(attempt = attempt.number, method = %attempt.request.method(), bytes = attempt.body, "request to the store");
}

/// An attempt of a transfer failed and another follows.
pub(crate) fn transfer_retry(retry: &TransferRetry) {
    debug!(next_attempt = retry.next_attempt, delay_ms = retry.delay.as_millis(), cause = %retry.cause, "retry");
}

/// The transfer is over.
pub(crate) fn transfer_done(result: &Result<Received, TransferError>) {
    match result {
        Ok(received) => debug!(status = received.status, attempts = received.attempts, "done"),
        Err(error) => debug!(%error, "failed"),
    }
}
