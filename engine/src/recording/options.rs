//! The options of both machines as they stand in a recording. A field that is added to them does not compile until it is
//! added here.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::ReplayError;
use super::http::{HeadersForm, read_headers};
use crate::realtime::SessionOptions;
use crate::redact::Mask;
use crate::rest::{CallOptions, RetryPolicy};
use crate::types::Handle;

/// Mirrors [`SessionOptions`]. An option that an older recording does not know has its default; one that is renamed keeps its name
/// in the file.
#[derive(Serialize, Deserialize)]
#[serde(remote = "SessionOptions", deny_unknown_fields, default = "SessionOptions::default")]
pub(super) struct SessionForm {
    own_handle: Option<Handle>,
    echo: bool,
    system_events: bool,
    drain: bool,
    drain_page: u32,
    max_in_flight: usize,
    max_in_flight_per_conversation: usize,
    gap_window: Duration,
    #[serde(rename = "fill")]
    fill_gaps: bool,
    fill_after: Duration,
    #[serde(rename = "patience")]
    fill_patience: Duration,
    #[serde(rename = "hold")]
    hold_live_for: Duration,
    redelivery: Vec<Duration>,
    reoffers: u32,
    buffered_messages: usize,
    buffered_bytes: usize,
    read_pause: Duration,
    keepalive: Duration,
    reconnect_base: Duration,
    reconnect_max: Duration,
    max_attempts: Option<u32>,
    key_wait: Duration,
    close_wait: Duration,
}

/// Mirrors [`CallOptions`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallForm {
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    idempotency_key: Option<String>,
    retry: RetryForm,
    headers: HeadersForm,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RetryForm {
    max_retries: u32,
    base: Duration,
    cap: Duration,
    retry_after_cap: Duration,
}

impl CallForm {
    pub(super) fn new(options: &CallOptions, mask: &Mask) -> Self {
        let CallOptions { timeout, deadline, idempotency_key, retry, headers } = options;
        let RetryPolicy { max_retries, base, cap, retry_after_cap } = *retry;
        Self {
            timeout: *timeout,
            deadline: *deadline,
            idempotency_key: idempotency_key.clone(),
            retry: RetryForm { max_retries, base, cap, retry_after_cap },
            headers: mask.headers(headers),
        }
    }

    pub(super) fn into_options(self) -> Result<CallOptions, ReplayError> {
        let RetryForm { max_retries, base, cap, retry_after_cap } = self.retry;
        Ok(CallOptions {
            timeout: self.timeout,
            deadline: self.deadline,
            idempotency_key: self.idempotency_key,
            retry: RetryPolicy { max_retries, base, cap, retry_after_cap },
            headers: read_headers(&self.headers).map_err(ReplayError::header)?,
        })
    }
}
