//! Reading JSON that strangers wrote: bounded depth, objects that are objects, and fields that tolerate any type.

use core::fmt;
use core::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::limits;

/// The largest seq that every JSON reader keeps exactly: 2^53 − 1.
const MAX_SAFE_SEQ: u64 = (1 << 53) - 1;

/// Levels of arrays and objects in a JSON text, without recursion. Brackets inside strings do not count.
pub(crate) fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in text.bytes() {
        if in_string {
            (escaped, in_string) = (byte == b'\\' && !escaped, byte != b'"' || escaped);
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth = depth.saturating_add(1);
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Whether a JSON text of at most `largest` bytes would take more memory than [`limits::PARSED`] times that, once it is parsed.
pub(crate) fn is_too_heavy(text: &str, largest: usize) -> bool {
    weight(text) > largest.saturating_mul(limits::PARSED)
}

/// Bytes that a JSON text takes at most while it is parsed, whatever is made of it. Estimated from its commas and brackets,
/// because a member costs far more than its text: a map of one member allocates a node for eleven, and what is kept in
/// `extra` is held twice for a moment. `tests/memory.rs` holds it against what is allocated.
fn weight(text: &str) -> usize {
    let (mut weight, mut in_string, mut escaped) = (text.len(), false, false);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if in_string {
            (escaped, in_string) = (byte == b'\\' && !escaped, byte != b'"' || escaped);
            continue;
        }
        let costs = match byte {
            b'"' => {
                in_string = true;
                0
            }
            b'{' | b'[' if matches!(bytes.peek(), Some(b'}' | b']')) => 64,
            b'{' => 900,
            b'[' => 256,
            b',' => 192,
            b':' => 64,
            _ => 0,
        };
        weight = weight.saturating_add(costs);
    }
    weight
}

/// What is read from an object and from nothing else: a derived struct alone also takes an array of its members.
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members))
    }
}

/// A field that is a string, or anything else, which reads as absent.
#[derive(Debug, Default)]
pub(crate) struct MaybeText(pub(crate) Option<String>);

/// A field that is a whole number from 0 to 2^53 − 1, or anything else, which reads as absent.
#[derive(Debug, Default)]
pub(crate) struct MaybeSeq(pub(crate) Option<u64>);

impl<'de> Deserialize<'de> for MaybeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tolerant).map(|seen| match seen {
            Seen::Text(text) => Self(Some(text)),
            Seen::Number(_) | Seen::Other => Self(None),
        })
    }
}

impl<'de> Deserialize<'de> for MaybeSeq {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tolerant).map(|seen| match seen {
            Seen::Number(n) if n <= MAX_SAFE_SEQ => Self(Some(n)),
            Seen::Number(_) | Seen::Text(_) | Seen::Other => Self(None),
        })
    }
}

enum Seen {
    Text(String),
    Number(u64),
    Other,
}

/// Accepts every JSON value, keeping strings and whole numbers.
struct Tolerant;

impl<'de> Visitor<'de> for Tolerant {
    type Value = Seen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Seen, E> {
        Ok(Seen::Text(text.to_owned()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Seen, E> {
        Ok(Seen::Number(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Seen, E> {
        Ok(Seen::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Seen, E> {
        Ok(Seen::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Seen, E> {
        Ok(Seen::Other)
    }

    fn visit_unit<E>(self) -> Result<Seen, E> {
        Ok(Seen::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Seen, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Seen::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Seen, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Seen::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert_eq!(depth("1"), 0);
        assert_eq!(depth(r#"{"a":[1,[2]],"b":{}}"#), 3);
        assert_eq!(depth(r#"{"a":"[[[\"[[","b":"\\"}"#), 1);
        assert_eq!(depth(&"[".repeat(100_000)), 100_000);
    }

    #[test]
    fn small_values_are_heavy_and_text_is_not() {
        assert!(weight(&r#"{"a":1},"#.repeat(1_000)) > 1_000_000);
        assert!(weight(&format!("[{:?}]", r#"{"a":1},"#.repeat(1_000))) < 20_000);
        assert!(is_too_heavy("[0,0]", 1) && !is_too_heavy("[0,0]", 1_000));
    }

    #[test]
    fn only_whole_safe_numbers_are_seqs() {
        let seq = |text: &str| serde_json::from_str::<MaybeSeq>(text).unwrap().0;
        assert_eq!(seq("7"), Some(7));
        assert_eq!(seq("9007199254740991"), Some(9_007_199_254_740_991));
        for other in ["9007199254740992", "-1", "1.0", "1.5", "1e3", "\"1\"", "true", "null", "[1]", "{}"] {
            assert_eq!(seq(other), None, "{other}");
        }
    }
}
