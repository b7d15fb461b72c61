//! Pages of the sync: rows that are read one by one, so that a bad one spoils no other.

use core::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::DeliveryId;
use super::member::or_empty;
use super::row::{Row, Unreadable};
use crate::limits;

/// One row of a sync page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncRow {
    /// A message.
    Message(Row),
    /// A row that cannot be read; the cursor must not pass it unnoticed.
    Unreadable(Box<Unreadable>),
}

impl SyncRow {
    /// The cursor of the row, if it has one.
    #[must_use]
    pub fn delivery_id(&self) -> Option<&DeliveryId> {
        match self {
            Self::Message(row) => row.header().delivery_id.as_ref(),
            Self::Unreadable(unreadable) => unreadable.delivery_id.as_ref(),
        }
    }
}

/// A page of undelivered messages, oldest first (contract 2.3): sparse, so gaps in `seq` mean nothing.
///
/// Read from a bare array, or from an object with `envelopes`, as older documents show it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncPage {
    /// The rows, in the order given.
    pub rows: Vec<SyncRow>,
}

impl<'de> Deserialize<'de> for SyncPage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Older {
            envelopes: Rows,
        }
        let raw = <&RawValue>::deserialize(deserializer)?;
        let rows = if raw.get().trim_start().starts_with('[') {
            serde_json::from_str::<Rows>(raw.get())
        } else {
            serde_json::from_str::<Older>(raw.get()).map(|older| older.envelopes)
        };
        rows.map(|Rows(rows)| Self { rows }).map_err(D::Error::custom)
    }
}

/// The rows of a page, so many that they can be held.
struct Rows(Vec<SyncRow>);

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RowReader).map(Self)
    }
}

struct RowReader;

impl<'de> Visitor<'de> for RowReader {
    type Value = Vec<SyncRow>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut given: A) -> Result<Vec<SyncRow>, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = given.next_element::<&RawValue>()? {
            if rows.len() >= limits::PAGE_ROWS {
                return Err(A::Error::custom("it has too many rows"));
            }
            rows.push(match Row::read(row.get()) {
                Ok(row) => SyncRow::Message(row),
                Err(unreadable) => SyncRow::Unreadable(unreadable),
            });
        }
        Ok(rows)
    }
}

/// How many deliveries a cursor committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SyncAcked {
    /// Deliveries that were stored until now; 0 where the server does not say.
    #[serde(default, deserialize_with = "or_empty")]
    pub acked: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_an_array_or_envelopes_and_keeps_poison_rows() {
        let row = r#"{"id":"m","conversation_id":"c","delivery_id":"d"}"#;
        let bare = serde_json::from_str::<SyncPage>(&format!("[{row},null]")).unwrap();
        assert_eq!(bare.rows.len(), 2);
        assert!(matches!(bare.rows[1], SyncRow::Unreadable(_)));
        let older = serde_json::from_str::<SyncPage>(&format!(r#"{{"envelopes":[{row}]}}"#)).unwrap();
        assert_eq!(older.rows[0], bare.rows[0]);
        for other in ["{}", "null", r#"{"code":"X","message":"y"}"#, "7"] {
            assert!(serde_json::from_str::<SyncPage>(other).is_err(), "{other}");
        }
    }
}
