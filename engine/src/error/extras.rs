//! What certain errors say besides their code (contract 1.7): read from `details`, `None` unless it fits.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
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
        self.detail::<String>("recipient_handle").map(Handle::from)
    }

    /// How many messages wait for the recipient: `RECIPIENT_BACKLOGGED`.
    #[must_use]
    pub fn undelivered_count(&self) -> Option<u64> {
        self.detail("undelivered_count")
    }

    /// Since when a reply is awaited: `AWAITING_REPLY`.
    #[must_use]
    pub fn waiting_since(&self) -> Option<Timestamp> {
        self.detail("waiting_since")
    }

    /// Who deleted the group, and when: `GROUP_DELETED`.
    #[must_use]
    pub fn deleted_group(&self) -> Option<DeletedGroupInfo> {
        let details = self.details.as_ref().filter(|_| self.code == ErrorCode::GroupDeleted)?;
        let told = details.read::<DeletedGroupInfo>()?;
        let fits = told.group_id.is_some() || told.deleted_by_handle.is_some() || told.deleted_at.is_some();
        fits.then_some(told)
    }

    /// How many are allowed: `EMAIL_LIMIT_REACHED`, `EMAIL_EXHAUSTED`.
    #[must_use]
    pub fn limit(&self) -> Option<u64> {
        self.detail("limit")
    }

    /// The address's agents, oldest first; say which is meant: `HANDLE_REQUIRED`.
    #[must_use]
    pub fn handles(&self) -> Vec<Handle> {
        texts(self.detail::<Vec<Value>>("handles").unwrap_or_default()).map(Handle::from).collect()
    }

    /// What is wrong with which member of the request: `VALIDATION_ERROR`. What concerns the request as a whole stands
    /// under the empty name.
    #[must_use]
    pub fn field_issues(&self) -> BTreeMap<String, Vec<String>> {
        let fields = self.detail::<BTreeMap<String, Value>>("fieldErrors").unwrap_or_default();
        let form = self.detail::<Value>("formErrors").map(|list| (String::new(), list));
        let issues = |list: Value| match list {
            Value::Array(list) => texts(list).collect(),
            _ => Vec::new(),
        };
        let all = fields.into_iter().chain(form).map(|(name, list)| (name, issues(list)));
        all.filter(|(_, issues)| !issues.is_empty()).collect()
    }

    fn detail<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.details.as_ref()?.get(name)
    }
}

/// Those that are texts.
fn texts(list: Vec<Value>) -> impl Iterator<Item = String> {
    list.into_iter().filter_map(|value| match value {
        Value::String(text) => Some(text),
        _ => None,
    })
}
