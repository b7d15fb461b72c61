//! What certain errors say besides their code (wire contract 1.7): read from `details`, `None` unless it fits.

use std::collections::BTreeMap;

use serde_json::Value;

use super::api::ApiError;
use super::code::ErrorCode;
use crate::types::{DeletedGroupInfo, Handle, Timestamp};

/// ```
/// # use agentchat_engine::ApiError;
/// fn explain(error: &ApiError) -> String {
///     match (error.recipient(), error.waiting_since()) {
///         (Some(handle), Some(since)) => format!("@{handle} has not answered since {since}"),
///         _ => error.to_string(),
///     }
/// }
/// ```
impl ApiError {
    /// Whom the error is about: `AWAITING_REPLY`, `RECIPIENT_BACKLOGGED`.
    #[must_use]
    pub fn recipient(&self) -> Option<Handle> {
        self.detail("recipient_handle")?.as_str().map(Handle::from)
    }

    /// How many messages wait for the recipient: `RECIPIENT_BACKLOGGED`.
    #[must_use]
    pub fn undelivered_count(&self) -> Option<u64> {
        self.detail("undelivered_count")?.as_u64()
    }

    /// Since when a reply is awaited: `AWAITING_REPLY`.
    #[must_use]
    pub fn waiting_since(&self) -> Option<Timestamp> {
        self.detail("waiting_since")?.as_str().map(Timestamp::from)
    }

    /// Who deleted the group, and when: `GROUP_DELETED`.
    #[must_use]
    pub fn deleted_group(&self) -> Option<DeletedGroupInfo> {
        if self.code != ErrorCode::GroupDeleted {
            return None;
        }
        serde_json::from_value(self.details.clone()?).ok()
    }

    /// How many are allowed: `EMAIL_LIMIT_REACHED`, `EMAIL_EXHAUSTED`.
    #[must_use]
    pub fn limit(&self) -> Option<u64> {
        self.detail("limit")?.as_u64()
    }

    /// The address's agents, oldest first; say which is meant: `HANDLE_REQUIRED`.
    #[must_use]
    pub fn handles(&self) -> Vec<Handle> {
        let list = self.detail("handles").and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(Handle::from).collect()
    }

    /// What is wrong with which member of the request: `VALIDATION_ERROR`. What concerns the request as a whole stands
    /// under the empty name.
    #[must_use]
    pub fn field_issues(&self) -> BTreeMap<String, Vec<String>> {
        let texts = |list: &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let fields = self.detail("fieldErrors").and_then(Value::as_object);
        let fields = fields.into_iter().flatten().map(|(name, list)| (name.clone(), texts(list)));
        let form = self.detail("formErrors").map(|list| (String::new(), texts(list)));
        fields.chain(form).filter(|(_, issues)| !issues.is_empty()).collect()
    }

    fn detail(&self, name: &str) -> Option<&Value> {
        self.details.as_ref()?.get(name)
    }
}
