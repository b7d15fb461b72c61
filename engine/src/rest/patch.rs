//! A member of an update that can be set, cleared, or left alone.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A new value, or none. In an update, `Option<Patch<T>>` tells leaving alone from clearing.
///
/// ```
/// use agentchat_engine::rest::{Patch, UpdateGroup};
///
/// let renamed = UpdateGroup::new("grp_1").name("Crabs").description(Patch::Clear);
/// let described = UpdateGroup::new("grp_1").description("about crabs");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Patch<T> {
    /// This value from now on.
    Set(T),
    /// No value from now on.
    Clear,
}

impl<T> Patch<T> {
    pub(crate) fn set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Clear => None,
        }
    }
}

impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

impl From<&str> for Patch<String> {
    fn from(value: &str) -> Self {
        Self::Set(value.to_owned())
    }
}

impl From<String> for Patch<String> {
    fn from(value: String) -> Self {
        Self::Set(value)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.set().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}
