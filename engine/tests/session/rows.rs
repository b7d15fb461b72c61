//! Rows of a sync, in both forms of a page: whatever one of them is, it is delivered as it came, and so are the others.

use agentchat_engine::realtime::{DeliveryBody, Event};
use agentchat_engine::types::{Message, Row, SyncPage, SyncRow};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::json::any_json;
use crate::rig::{Rig, options, row};
use crate::samples::payload;
use crate::spoiled::{mutated, with_strange_members};

/// A row with every member that the contract knows.
fn full_row() -> Value {
    let mut row = payload("message.new");
    row["delivery_id"] = json!("del_1");
    row
}

/// The page as it is, or as older documents show it, with members that no version knows.
fn page(rows: &[Value], older: Option<Map<String, Value>>) -> Value {
    match older {
        None => json!(rows),
        Some(mut page) => {
            page.insert("envelopes".into(), json!(rows));
            Value::Object(page)
        }
    }
}

fn text(row: &SyncRow) -> &str {
    match row {
        SyncRow::Message(row) => row.text(),
        SyncRow::Unreadable(unreadable) => &unreadable.text,
    }
}

#[test]
fn what_a_later_version_may_add_survives() {
    let later = with_strange_members(full_row());
    let read = Row::read(&later.to_string()).unwrap();
    assert_eq!(read.header().delivery_id.as_ref().unwrap().as_str(), "del_1");
    assert_eq!(serde_json::to_value(read.message().unwrap()).unwrap(), later);
}

#[test]
fn an_array_is_no_row() {
    let page = json!([["msg_1", "conv_1", 1, "alice", "text", "del_1"]]).to_string();
    let page: SyncPage = serde_json::from_str(&page).unwrap();
    assert!(matches!(page.rows[..], [SyncRow::Unreadable(_)]));
}

fn older() -> impl Strategy<Value = Option<Map<String, Value>>> {
    let members = prop::collection::btree_map("x_[a-z]{1,6}", any_json(), 0..3);
    prop::option::of(members.prop_map(|members| members.into_iter().collect()))
}

proptest! {
    #[test]
    fn every_row_of_a_page_is_kept_as_it_came(rows in prop::collection::vec(any_json(), 0..5), older in older()) {
        let page: SyncPage = serde_json::from_str(&page(&rows, older).to_string()).unwrap();
        let kept: Vec<_> = page.rows.iter().map(|row| text(row).to_owned()).collect();
        prop_assert_eq!(kept, rows.iter().map(Value::to_string).collect::<Vec<_>>());
    }

    #[test]
    fn a_spoiled_row_is_a_message_or_unreadable_and_its_cursor_is_kept(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        with in any_json(),
    ) {
        let spoiled = mutated(full_row(), &picks, &with);
        let page: SyncPage = serde_json::from_str(&json!([spoiled]).to_string()).unwrap();
        let cursor = spoiled.get("delivery_id").and_then(Value::as_str).filter(|id| (1..=256).contains(&id.len()));
        prop_assert_eq!(page.rows[0].delivery_id().map(|id| id.as_str()), cursor);
        if let SyncRow::Message(row) = &page.rows[0]
            && let Ok(message) = row.message()
        {
            let again: Message = serde_json::from_value(serde_json::to_value(&message).unwrap()).unwrap();
            prop_assert_eq!(again, message);
        }
    }

    /// The rows around it are delivered, it is too, and the cursor passes them all once they are settled.
    #[test]
    fn a_spoiled_row_stops_no_drain(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        with in any_json(),
        older in older(),
    ) {
        let spoiled = mutated(full_row(), &picks, &with);
        let mut rig = Rig::greeted(options());
        rig.answer("/sync", &page(&[row("before", 1), spoiled.clone(), row("behind", 1)], older));
        let caught_up = rig.has_event(|event| matches!(event, Event::CaughtUp { drained: 3 }));
        prop_assert!(caught_up);
        let mut texts: Vec<_> = rig.deliveries.iter().map(|delivery| match &delivery.body {
            DeliveryBody::Message(row) => row.text().to_owned(),
            DeliveryBody::Unreadable(unreadable) => unreadable.text.to_string(),
        }).collect();
        let mut sent = [row("before", 1), spoiled, row("behind", 1)].map(|row| row.to_string());
        texts.sort();
        sent.sort();
        prop_assert_eq!(texts, sent);
        rig.handle_all();
        let mut committed = String::new();
        while rig.has_request("/sync/ack") {
            committed = rig.answer_ack();
        }
        prop_assert_eq!(committed, "del_behind_1");
    }
}
