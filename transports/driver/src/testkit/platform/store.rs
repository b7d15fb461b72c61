//! What is stored: messages both ways, their seqs, and which are undelivered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::reply::bare;

/// The handle of the agent under test.
pub(super) const ME: &str = "me";

/// Every message is of the same moment: the order is that of the seqs.
pub(super) const CREATED_AT: &str = "2026-09-21T14:13:20.000Z";

#[derive(Default)]
pub(super) struct Store {
    rows: Vec<Stored>,
    seqs: BTreeMap<String, u64>,
    undelivered: BTreeSet<usize>,
    pub(super) acked: Vec<String>,
}

struct Stored {
    row: Value,
    own: bool,
}

impl Store {
    /// A message of somebody else; its id and the row.
    pub(super) fn receive(&mut self, given: &Value) -> (String, Value) {
        let given = given.as_object().expect("a row is an object");
        let sender = given.get("sender").and_then(Value::as_str).unwrap_or("somebody").to_owned();
        let row = self.complete(given, &sender, &sender);
        // What `me` has done in a group is no news to it.
        if sender != ME {
            self.undelivered.insert(self.rows.len());
        }
        self.rows.push(Stored { row: row.clone(), own: false });
        (text(&row, "id").to_owned(), row)
    }

    /// A message of ours, and whether it is new: a known `client_msg_id` gives the row that has it.
    pub(super) fn send(&mut self, body: &Value) -> (bool, Value) {
        let known = self.rows.iter().find(|stored| stored.own && stored.row["client_msg_id"] == body["client_msg_id"]);
        if let Some(known) = known {
            return (false, known.row.clone());
        }
        let to = bare(text(body, "to"));
        let mut given = body.as_object().cloned().unwrap_or_default();
        given.remove("to");
        let row = self.complete(&given, ME, &to);
        self.rows.push(Stored { row: row.clone(), own: true });
        (true, row)
    }

    /// Fills in what a row does not say; the conversation is the one with `other`.
    fn complete(&mut self, given: &Map<String, Value>, sender: &str, other: &str) -> Value {
        let number = self.rows.len() + 1;
        let conversation = given.get("conversation_id").and_then(Value::as_str);
        let conversation = conversation.map_or_else(|| format!("conv_{other}"), str::to_owned);
        let last = self.seqs.entry(conversation.clone()).or_default();
        let seq = given.get("seq").and_then(Value::as_u64).unwrap_or(*last + 1);
        *last = seq.max(*last);
        let mut row = json!({
            "id": format!("msg_{number}"),
            "conversation_id": conversation,
            "client_msg_id": format!("client_{number}"),
            "seq": seq,
            "sender": sender,
            "type": "text",
            "content": {},
            "metadata": {},
            "created_at": CREATED_AT,
        });
        if let Some(row) = row.as_object_mut() {
            row.extend(given.clone());
        }
        row
    }

    pub(super) fn ack(&mut self, id: &str) {
        let found =
            self.undelivered.iter().copied().find(|index| self.row(*index).is_some_and(|row| text(row, "id") == id));
        if let Some(index) = found {
            self.undelivered.remove(&index);
            self.acked.push(id.to_owned());
        }
    }

    /// Everything up to and including a cursor; how many were undelivered.
    pub(super) fn ack_through(&mut self, cursor: usize) -> usize {
        let later = self.undelivered.split_off(&cursor);
        let done = std::mem::replace(&mut self.undelivered, later);
        let ids: Vec<_> = done.iter().filter_map(|index| Some(text(self.row(*index)?, "id").to_owned())).collect();
        self.acked.extend(ids);
        done.len()
    }

    /// The undelivered messages after a cursor, as sync gives them.
    pub(super) fn undelivered(&self, after: usize, limit: usize) -> Vec<Value> {
        let row = |index: &usize| {
            let mut row = self.row(*index)?.clone();
            // The cursor is the number of rows up to here.
            row["delivery_id"] = json!(format!("del_{}", index + 1));
            row["status"] = json!("stored");
            Some(row)
        };
        self.undelivered.range(after..).take(limit).filter_map(row).collect()
    }

    /// A conversation's rows by seq, ours too.
    pub(super) fn history(&self, conversation: &str) -> Vec<Value> {
        let rows = self.rows.iter().map(|stored| &stored.row);
        let mut rows: Vec<_> = rows.filter(|row| text(row, "conversation_id") == conversation).cloned().collect();
        rows.sort_by_key(|row| row["seq"].as_u64());
        rows
    }

    pub(super) fn sent(&self) -> Vec<Value> {
        self.rows.iter().filter(|stored| stored.own).map(|stored| stored.row.clone()).collect()
    }

    pub(super) fn unacked(&self) -> Vec<String> {
        self.undelivered.iter().filter_map(|index| Some(text(self.row(*index)?, "id").to_owned())).collect()
    }

    fn row(&self, index: usize) -> Option<&Value> {
        self.rows.get(index).map(|stored| &stored.row)
    }
}

pub(super) fn text<'a>(row: &'a Value, member: &str) -> &'a str {
    row.get(member).and_then(Value::as_str).unwrap_or_default()
}
