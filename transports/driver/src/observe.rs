//! Traces of calls while they run, in one place.
//!
//! Names, ids, statuses and times only: no header, body, query or key can get here, and none of the platform's own words.

use std::time::Duration;

use agentchat_engine::rest::Route;
use http::Method;
use tracing::{Span, debug, debug_span};

use crate::hooks::Failure;

/// The span that a call runs in.
pub(crate) fn call(route: &Route) -> Span {
    debug_span!("call", name = route.name)
}

/// The span that an upload or a download runs in.
pub(crate) fn transfer(name: &'static str) -> Span {
    debug_span!("transfer", name)
}

/// An attempt is about to be sent.
pub(crate) fn request(attempt: u32, method: &Method) {
    debug!(attempt, %method, "request");
}

/// An attempt was answered.
pub(crate) fn response(attempt: u32, status: u16) {
    debug!(attempt, status, "response");
}

/// An attempt failed and another follows.
pub(crate) fn retry(next_attempt: u32, delay: Duration, cause: &Failure) {
    debug!(next_attempt, delay_ms = delay.as_millis(), %cause, "retry");
}

/// The call or the transfer succeeded.
pub(crate) fn done(status: u16, request_id: Option<&str>) {
    debug!(status, request_id, "done");
}

/// The call or the transfer failed for good.
pub(crate) fn failed(error: &Failure) {
    debug!(%error, request_id = error.request_id.as_deref(), "failed");
}
