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
use crate::option_ranges::lasting;
use crate::options_macro::options;

options! {
    /// How often and how patiently a call is repeated.
    ///
    /// ```
    /// use agentchat_engine::rest::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::default().max_retries(5).max_retries, 5);
    /// assert_eq!(RetryPolicy::never().max_retries, 0);
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RetryPolicy {
        /// Retries after the first attempt; default 3, zero for none.
        max_retries: u32 = limits::RETRIES;
        /// The first wait, doubled for each further one up to [`cap`](Self::cap), ± 25 %; default 250 ms, zero for no waits.
        base: Duration = limits::RETRY_BASE;
        /// The longest computed wait; default 8 s, zero for no waits.
        cap: Duration = limits::RETRY_CAP;
        /// The longest `Retry-After` that is obeyed; past it the call ends at once with the hint. Default 60 s, zero for none.
        retry_after_cap: Duration = limits::RETRY_AFTER_CAP;
    }
}

impl RetryPolicy {
    /// One attempt only.
    #[must_use]
    pub fn never() -> Self {
        Self::default().max_retries(0)
    }
}

options! {
    /// Options of one call.
    ///
    /// ```
    /// use agentchat_engine::CallOptions;
    /// use std::time::Duration;
    ///
    /// let options = CallOptions::default().timeout(Duration::from_secs(5)).deadline(None);
    /// assert_eq!(options.timeout, Some(Duration::from_secs(5)));
    /// ```
    #[derive(Clone, PartialEq, Eq)]
    pub struct CallOptions {
        /// Time for each attempt, from its first byte out to its last byte in; default 30 s, at least 1 ms, `None` for no limit.
        timeout: Option<Duration> = Some(limits::ATTEMPT_TIMEOUT), set by optional(Duration);
        /// Time for the whole call, waits included; default 150 s, at least 1 ms, `None` for no limit.
        deadline: Option<Duration> = Some(limits::CALL_DEADLINE), set by optional(Duration);
        /// A key under which the platform recognises repeats, where it honours one: 8 to 128 of `A–Z a–z 0–9 _ -`. Default none,
        /// and a key of its own for each call that needs one.
        idempotency_key: Option<String> = None, set by some(String);
        /// When to repeat.
        retry: RetryPolicy = RetryPolicy::default();
        /// Further headers; default none. Those that authenticate or frame the request, or have an option of their own, are
        /// refused.
        headers: HeaderMap = HeaderMap::new();
    }
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
    /// Whether every value is in its range and can be sent. A call whose options are not is refused before a request exists.
    ///
    /// ```
    /// use agentchat_engine::CallOptions;
    /// use std::time::Duration;
    ///
    /// let refused = CallOptions::default().timeout(Duration::ZERO).check().unwrap_err();
    /// assert_eq!(refused.to_string(), "timeout must be at least 1ms, was 0ns");
    /// ```
    ///
    /// # Errors
    /// [`InvalidArgument`], which names the option and what is wrong with it.
    pub fn check(&self) -> Result<(), InvalidArgument> {
        self.timeout.map_or(Ok(()), |timeout| lasting("timeout", timeout))?;
        self.deadline.map_or(Ok(()), |deadline| lasting("deadline", deadline))?;
        if let Some(name) = self.headers.keys().find(|name| RESERVED.contains(name)) {
            return Err(InvalidArgument::new("headers", format!("must not contain {name}")));
        }
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        match &self.idempotency_key {
            Some(key) if !(8..=128).contains(&key.len()) || !key.bytes().all(allowed) => {
                let problem = format!("must be 8 to 128 of A-Z a-z 0-9 _ -, was {} long", key.len());
                Err(InvalidArgument::new("idempotency_key", problem))
            }
            _ => Ok(()),
        }
    }

    /// Adds what these options say to a request's headers, if they may.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), InvalidArgument> {
        self.check()?;
        headers.extend(self.headers.clone());
        if let Some(key) = &self.idempotency_key {
            headers.insert(IDEMPOTENCY_KEY, header("idempotency_key", key)?);
        }
        Ok(())
    }
}
