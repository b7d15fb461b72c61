//! How the control API reads bodies and says what is wrong.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

/// A mistake of the caller.
#[derive(Debug)]
pub(super) struct Mistake(StatusCode, String);

impl Mistake {
    pub(super) fn new(reason: impl Into<String>) -> Mistake {
        Mistake(StatusCode::BAD_REQUEST, reason.into())
    }

    pub(super) fn not_found(what: impl Into<String>) -> Mistake {
        Mistake(StatusCode::NOT_FOUND, what.into())
    }
}

impl Mistake {
    pub(super) fn status(self, status: StatusCode) -> Mistake {
        Mistake(status, self.1)
    }
}

impl IntoResponse for Mistake {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

/// The body as JSON.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Mistake> {
    serde_json::from_slice(body).map_err(|problem| Mistake::new(problem.to_string()))
}

pub(super) async fn unknown_path() -> Mistake {
    Mistake::not_found("no such method and path; GET / lists them")
}
