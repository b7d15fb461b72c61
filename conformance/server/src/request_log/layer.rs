//! The layer that notes every request in the log.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::RecordedRequest;
use crate::app::Shared;
use crate::error::ApiError;

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
