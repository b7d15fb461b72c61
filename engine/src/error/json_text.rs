//! [`JsonText`]: JSON of the peer's that is kept as its text, because nobody may ever ask for it.

use core::fmt;
use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::json::{self, is_too_heavy};
use crate::limits;
use crate::redact::{self, Mask};
use crate::words::bounded;

/// JSON as it came, parsed when it is asked for: as a tree it can take a hundred times the memory.
///
/// ```
/// # use agentchat_engine::ApiError;
/// fn waiting_since(error: &ApiError) -> Option<String> {
///     error.details.as_ref()?.get("waiting_since")
/// }
/// ```
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct JsonText(Box<RawValue>);

impl JsonText {
    /// `None` if it is not JSON.
    pub(crate) fn new(text: String) -> Option<Self> {
        RawValue::from_string(text).ok().map(Self)
    }

    /// The same without secrets. `None` if it is not JSON any more, which masking does not bring about.
    pub(super) fn masked(self, mask: &Mask) -> Option<Self> {
        Self::new(mask.json(self.as_str(), redact::Members::Usual))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// All of it. `None` if it is nested deeper than 127 levels, or would take more than 16 MiB of memory.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        parse(self.as_str())
    }

    /// A member of the object that it is. `None` if no member has that name or its value does not read as a `T`.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        parse(json::member(self.as_str(), name)?)
    }

    /// All of it as a `T`. `None` if it does not read as one.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        parse(self.as_str())
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Option<T> {
    if is_too_heavy(text, limits::ERROR_BODY) { None } else { json::read(text).ok() }
}

impl PartialEq for JsonText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Debug for JsonText {
    /// The beginning of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonText").field(&bounded(self.as_str(), limits::PEER_TEXT)).finish()
    }
}

/// The members of an error body: what every error has, and the rest as the text of an object. They stand on top, or under
/// `error` (contract 2.13).
#[derive(Debug, Default)]
pub(super) struct ErrorBody {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) details: Option<JsonText>,
    pub(super) extra: Option<JsonText>,
}

impl ErrorBody {
    /// Empty if the text is no object.
    pub(super) fn read(text: &str) -> Self {
        let Members { code, message, details, extra } = Members::outer(text).unwrap_or_default();
        let extra = if extra.is_empty() { None } else { JsonText::new(format!("{{{extra}}}")) };
        Self { code, message, details, extra }
    }
}

#[derive(Default)]
struct Members {
    code: Option<String>,
    message: Option<String>,
    details: Option<JsonText>,
    /// The others, without the braces around them.
    extra: String,
}

impl Members {
    /// Those of a body: its own, or those that stand under `error`, if there is a code among them and none beside it.
    fn outer(text: &str) -> Option<Self> {
        let mut body = Self::read(text)?;
        let Some(error) = json::member(text, "error") else { return Some(body) };
        match Self::read(error).filter(|inner| body.code.is_none() && inner.code.is_some()) {
            Some(mut inner) => {
                inner.keep(&body.extra);
                Some(inner)
            }
            None => {
                body.keep(&member("error", error));
                Some(body)
            }
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut found = Self::default();
        json::members(text, |name, value| match name {
            "code" => found.code = json::text(value).map(Cow::into_owned),
            "message" => found.message = json::text(value).map(Cow::into_owned),
            "details" if value == "null" => found.details = None,
            "details" => found.details = RawValue::from_string(value.to_owned()).ok().map(JsonText),
            "error" => {}
            _ => found.keep(&member(name, value)),
        })
        .ok()?;
        Some(found)
    }

    fn keep(&mut self, members: &str) {
        if !self.extra.is_empty() && !members.is_empty() {
            self.extra.push(',');
        }
        self.extra.push_str(members);
    }
}

fn member(name: &str, value: &str) -> String {
    format!("{}:{value}", Value::from(name))
}
