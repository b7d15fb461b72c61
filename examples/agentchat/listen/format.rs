//! What `listen` prints: JSON objects as they came, or a readable line each.

use agentchat_tokio::engine::realtime::ReconnectPlan;
use agentchat_tokio::{Delivery, Event, Report};
use serde_json::{Value, json};

use crate::printable::{one_line, printable};

/// The code for a connection that ended without a close frame (RFC 6455, 7.1.5).
const NO_CLOSE_FRAME: u16 = 1006;

/// The line of a message.
pub(super) fn message(delivery: &Delivery, json: bool) -> String {
    if json {
        return one_line(&format!(r#"{{"type":"message.new","payload":{}}}"#, delivery.text()));
    }
    match delivery.message() {
        Ok(message) => {
            let text = match message.content.text {
                Some(text) => text,
                None => format!("[{}]", message.kind),
            };
            let late = if delivery.is_late() { " (late)" } else { "" };
            printable(&format!("{} @{}{late}: {text}", message.conversation_id, message.sender))
        }
        Err(problem) => printable(&format!("? {problem}")),
    }
}

/// The type and the line of an event, if it has one: JSON for standard output, or words for standard error.
pub(super) fn event(event: &Event, json: bool) -> Option<(String, String)> {
    if let Event::Server(server) = event {
        return Some((server.kind.to_string(), if json { one_line(&server.text) } else { printable(&server.kind) }));
    }
    let object = object(event)?;
    let kind = object.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    Some((kind, if json { one_line(&type_first(object)) } else { readable(&object) }))
}

/// The client's own events as objects.
fn object(event: &Event) -> Option<Value> {
    let error = |message: String| Some(json!({"type": "client.error", "message": message}));
    match event {
        Event::Connected { .. } => Some(json!({"type": "client.connected"})),
        Event::CaughtUp { drained } => Some(json!({"type": "client.caught_up", "drained": drained})),
        Event::Disconnected { info, plan, .. } => {
            let retry_in_ms = match plan {
                ReconnectPlan::Retry { delay, .. } => Some(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)),
                _ => None,
            };
            Some(json!({
                "type": "client.disconnected",
                "code": info.code.unwrap_or(NO_CLOSE_FRAME),
                "reason": info.reason,
                "retry_in_ms": retry_in_ms,
            }))
        }
        Event::SequenceGap { conversation_id, expected, recovered, reason, waited, .. } => Some(json!({
            "type": "client.sequence_gap",
            "conversation_id": conversation_id,
            "expected_seq": expected,
            "recovered": recovered,
            "reason": reason,
            "waited_ms": u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
        })),
        Event::GaveUp { message_id, conversation_id, seq, .. } => Some(json!({
            "type": "client.gave_up",
            "message_id": message_id,
            "conversation_id": conversation_id,
            "seq": seq,
        })),
        Event::Unstable { in_a_row } => error(format!("{in_a_row} connections in a row died young")),
        Event::Shed { dropped } => {
            error(format!("too much is waiting: {dropped} live messages left to be fetched later"))
        }
        Event::ImplausibleSeq { message_id, seq, expected, .. } => {
            error(format!("message {message_id} has seq {seq} where about {expected} was expected"))
        }
        Event::BadFrame { problem, bytes } => error(format!("a frame of {bytes} bytes was ignored: {problem}")),
        Event::RequestFailed { purpose, error: failure } => {
            error(format!("{purpose} failed: {}", Report::new(failure)))
        }
        Event::DrainStuck { drained } => error(format!("the sync cursor stopped advancing after {drained} messages")),
        Event::KeyRefused { reason, wait } => {
            error(format!("{reason}; waiting {} s for another key in the file", wait.as_secs()))
        }
        Event::Halted { reason, advice } => error(format!("{reason}; {advice}")),
        // Discarding is our own doing, a forgotten mark has no effect that is seen here, and the rest says itself.
        _ => None,
    }
}

/// The object with its type before all else, for people who read along.
fn type_first(mut object: Value) -> String {
    let kind = object.as_object_mut().and_then(|members| members.remove("type")).unwrap_or_default();
    match object.to_string().strip_prefix('{') {
        Some("}") | None => format!(r#"{{"type":{kind}}}"#),
        Some(rest) => format!(r#"{{"type":{kind},{rest}"#),
    }
}

fn readable(object: &Value) -> String {
    let Some(members) = object.as_object() else { return String::new() };
    let kind = members.get("type").and_then(Value::as_str).unwrap_or_default();
    let details = members.iter().filter(|(name, value)| *name != "type" && !value.is_null());
    let details: Vec<_> = details.map(|(name, value)| format!("{name}={value}")).collect();
    let said = format!("{} {}", kind.trim_start_matches("client.").replace('_', " "), details.join(" "));
    printable(said.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_events_have_the_documented_members() {
        let gap = Event::SequenceGap {
            conversation_id: "c".into(),
            expected: 2,
            filled: vec![],
            absent: vec![],
            missing: vec![],
            waited: std::time::Duration::from_millis(2_000),
            recovered: true,
            reason: agentchat_tokio::engine::realtime::GapReason::Filled,
        };
        let (_, line) = event(&gap, true).unwrap_or_default();
        let object: Value = serde_json::from_str(&line).unwrap_or_default();
        let expected = json!({"type": "client.sequence_gap", "conversation_id": "c", "expected_seq": 2,
            "recovered": true, "reason": "filled", "waited_ms": 2000});
        assert_eq!(object, expected);
    }
}
