//! What callers really sent, kept for conformance tests to look at.

mod layer;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

pub(crate) use self::layer::layer;

/// One request as it arrived.
///
/// ```
/// # use agentchat_local::{LocalPlatform, Settings};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let platform = LocalPlatform::start(Settings::default()).await?;
/// // … after a client has made its calls:
/// for request in platform.requests() {
///     println!("{} {}?{} {:?}", request.method, request.path, request.query, request.headers.get("user-agent"));
/// }
/// # Ok(())
/// # }
/// ```
///
/// Its `Debug` shows neither query, headers nor body: there are one-time codes and signed links in them.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// Counts the requests of a platform, from 1.
    pub number: u64,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// What follows the `?`, still percent-encoded; empty without one.
    pub query: String,
    /// Headers by lowercase name, repeated ones joined by `, `. The value of `authorization` is replaced by
    /// `Bearer [redacted]`, or `[redacted]` if it was of another scheme.
    pub headers: BTreeMap<String, String>,
    /// The raw body.
    pub body: Bytes,
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedRequest")
            .field("number", &self.number)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl RecordedRequest {
    /// The parameters in [`RecordedRequest::query`], decoded, in their order.
    #[must_use]
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }
}

/// The last requests, oldest first.
#[derive(Debug)]
pub(crate) struct RequestLog {
    capacity: usize,
    /// They, and how many there have been.
    requests: Mutex<(VecDeque<RecordedRequest>, u64)>,
}

impl RequestLog {
    pub(crate) fn new(capacity: usize) -> RequestLog {
        RequestLog { capacity, requests: Mutex::default() }
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).0.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).0.clear();
    }

    fn push(&self, mut request: RecordedRequest) {
        let (requests, count) = &mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        request.number = *count;
        requests.push_back(request);
        while requests.len() > self.capacity {
            requests.pop_front();
        }
    }
}
