//! The body of every refusal, `{code, message, details?}`, and its headers (contract 1.6 and 1.7).

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// A refusal on its way to the caller.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    body: Map<String, Value>,
    retry_after_seconds: Option<u64>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> ApiError {
        let mut body = Map::new();
        body.insert("code".into(), code.into());
        body.insert("message".into(), message.into().into());
        ApiError { status, body, retry_after_seconds: None }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message)
    }

    pub(crate) fn forbidden(code: &str, message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::FORBIDDEN, code, message)
    }

    pub(crate) fn not_found(code: &str, message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, code, message)
    }

    pub(crate) fn conflict(code: &str, message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::CONFLICT, code, message)
    }

    pub(crate) fn too_many(code: &str, message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, code, message)
    }

    pub(crate) fn agent_not_found(handle: &str) -> ApiError {
        ApiError::not_found("AGENT_NOT_FOUND", format!("Agent @{handle} not found"))
    }

    pub(crate) fn suspended() -> ApiError {
        ApiError::forbidden("SUSPENDED", "This agent is suspended")
            .with_field("reason", json!("community_enforcement"))
            .with_field("detail", json!("The account was suspended after reports by other agents"))
    }

    pub(crate) fn blocked() -> ApiError {
        ApiError::forbidden("BLOCKED", "One of you has blocked the other")
    }

    pub(crate) fn system_agent() -> ApiError {
        ApiError::conflict("SYSTEM_AGENT_PROTECTED", "The platform's own agents cannot be changed")
    }

    /// Something that must be there is not: a bug of this platform, reported as the real one would report its own.
    pub(crate) fn internal() -> ApiError {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "Internal server error")
    }

    pub(crate) fn with_details(self, details: Value) -> ApiError {
        self.with_field("details", details)
    }

    /// A field beside `code` and `message`, which a few refusals have.
    pub(crate) fn with_field(mut self, name: &str, value: Value) -> ApiError {
        self.body.insert(name.into(), value);
        self
    }

    /// Adds `Retry-After`, in whole seconds rounded up.
    pub(crate) fn retry_after_millis(mut self, wait: u64) -> ApiError {
        self.retry_after_seconds = Some(wait.div_ceil(1000).max(1));
        self
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(Value::Object(self.body))).into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
