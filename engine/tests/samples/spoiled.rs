//! Ways to spoil what the contract shows, and what a later version of it may show.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Every place in a value, as a JSON pointer.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(members) => members.iter().for_each(|(name, one)| places(one, &format!("{here}/{name}"), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, one)| places(one, &format!("{here}/{n}"), found));
        }
        _ => {}
    }
}

/// At each picked place something else: `with`, `null`, nothing, or a list of what was there.
pub(crate) fn mutated(mut value: Value, picks: &[prop::sample::Index], with: &Value) -> Value {
    for (n, pick) in picks.iter().enumerate() {
        let mut all = Vec::new();
        places(&value, "", &mut all);
        let place = pick.get(&all).clone();
        let Some(found) = value.pointer_mut(&place) else { continue };
        match (n + pick.index(4)) % 4 {
            0 => *found = with.clone(),
            1 => *found = Value::Null,
            2 => *found = json!([found.take()]),
            _ => {
                let (parent, name) = place.rsplit_once('/').unwrap_or_default();
                if let Some(Value::Object(members)) = value.pointer_mut(parent) {
                    members.remove(name);
                }
            }
        }
    }
    value
}

/// With members that no version knows, in every object, and unknown values where enumerations stand.
pub(crate) fn with_strange_members(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut strange: Map<String, Value> =
                members.into_iter().map(|(name, one)| (name, with_strange_members(one))).collect();
            for name in ["status", "role", "outcome", "paused_by_owner", "inbox_mode", "target_kind", "who_can_invite"]
            {
                if strange.get(name).is_some_and(Value::is_string) {
                    strange.insert(name.into(), json!("something new"));
                }
            }
            strange.insert("x_new".into(), json!({"deep": [1, null, {"er": true}]}));
            Value::Object(strange)
        }
        Value::Array(items) => items.into_iter().map(with_strange_members).collect(),
        other => other,
    }
}
