//! The members of an object, one by one: whatever one of them is, the others are read.

use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;
use std::borrow::Cow;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::scan::Scan;

/// Calls `each` with the name and the text of every member of an object, in their order and without recursion. Members before
/// the place of an error have been seen.
pub(crate) fn members<'a>(text: &'a str, mut each: impl FnMut(&str, &'a str)) -> serde_json::Result<()> {
    let mut seen = 0_usize;
    let scanned = by_scan(text, |name, value| {
        seen = seen.saturating_add(1);
        each(name, value);
    });
    if scanned.is_some() { Ok(()) } else { by_serde(text, each, seen) }
}

/// The same, by a scan alone. `None` if the text is for serde: then the members up to there have been seen.
pub(super) fn by_scan<'a>(text: &'a str, mut each: impl FnMut(&'a str, &'a str)) -> Option<()> {
    let mut scan = Scan::new(text);
    scan.object(|scan, name| {
        each(name, scan.value()?);
        Some(())
    })?;
    scan.end()
}

/// The same, by serde alone and without those that were `seen` before.
pub(super) fn by_serde<'a>(text: &'a str, each: impl FnMut(&str, &'a str), seen: usize) -> serde_json::Result<()> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_map(Each { each, seen })?;
    deserializer.end()
}

/// The text of a member. `None` if there is no such member, or the text is no object.
pub(crate) fn member<'a>(text: &'a str, wanted: &str) -> Option<&'a str> {
    let mut found = None;
    members(text, |name, value| {
        if name == wanted {
            found = Some(value);
        }
    })
    .ok()?;
    found
}

struct Each<F> {
    each: F,
    seen: usize,
}

impl<'de, F: FnMut(&str, &'de str)> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<LossyName<'de>>()? {
            let value = members.next_value::<&RawValue>()?.get();
            match self.seen.checked_sub(1) {
                Some(left) => self.seen = left,
                None => (self.each)(&name, value),
            }
        }
        Ok(())
    }
}

/// The name of a member where the text was not repaired. A lone surrogate in it becomes several U+FFFD: no name that anybody looks
/// for has one.
struct LossyName<'a>(Cow<'a, str>);

impl Deref for LossyName<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for LossyName<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As bytes, for as a string a lone surrogate is an error.
        deserializer.deserialize_bytes(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = LossyName<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        // Nearly every name is UTF-8, and found to be faster so.
        let lossy = |_| String::from_utf8_lossy(bytes);
        Ok(LossyName(core::str::from_utf8(bytes).map_or_else(lossy, Cow::Borrowed)))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(LossyName(Cow::Owned(String::from_utf8_lossy(bytes).into_owned())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(LossyName(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(LossyName(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(LossyName(Cow::Owned(text)))
    }
}

/// Read from an object and from nothing else: a derived struct alone also takes an array of its members.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Self)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> (Vec<(String, String)>, bool) {
        let mut seen = Vec::new();
        let read = members(text, |name, value| seen.push((name.to_owned(), value.to_owned())));
        (seen, read.is_ok())
    }

    #[test]
    fn every_member_is_seen_whatever_the_others_are() {
        let (seen, read) = seen(r#"{"a":1e400,"b":"\ud83d","a":2,"\udc00":[],"i\u0064":"x"}"#);
        assert!(read);
        let names: Vec<_> = seen.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a", "b", "a", "\u{fffd}\u{fffd}\u{fffd}", "id"]);
        assert_eq!(seen[2].1, "2");
    }

    #[test]
    fn what_stands_before_an_error_is_seen() {
        assert_eq!(seen(r#"{"a":1,"b":"#), (vec![("a".to_owned(), "1".to_owned())], false));
        for text in ["[1]", "null", "7", "", r#"{"a":1} x"#] {
            assert!(!seen(text).1, "{text}");
        }
    }
}
