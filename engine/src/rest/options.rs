//! What can be set for one call.

use core::fmt;
use core::time::Duration;

use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, COOKIE, HOST, HeaderMap, HeaderName, PROXY_AUTHORIZATION,
    TRANSFER_ENCODING, UPGRADE,
};

use super::header_value::header;
use crate::error::InvalidArgument;
use crate::limits;

/// How often and how patiently a call is repeated.
///
/// ```
/// use agentchat_engine::rest::RetryPolicy;
/// assert_eq!(RetryPolicy::default().max_retries, 3);
/// assert_eq!(RetryPolicy::never().max_retries, 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Retries after the first attempt; default 3.
    pub max_retries: u32,
    /// The first wait, doubled for each further one, ± 25 %; default 250 ms.
    pub base: Duration,
    /// The longest computed wait; default 8 s.
    pub cap: Duration,
    /// The longest `Retry-After` that is obeyed; past it the call ends at once with the hint. Default 60 s.
    pub retry_after_cap: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: limits::RETRIES,
            base: limits::RETRY_BASE,
            cap: limits::RETRY_CAP,
            retry_after_cap: limits::RETRY_AFTER_CAP,
        }
    }
}

impl RetryPolicy {
    /// One attempt only.
    #[must_use]
    pub fn never() -> Self {
        Self { max_retries: 0, ..Self::default() }
    }
}

/// Options of one call.
///
/// ```
/// use agentchat_engine::CallOptions;
/// use std::time::Duration;
///
/// let options = CallOptions { timeout: Some(Duration::from_secs(5)), ..CallOptions::default() };
/// assert!(options.idempotency_key.is_none());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CallOptions {
    /// Time for each attempt, from its first byte out to its last byte in; default 30 s, `None` for no limit.
    pub timeout: Option<Duration>,
    /// Time for the whole call, waits included; default 150 s, `None` for no limit.
    pub deadline: Option<Duration>,
    /// A key under which the platform recognises repeats, where it honours one: 8 to 128 of `A–Z a–z 0–9 _ -`.
    pub idempotency_key: Option<String>,
    /// When to repeat.
    pub retry: RetryPolicy,
    /// Further headers. Those that authenticate or frame the request, or have an option of their own, are refused.
    pub headers: HeaderMap,
}

impl fmt::Debug for CallOptions {
    /// Without the idempotency key and the values of headers: more people read logs than may make calls.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("idempotency_key", &self.idempotency_key.as_ref().map(|_| "***"))
            .field("retry", &self.retry)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish()
    }
}

impl Default for CallOptions {
    fn default() -> Self {
        Self {
            timeout: Some(limits::ATTEMPT_TIMEOUT),
            deadline: Some(limits::CALL_DEADLINE),
            idempotency_key: None,
            retry: RetryPolicy::default(),
            headers: HeaderMap::new(),
        }
    }
}

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Headers that a caller must not set: ours to decide, the connection's, or an option of their own.
const RESERVED: [HeaderName; 9] = [
    AUTHORIZATION,
    PROXY_AUTHORIZATION,
    COOKIE,
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    CONNECTION,
    UPGRADE,
    IDEMPOTENCY_KEY,
];

impl CallOptions {
    /// Adds what these options say to a request's headers.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), InvalidArgument> {
        if let Some(name) = self.headers.keys().find(|name| RESERVED.contains(name)) {
            return Err(InvalidArgument::new("headers", format!("must not contain {name}")));
        }
        headers.extend(self.headers.clone());
        if let Some(key) = &self.idempotency_key {
            let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
            if !(8..=128).contains(&key.len()) || !key.bytes().all(allowed) {
                let problem = format!("must be 8 to 128 of A-Z a-z 0-9 _ -, was {} long", key.len());
                return Err(InvalidArgument::new("idempotency_key", problem));
            }
            headers.insert(IDEMPOTENCY_KEY, header("idempotency_key", key)?);
        }
        Ok(())
    }
}
