//! Messages as a platform that means ill sends them.

use serde_json::{Map, Value, json};

use crate::Choices;

/// Conversations whose seqs are small, so that their order can be held against the session.
const CONVERSATIONS: [&str; 3] = ["a", "b", "grp_c"];

/// The conversation whose seqs are anything.
pub const WILD: &str = "wild";

const WILD_SEQS: [u64; 8] = [0, 1, 9_000, 10_000, 20_000, 1_000_000_000_000_000, (1 << 53) - 1, u64::MAX];

/// A row.
#[derive(Debug)]
pub struct Made {
    /// As JSON.
    pub text: String,
    /// What it is known by.
    pub key: String,
    /// It may be acked though nobody handles it: our own, an event of a group, or one that the platform counts as delivered.
    pub is_excused: bool,
}

/// What a row is known by: its id, else its place, else its cursor, else its text.
#[must_use]
pub fn key(id: Option<&str>, place: Option<(&str, u64)>, cursor: Option<&str>, text: &str) -> String {
    match (id, place, cursor) {
        (Some(id), ..) => format!("id {id}"),
        (None, Some((conversation, seq)), _) => format!("seq {seq} of {conversation}"),
        (None, None, Some(cursor)) => format!("row {cursor}"),
        (None, None, None) => format!("text {text}"),
    }
}

/// A row, mostly one that can be read, with this cursor. `of` is the conversation that was asked for, if one was.
pub fn make(choices: &mut Choices<'_>, cursor: Option<&str>, of: Option<&str>) -> Made {
    let what = choices.byte();
    let conversation = of.unwrap_or_else(|| if what.is_multiple_of(16) { WILD } else { CONVERSATIONS[what % 3] });
    let near = 1 + choices.below(48) as u64;
    let seq = if conversation == WILD { choices.pick(&WILD_SEQS) } else { near };
    let id = if choices.rarely(32) { format!("a-{near}") } else { format!("{conversation}-{seq}") };
    let mut row = Map::new();
    row.insert("id".to_owned(), json!(id));
    row.insert("conversation_id".to_owned(), json!(conversation));
    row.insert("seq".to_owned(), json!(seq));
    row.insert("sender".to_owned(), json!("bob"));
    row.insert("type".to_owned(), json!("text"));
    row.insert("content".to_owned(), json!({ "text": "hi" }));
    if let Some(cursor) = cursor {
        row.insert("delivery_id".to_owned(), json!(cursor));
    }
    let mut is_excused = false;
    let odd = choices.byte();
    match odd {
        0..8 => {
            row.insert("sender".to_owned(), json!("me"));
            is_excused = true;
        }
        8..12 => {
            let data = json!({"schema_version": 1, "event": "member_joined", "agent_handle": "eve"});
            row.insert("type".to_owned(), json!("system"));
            row.insert("content".to_owned(), json!({ "data": data }));
            is_excused = true;
        }
        12..16 => {
            row.insert("status".to_owned(), json!("delivered"));
            is_excused = true;
        }
        16..20 => drop(row.remove("seq")),
        20 => drop(row.insert("seq".to_owned(), json!("7"))),
        21 => drop(row.insert("seq".to_owned(), json!(7.5))),
        22 => drop(row.insert("content".to_owned(), json!({ "text": "x".repeat(3_000) }))),
        23..26 => drop(row.remove("conversation_id")),
        26 => drop(row.remove("id")),
        27 => drop(row.insert("id".to_owned(), json!("x".repeat(300)))),
        28 => drop(row.remove("delivery_id")),
        29 => drop(row.insert("content".to_owned(), (0..130).fold(json!(1), |deep, _| json!([deep])))),
        _ => {}
    }
    let text = Value::Object(row.clone()).to_string();
    let member = |name: &str| row.get(name).and_then(Value::as_str).filter(|text| text.len() <= 256);
    let seq = row.get("seq").and_then(Value::as_u64).filter(|seq| (1..1 << 53).contains(seq));
    let place = member("conversation_id").zip(seq);
    Made { key: key(member("id"), place, member("delivery_id"), &text), text, is_excused }
}
