//! Parameters given as JSON, for calls by name. Errors name the parameter and never quote a value.

use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

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

    /// The same for a parameter with a rule, which says what is wrong with a number that its type cannot even hold.
    pub(crate) fn take_within<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        rule: impl Fn(&T) -> Option<String>,
    ) -> Result<Option<T>, InvalidArgument> {
        let number = self.0.get(name).and_then(Value::as_number).cloned();
        self.take(name).map_err(|misfit| match number.and_then(|number| misfit_number(&number, rule)) {
            Some(problem) => InvalidArgument::new(name, problem),
            None => misfit,
        })
    }

    /// A parameter that must be there.
    pub(crate) fn need<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, InvalidArgument> {
        self.take(name)?.ok_or_else(|| InvalidArgument::new(name, "is missing"))
    }

    /// The same for a parameter with a rule.
    pub(crate) fn need_within<T: DeserializeOwned>(
        &mut self,
        name: &'static str,
        rule: impl Fn(&T) -> Option<String>,
    ) -> Result<T, InvalidArgument> {
        self.take_within(name, rule)?.ok_or_else(|| InvalidArgument::new(name, "is missing"))
    }

    /// Refuses what was not taken.
    pub(crate) fn finish(self) -> Result<(), InvalidArgument> {
        match self.0.keys().next() {
            Some(name) => Err(InvalidArgument::new("parameters", format!("have no member named {name:?}"))),
            None => Ok(()),
        }
    }
}

/// What is wrong with a number where another kind of number is wanted: what the rule says of the nearest one that the type
/// holds. `None` where no number is wanted.
fn misfit_number<T: DeserializeOwned>(number: &Number, rule: impl Fn(&T) -> Option<String>) -> Option<String> {
    let float = number.as_f64().unwrap_or_default();
    let ends = if float < 0.0 { [0, 0] } else { [u64::MAX, u64::from(u32::MAX)] };
    let held = |end: u64| Some((end, serde_json::from_value::<T>(Value::from(end)).ok()?));
    let (end, nearest) = ends.into_iter().find_map(held)?;
    let upper = if float > end as f64 { format!(" to {end}") } else { String::new() };
    let problem = rule(&nearest).unwrap_or_else(|| format!("must be a whole number from 0{upper}, was {number}"));
    problem.rsplit_once("was ").map(|(limit, _)| format!("{limit}was {number}"))
}
