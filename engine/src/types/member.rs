//! Members of the platform's objects: read as what the contract says, or kept as they are.

use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;
use std::borrow::Cow;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::Serialize;
use serde_json::{Map, Value};

use super::Extra;

/// What a member may hold. Each method makes one of a kind of JSON value, if it is of that kind.
pub(crate) trait Member: Sized {
    fn from_text(_: &str) -> Option<Self> {
        None
    }

    fn from_number(_: u64) -> Option<Self> {
        None
    }

    fn from_bool(_: bool) -> Option<Self> {
        None
    }

    fn from_array<'de, A: SeqAccess<'de>>(items: A) -> Result<Read<Self>, A::Error> {
        misfit(Value::deserialize(SeqAccessDeserializer::new(items))?)
    }

    fn from_object<'de, A: MapAccess<'de>>(members: A) -> Result<Read<Self>, A::Error> {
        misfit(Value::deserialize(MapAccessDeserializer::new(members))?)
    }
}

fn misfit<T, E>(value: Value) -> Result<Read<T>, E> {
    Ok(Read::Misfit { value, problem: "it is of another type than the contract says" })
}

/// A value, read.
pub(crate) enum Read<T> {
    Fits(T),
    Null,
    /// Another value than the contract says, and why it is.
    Misfit {
        value: Value,
        problem: &'static str,
    },
}

/// The name of a member. A lone surrogate in it is an error, as it is in any text of the platform's, which
/// [`json::read`](crate::json::read) then repairs.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct MemberName<'a>(#[serde(borrow)] Cow<'a, str>);

impl MemberName<'_> {
    pub(crate) fn into_owned(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for MemberName<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Reads the next member of an object: absent and null alike. One that does not fit goes to `extra`.
pub(crate) fn next<'de, T: Member, A: MapAccess<'de>>(
    members: &mut A,
    name: MemberName<'_>,
    extra: &mut Extra,
) -> Result<Option<T>, A::Error> {
    match members.next_value()? {
        Read::Fits(value) => {
            // Of a member that is there twice the last counts.
            if !extra.is_empty() {
                extra.remove(&*name);
            }
            Ok(Some(value))
        }
        Read::Null => Ok(None),
        Read::Misfit { value, .. } => {
            extra.insert(name.into_owned(), value);
            Ok(None)
        }
    }
}

/// Puts back what was read of a member, for an object that does not fit as a whole.
pub(crate) fn put(object: &mut Extra, name: &str, member: Option<impl Serialize>) {
    if let Some(value) = member.and_then(|member| serde_json::to_value(member).ok()) {
        object.insert(name.to_owned(), value);
    }
}

/// Reads a value that must fit.
pub(crate) fn whole<'de, T: Member, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    match Read::deserialize(deserializer)? {
        Read::Fits(value) => Ok(value),
        Read::Null => Err(D::Error::custom("it is null")),
        Read::Misfit { problem, .. } => Err(D::Error::custom(problem)),
    }
}

/// Reads a value that counts as absent if it does not fit, where there is no `extra` to keep it.
pub(crate) fn optional<'de, T: Member, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(match Read::deserialize(deserializer)? {
        Read::Fits(value) => Some(value),
        Read::Null | Read::Misfit { .. } => None,
    })
}

/// Reads a value that counts as empty if it does not fit, where there is no `extra` to keep it.
pub(crate) fn or_empty<'de, T: Member + Default, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    optional(deserializer).map(Option::unwrap_or_default)
}

/// Reads an object of a type that derives how it is read.
pub(crate) fn derived<'de, T: DeserializeOwned, A: MapAccess<'de>>(members: A) -> Result<Read<T>, A::Error> {
    let value = Value::deserialize(MapAccessDeserializer::new(members))?;
    Ok(match T::deserialize(&value) {
        Ok(read) => Read::Fits(read),
        Err(_) => Read::Misfit { value, problem: "a member that it needs is missing or of another type" },
    })
}

impl<'de, T: Member> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadVisitor(PhantomData))
    }
}

struct ReadVisitor<T>(PhantomData<T>);

impl<T> ReadVisitor<T> {
    fn read<E>(read: Option<T>, other: impl Into<Value>) -> Result<Read<T>, E> {
        read.map_or_else(|| misfit(other.into()), |value| Ok(Read::Fits(value)))
    }
}

impl<'de, T: Member> Visitor<'de> for ReadVisitor<T> {
    type Value = Read<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Read<T>, E> {
        Self::read(T::from_bool(value), value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<Read<T>, E> {
        Self::read(T::from_number(value), value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Read<T>, E> {
        misfit(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Read<T>, E> {
        misfit(value.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Read<T>, E> {
        Self::read(T::from_text(text), text)
    }

    fn visit_unit<E>(self) -> Result<Read<T>, E> {
        Ok(Read::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Read<T>, A::Error> {
        T::from_array(items)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Read<T>, A::Error> {
        T::from_object(members)
    }
}

impl Member for String {
    fn from_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Member for u64 {
    fn from_number(number: u64) -> Option<Self> {
        Some(number)
    }
}

impl Member for bool {
    fn from_bool(value: bool) -> Option<Self> {
        Some(value)
    }
}

impl Member for Map<String, Value> {
    fn from_object<'de, A: MapAccess<'de>>(members: A) -> Result<Read<Self>, A::Error> {
        Self::deserialize(MapAccessDeserializer::new(members)).map(Read::Fits)
    }
}

/// Says of a type that it is made of any text.
macro_rules! text_member {
    ($Name:ty) => {
        impl $crate::types::Member for $Name {
            fn from_text(text: &str) -> Option<Self> {
                Some(Self::from(text))
            }
        }
    };
}

pub(crate) use text_member;
