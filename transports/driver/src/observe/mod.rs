//! Traces of calls and sessions while they run, in one place.
//!
//! Names, ids, statuses and times only: no header, body, query or key can get here, and none of the platform's own words. What
//! is here is written down in [`manual::observability`](crate::manual::observability), which a test compares with it.

#[cfg_attr(not(feature = "metrics"), path = "no_metrics.rs")]
pub(crate) mod metrics;

use std::time::Duration;

use agentchat_engine::realtime::{Event, HaltReason, ReconnectPlan};
use agentchat_engine::rest::Route;
use http::Method;
use tracing::{Span, debug, debug_span, error, field, info, info_span, warn};

use crate::Delivery;
use crate::agent_name::AgentName;
use crate::hooks::Failure;

/// The span that a call runs in.
pub(crate) fn call(route: &Route, agent: &AgentName) -> Span {
    debug_span!("call", name = route.name, %agent)
}

/// The span that an upload or a download runs in.
pub(crate) fn transfer(name: &'static str, agent: &AgentName) -> Span {
    debug_span!("transfer", name, %agent)
}

/// The span that a session runs in, and its handlers. The agent is empty until it is known.
pub(crate) fn realtime(session: u64) -> Span {
    info_span!("realtime", session, agent = field::Empty)
}

/// The span that a handler runs in.
pub(crate) fn delivery(delivery: &Delivery) -> Span {
    let header = delivery.header();
    let message_id = header.map(|header| field::display(&header.id));
    let conversation_id = header.map(|header| field::display(&header.conversation_id));
    debug_span!("delivery", message_id, conversation_id, attempt = delivery.attempt())
}

/// The session's agent is known.
pub(crate) fn named(span: &Span, agent: &AgentName) {
    span.record("agent", field::display(agent));
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

/// What a session has to tell that somebody should see.
pub(crate) fn session(event: &Event) {
    match event {
        Event::Connected { .. } => info!("connected"),
        Event::CaughtUp { drained } => info!(drained, "caught up"),
        Event::Disconnected { info, plan, .. } => {
            let retry_ms = match plan {
                ReconnectPlan::Retry { delay, .. } => Some(delay.as_millis()),
                _ => None,
            };
            match info.code.filter(|_| !info.by_us) {
                // The reason is the platform's.
                Some(code) => warn!(code, retry_ms, "disconnected by the platform"),
                None => warn!(reason = info.reason, retry_ms, "disconnected"),
            }
        }
        Event::Unstable { in_a_row } => warn!(in_a_row, "connections end soon after they begin"),
        Event::SequenceGap { conversation_id, missing, recovered: false, .. } => {
            warn!(%conversation_id, ?missing, "messages are missing");
        }
        Event::GaveUp { message_id, conversation_id, seq, attempts, last } => {
            let message_id = message_id.as_ref().map(field::display);
            let conversation_id = conversation_id.as_ref().map(field::display);
            warn!(message_id, conversation_id, seq, attempts, last, "message given up for now");
        }
        Event::Shed { dropped } => warn!(dropped, "too much is waiting; what is dropped is fetched later"),
        Event::BadFrame { problem, bytes } => warn!(problem, bytes, "frame ignored"),
        Event::RequestFailed { purpose, error } => warn!(purpose, error = %Failure::from(error), "request failed"),
        Event::KeyRefused { wait, .. } => warn!(wait_ms = wait.as_millis(), "the key was refused; waiting for another"),
        Event::Halted { reason, advice } => match reason {
            HaltReason::ClosedForGood { code, .. } => error!(code, %advice, "the platform ended the session"),
            reason => error!(%reason, %advice, "the session has ended"),
        },
        _ => {}
    }
}
