//! [`JsonText`]: JSON of the peer's that is kept as its text, because nobody may ever ask for it.

use core::fmt;

use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::json::{MaybeText, is_too_heavy};
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

    /// A member of the object that it is. `None` if there is none of that name or it does not read as a `T`.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let mut deserializer = serde_json::Deserializer::from_str(self.as_str());
        parse(deserializer.deserialize_map(Member(name)).ok()??.get())
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Option<T> {
    if is_too_heavy(text, limits::ERROR_BODY) { None } else { serde_json::from_str(text).ok() }
}

impl PartialEq for JsonText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Debug for JsonText {
    /// The beginning of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonText").field(&bounded(self.as_str(), limits::WORDS)).finish()
    }
}

/// Finds a member by its name; of several the last, as a map would.
struct Member<'a>(&'a str);

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = members.next_key::<String>()? {
            if name == self.0 {
                found = Some(members.next_value()?);
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// The members of an error body: what every error has, and the rest as the text of an object. They stand on top, or under
/// `error` (wire contract 2.13).
#[derive(Debug, Default)]
pub(super) struct ErrorBody {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) details: Option<JsonText>,
    pub(super) extra: Option<JsonText>,
}

impl<'de> Deserialize<'de> for ErrorBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Members { code, message, details, extra } = deserializer.deserialize_map(ErrorMembers { on_top: true })?;
        let extra = if extra.is_empty() { None } else { JsonText::new(format!("{{{extra}}}")) };
        Ok(Self { code, message, details, extra })
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
    /// Those that stand under `error`, if there is a code among them.
    fn nested(text: &str) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let inner = deserializer.deserialize_map(ErrorMembers { on_top: false }).ok()?;
        inner.code.is_some().then_some(inner)
    }

    fn keep(&mut self, members: &str) {
        if !self.extra.is_empty() && !members.is_empty() {
            self.extra.push(',');
        }
        self.extra.push_str(members);
    }
}

struct ErrorMembers {
    on_top: bool,
}

impl<'de> Visitor<'de> for ErrorMembers {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members, A::Error> {
        let (mut body, mut error) = (Members::default(), None);
        let member = |name: String, value: &RawValue| format!("{}:{}", Value::from(name), value.get());
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "code" => body.code = members.next_value::<MaybeText>()?.0,
                "message" => body.message = members.next_value::<MaybeText>()?.0,
                "details" => body.details = members.next_value::<Option<Box<RawValue>>>()?.map(JsonText),
                "error" if self.on_top => error = Some(members.next_value::<&RawValue>()?),
                _ => body.keep(&member(name, members.next_value()?)),
            }
        }
        let inner = error.filter(|_| body.code.is_none()).and_then(|error| Members::nested(error.get()));
        match (inner, error) {
            (Some(mut inner), _) => {
                inner.keep(&body.extra);
                return Ok(inner);
            }
            (None, Some(error)) => body.keep(&member("error".to_owned(), error)),
            (None, None) => {}
        }
        Ok(body)
    }
}
