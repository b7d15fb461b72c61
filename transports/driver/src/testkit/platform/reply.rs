//! An answer of the platform: its status, and the JSON of its body.

use serde_json::{Value, json};

pub(super) type Answer = (u16, Value);

pub(super) fn refusal(status: u16, code: &str) -> Answer {
    (status, json!({"code": code, "message": format!("the test platform says {code}")}))
}

/// A handle without `@`, in lower case.
pub(super) fn bare(handle: &str) -> String {
    handle.trim_start_matches('@').to_lowercase()
}
