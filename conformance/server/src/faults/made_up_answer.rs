//! An answer that does not come from the platform's rules.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::invalid_rule::InvalidRule;

/// A status with headers and a body of one's own.
///
/// ```
/// use agentchat_local::faults::MadeUpAnswer;
/// use serde_json::json;
/// let busy = MadeUpAnswer { headers: vec![("retry-after".into(), "3".into())], ..MadeUpAnswer::new(503) };
/// let html = MadeUpAnswer { body: json!("<h1>Bad gateway</h1>"), ..MadeUpAnswer::new(502) };
/// assert_ne!(busy, html);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeUpAnswer {
    /// 200 to 999.
    pub status: u16,
    /// Names and values. A name may come twice.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// A text is sent as it is, and without a `Content-Type` if `headers` has none; `null` is an empty body; everything
    /// else is sent as JSON.
    #[serde(default)]
    pub body: Value,
}

impl MadeUpAnswer {
    /// A status with nothing else.
    #[must_use]
    pub fn new(status: u16) -> MadeUpAnswer {
        MadeUpAnswer { status, headers: Vec::new(), body: Value::Null }
    }

    pub(super) fn check(&self) -> Result<(), InvalidRule> {
        if !(200..=999).contains(&self.status) {
            return Err(InvalidRule::new("a status must be 200 to 999"));
        }
        for (name, value) in &self.headers {
            if HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err() {
                return Err(InvalidRule::new(format!("the header {name:?} cannot be sent")));
            }
        }
        Ok(())
    }

    pub(super) fn response(&self) -> Response {
        let mut response = match &self.body {
            Value::Null => Body::empty().into_response(),
            Value::String(text) => Body::from(text.clone()).into_response(),
            json => axum::Json(json).into_response(),
        };
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut own_type = false;
        for (name, value) in &self.headers {
            // Checked when the rule was added.
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                if name == CONTENT_TYPE && !std::mem::replace(&mut own_type, true) {
                    response.headers_mut().remove(CONTENT_TYPE);
                }
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}
