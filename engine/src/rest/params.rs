//! Parameters given as JSON, for calls by name. Errors name the parameter and never quote a value.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::InvalidArgument;

/// The parameters that were not taken yet.
pub(crate) struct Params(Map<String, Value>);

impl Params {
    pub(crate) fn new(params: Value) -> Result<Self, InvalidArgument> {
        match params {
            // Where the official SDK takes a body as one argument, it is called so.
            Value::Object(mut map) => {
                if let Some(Value::Object(body)) = map.get_mut("req").map(Value::take) {
                    map.remove("req");
                    map.extend(body);
                }
                Ok(Self(map))
            }
            Value::Null => Ok(Self(Map::new())),
            _ => Err(InvalidArgument::new("parameters", "must be one JSON object")),
        }
    }

    /// A parameter that may be absent. Null is the same, unless its type gives null a meaning.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, InvalidArgument> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(serde_json::from_value(Value::Null).ok()),
            Some(value) => {
                serde_json::from_value(value).map(Some).map_err(|_| InvalidArgument::new(name, "has the wrong type"))
            }
        }
    }

    /// A parameter that must be there.
    pub(crate) fn need<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, InvalidArgument> {
        self.take(name)?.ok_or_else(|| InvalidArgument::new(name, "is missing"))
    }

    /// Refuses what was not taken.
    pub(crate) fn finish(self) -> Result<(), InvalidArgument> {
        match self.0.keys().next() {
            Some(name) => Err(InvalidArgument::new("parameters", format!("have no member named {name:?}"))),
            None => Ok(()),
        }
    }
}
