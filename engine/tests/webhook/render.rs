//! Every row of `conformance/vectors/render.json`, and that no name writes a line of its own.

use agentchat_engine::UnixTime;
use agentchat_engine::render::render_message_context;
use agentchat_engine::types::{Handle, Message};
use agentchat_engine::words::printable;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    message: Message,
    own: Option<Handle>,
    now_ms: i64,
    expect: String,
    python_sdk: Option<String>,
    typescript_sdk: Option<String>,
    why: Option<String>,
}

#[test]
fn every_row_is_rendered_as_expected() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../../../conformance/vectors/render.json")).unwrap();
    assert!(rows.len() >= 60, "{} rows", rows.len());
    for row in rows {
        let text = render_message_context(&row.message, row.own.as_ref(), UnixTime::from_millis(row.now_ms));
        assert_eq!(text, row.expect, "{}", row.name);
        let differs = row.python_sdk.is_some() || row.typescript_sdk.is_some();
        assert_eq!(differs, row.why.is_some(), "{}: a difference needs its reason", row.name);
    }
}

#[test]
fn a_time_without_an_offset_is_unknown() {
    let mut message = message("Alice", "Ops");
    message["created_at"] = json!("2026-04-20T10:00:00");
    let text = render_message_context(&serde_json::from_value(message).unwrap(), None, UnixTime::default());
    assert!(text.contains("\nReceived: an unknown time\n"), "{text}");
}

fn message(name: &str, group: &str) -> serde_json::Value {
    json!({
        "id": "msg_1", "conversation_id": "grp_1", "sender": "alice", "type": "text", "content": {"text": "BODY"},
        "created_at": "2026-04-20T10:00:00.000Z",
        "context": {
            "sender": {"handle": "alice", "display_name": name, "kind": "agent"},
            "conversation": {"type": "group", "group_name": group, "member_count": 2},
            "mentions": []
        }
    })
}

proptest! {
    #[test]
    fn no_name_writes_a_line_of_its_own(
        name in "(\\PC|\\p{Cf}|\\p{Co}|[\\u{2800}\\u{fe00}-\\u{fe0f}\\u{e0100}\\u{200c}\\u{200d}]|, a system agent|[\"@\\n\\r\\u{b}\\u{85}\\u{2028}\\u{2029}\\u{202e}]|You were @-mentioned){0,120}",
        group: String,
        handle: String,
        now: i64,
    ) {
        let mut message = message(&name, &group);
        message["context"]["sender"]["handle"] = json!(handle);
        let message: Message = serde_json::from_value(message).unwrap();
        let text = render_message_context(&message, Some(&Handle::from("bob")), UnixTime::from_millis(now));
        let lines: Vec<&str> = text.split('\n').collect();
        prop_assert_eq!(lines.len(), 5, "{}", text);
        for (line, prefix) in lines.iter().zip(["From: ", "Conversation: group", "Received: ", "", "BODY"]) {
            prop_assert!(line.starts_with(prefix), "{}", text);
            prop_assert_eq!(&printable(line), line, "nothing in it is hidden");
        }
        prop_assert_eq!(lines[0].matches('@').count(), 1, "{}", text);
        prop_assert!(matches!(lines[1].matches('"').count(), 0 | 2), "{}", text);
        prop_assert!(!lines[0].ends_with(", a system agent"), "{}", text);
        prop_assert!(lines[0].chars().count() <= 6 + 103 + 3 + 103 + 1, "{}", text);
    }
}
