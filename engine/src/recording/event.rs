//! A session's events and a call's errors as they stand in a recording. A variant that is added to them does not compile
//! until it is added here.

use serde_json::{Value, json};

use crate::error::{ApiError, Error, JsonText};
use crate::realtime::{Event, ServerEvent};
use crate::redact::{Mask, Members};

pub(super) fn form(event: &Event, mask: &Mask) -> Value {
    match event {
        Event::Connected { connection, ack_mode } => {
            json!({"connected": {"connection": connection, "ack_mode": ack_mode}})
        }
        Event::CaughtUp { drained } => json!({"caught_up": {"drained": drained}}),
        Event::Disconnected { connection, info, plan } => {
            json!({"disconnected": {"connection": connection, "info": info, "plan": plan}})
        }
        Event::Unstable { in_a_row } => json!({"unstable": {"in_a_row": in_a_row}}),
        Event::SequenceGap { conversation_id, expected, filled, absent, missing, waited, recovered, reason } => {
            json!({"sequence_gap": {
                "conversation_id": conversation_id, "expected": expected, "filled": filled, "absent": absent,
                "missing": missing, "waited": waited, "recovered": recovered, "reason": reason,
            }})
        }
        Event::ImplausibleSeq { message_id, conversation_id, seq, expected } => json!({"implausible_seq": {
            "message_id": message_id, "conversation_id": conversation_id, "seq": seq, "expected": expected,
        }}),
        Event::Late { message_id, conversation_id, seq } => {
            json!({"late": {"message_id": message_id, "conversation_id": conversation_id, "seq": seq}})
        }
        Event::MarkForgotten { conversation_id } => json!({"mark_forgotten": {"conversation_id": conversation_id}}),
        Event::GaveUp { message_id, conversation_id, seq, attempts, last } => json!({"gave_up": {
            "message_id": message_id, "conversation_id": conversation_id, "seq": seq, "attempts": attempts, "last": last,
        }}),
        Event::Discarded { message_id, conversation_id, seq, reason, discarded } => json!({"discarded": {
            "message_id": message_id, "conversation_id": conversation_id, "seq": seq, "reason": reason,
            "discarded": discarded,
        }}),
        Event::Shed { dropped } => json!({"shed": {"dropped": dropped}}),
        Event::BadFrame { problem, bytes } => json!({"bad_frame": {"problem": problem, "bytes": bytes}}),
        Event::RequestFailed { purpose, error } => {
            json!({"request_failed": {"purpose": purpose, "error": failure(error, mask)}})
        }
        Event::DrainStuck { drained } => json!({"drain_stuck": {"drained": drained}}),
        Event::System { row } => json!({"system": {"row": mask.json(row.text(), Members::Usual)}}),
        Event::Server(ServerEvent { kind, text }) => {
            json!({"server": {"kind": kind, "text": mask.json(text, Members::Usual)}})
        }
        Event::KeyRefused { reason, wait } => json!({"key_refused": {"reason": reason, "wait": wait}}),
        Event::Halted { reason, advice } => json!({"halted": {"reason": reason, "advice": advice}}),
        Event::Closed { unsettled } => json!({"closed": {"unsettled": unsettled}}),
    }
}

pub(super) fn failure(error: &Error, mask: &Mask) -> Value {
    match error {
        Error::Refused(refused) => json!({"refused": {"field": refused.field, "problem": refused.problem}}),
        Error::Transport { fault, attempts, sent } => {
            json!({"transport": {"fault": fault, "attempts": attempts, "sent": sent}})
        }
        Error::Api(error) => api(error, mask),
        Error::Undecodable { status, request_id, problem } => {
            json!({"undecodable": {"status": status, "request_id": request_id, "problem": problem}})
        }
        Error::Deadline { deadline, attempts, last, sent } => {
            let last = last.as_ref().map(|error| failure(error, mask));
            json!({"deadline": {"deadline": deadline, "attempts": attempts, "last": last, "sent": sent}})
        }
        Error::Cancelled => json!("cancelled"),
    }
}

fn api(error: &ApiError, mask: &Mask) -> Value {
    let ApiError { status, code, message, details, extra, request_id, retry_after, replayed, attempts, sent } = error;
    // As text, because it can be nested as deep as a reader of JSON allows.
    let text = |json: &Option<JsonText>| json.as_ref().map(|json| mask.json(json.as_str(), Members::Usual));
    json!({"api": {
        "status": status, "code": code.as_str(), "message": message,
        "details": text(details), "extra": text(extra),
        "request_id": request_id, "retry_after": retry_after, "replayed": replayed, "attempts": attempts,
        "sent": sent,
    }})
}
