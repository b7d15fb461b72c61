//! Reading a JSON body field by field, and reporting all its faults at once (contract 1.6).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::error::ApiError;

/// A whole number from zero. `5.0` is one: JavaScript knows no difference.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    let from_fraction = || value.as_f64().filter(|number| *number >= 0.0 && number.fract() == 0.0);
    value.as_u64().or_else(|| from_fraction().map(|number| number as u64))
}

/// The fields of a body. Getters note what is wrong and return a stand-in; [`JsonBody::finish`] then refuses the body.
#[derive(Debug)]
pub(crate) struct JsonBody {
    fields: Map<String, Value>,
    field_errors: BTreeMap<String, Vec<String>>,
    form_errors: Vec<String>,
}

impl JsonBody {
    pub(crate) fn parse(bytes: &[u8]) -> Result<JsonBody, ApiError> {
        let value: Value = serde_json::from_slice(bytes).map_err(|_| ApiError::invalid("Invalid JSON body"))?;
        let mut body = JsonBody { fields: Map::new(), field_errors: BTreeMap::new(), form_errors: Vec::new() };
        if let Value::Object(fields) = value {
            body.fields = fields;
            return Ok(body);
        }
        body.reject_form("Expected object");
        // What has no fields misses none.
        Err(body.refusal())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    pub(crate) fn reject(&mut self, name: &str, reason: &str) {
        self.field_errors.entry(name.to_owned()).or_default().push(reason.to_owned());
    }

    pub(crate) fn reject_form(&mut self, reason: &str) {
        self.form_errors.push(reason.to_owned());
    }

    /// A text of `shortest..=longest` characters that must be there.
    pub(crate) fn text(&mut self, name: &str, shortest: usize, longest: usize) -> String {
        if self.fields.contains_key(name) {
            return self.optional_text(name, shortest, longest).unwrap_or_default();
        }
        self.reject(name, "Required");
        String::new()
    }

    /// A text that may be missing, but not `null`.
    pub(crate) fn optional_text(&mut self, name: &str, shortest: usize, longest: usize) -> Option<String> {
        let text = match self.fields.get(name)? {
            Value::String(text) => text.clone(),
            _ => {
                self.reject(name, "Expected string");
                return None;
            }
        };
        // JavaScript counts UTF-16 units, and the real platform is written in it.
        let length = text.encode_utf16().count();
        if length < shortest || length > longest {
            self.reject(name, &format!("Must contain {} character(s)", span(shortest, longest)));
            return None;
        }
        Some(text)
    }

    /// A text that may be missing or `null`: what clients send at registration (8.12).
    pub(crate) fn nullable_text(&mut self, name: &str, longest: usize) -> Option<String> {
        if self.fields.get(name).is_some_and(Value::is_null) {
            return None;
        }
        self.optional_text(name, 0, longest)
    }

    /// Texts, as many as `fewest..=most`, in a list that must be there.
    pub(crate) fn texts(&mut self, name: &str, fewest: usize, most: usize) -> Vec<String> {
        let texts = match self.fields.get(name) {
            None => Err("Required".to_owned()),
            Some(Value::Array(items)) if !(fewest..=most).contains(&items.len()) => {
                Err(format!("Must contain {} element(s)", span(fewest, most)))
            }
            Some(Value::Array(items)) => {
                let texts: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
                texts.ok_or_else(|| "Expected strings".to_owned())
            }
            Some(_) => Err("Expected array".to_owned()),
        };
        texts.unwrap_or_else(|reason| {
            self.reject(name, &reason);
            Vec::new()
        })
    }

    /// An object that may be missing.
    pub(crate) fn optional_object(&mut self, name: &str) -> Option<Map<String, Value>> {
        match self.fields.get(name)? {
            Value::Object(object) => Some(object.clone()),
            _ => {
                self.reject(name, "Expected object");
                None
            }
        }
    }

    /// Refuses the body if anything was wrong with it.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.field_errors.is_empty() && self.form_errors.is_empty() {
            return Ok(());
        }
        Err(self.refusal())
    }

    fn refusal(self) -> ApiError {
        let details = json!({ "formErrors": self.form_errors, "fieldErrors": self.field_errors });
        ApiError::invalid("Invalid request body").with_details(details)
    }
}

/// How many there may be, in words.
fn span(least: usize, most: usize) -> String {
    match (least, most) {
        (_, usize::MAX) => format!("at least {least}"),
        (0, _) => format!("at most {most}"),
        _ if least == most => format!("exactly {least}"),
        _ => format!("{least} to {most}"),
    }
}
