//! Timestamps of the wire (contract 1.10): kept as text, parsed on demand.

use core::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::member::text_member;
use crate::time::UnixTime;

/// An ISO-8601 timestamp as the platform wrote it.
///
/// The platform writes two forms (milliseconds with `Z`, microseconds with `+00:00`), so the texts must
/// not be compared: compare [`unix`](Self::unix).
///
/// ```
/// use agentchat_engine::types::Timestamp;
///
/// let millis = Timestamp::from("2026-04-20T10:00:00.123Z");
/// let micros = Timestamp::from("2026-04-20T10:00:00.123000+00:00");
/// assert_eq!(millis.unix(), micros.unix());
/// assert!(Timestamp::from("yesterday").unix().is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The moment, to the millisecond; `None` if the text is not a timestamp.
    #[must_use]
    pub fn unix(&self) -> Option<UnixTime> {
        let parsed = OffsetDateTime::parse(&self.0, &Rfc3339).ok()?;
        i64::try_from(parsed.unix_timestamp_nanos().div_euclid(1_000_000)).ok().map(UnixTime::from_millis)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

text_member!(Timestamp);

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
