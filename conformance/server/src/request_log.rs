//! What callers really sent, kept for conformance tests to look at.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::app::Shared;
use super::error::ApiError;

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

/// Reads the body, notes the request and passes both on.
pub(crate) async fn layer(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, app.settings.request_body_bytes).await else {
        return ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "Request body too large")
            .into_response();
    };
    app.requests.push(record(&parts, body.clone()));
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn record(parts: &Parts, body: Bytes) -> RecordedRequest {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = if *name == AUTHORIZATION { redacted(&value).into() } else { value };
        let joined = headers.entry(name.as_str().to_owned()).or_default();
        if !joined.is_empty() {
            joined.push_str(", ");
        }
        joined.push_str(&value);
    }
    RecordedRequest {
        number: 0, // Until it is in the log.
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers,
        body,
    }
}

fn redacted(authorization: &str) -> &'static str {
    if authorization.starts_with("Bearer ") { "Bearer [redacted]" } else { "[redacted]" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_not_printed() {
        let request = Request::post("/v1/register/verify?signature=5ecret").header("idempotency-key", "5ecret-key");
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        let shown = format!("{:?}", record(&parts, Bytes::from_static(b"{\"code\":\"5ecret\"}")));
        assert!(shown.contains("POST") && shown.contains("/v1/register/verify"), "{shown}");
        assert!(!shown.contains("5ecret"), "{shown}");
    }
}
