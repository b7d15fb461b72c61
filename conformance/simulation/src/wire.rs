//! The wire between client and platform: rows and frames as text, and what the client sends, read.

use std::fmt::Write as _;

use bytes::Bytes;
use http::Request;
use serde::Deserialize;

use super::client::{Call, Conversation};
use super::platform::{Envelope, Message, Number, Sort};
use super::schedule::{OddSeq, Poison};

/// A message as JSON, with its delivery if it is not a live push.
pub(super) fn row(number: Number, message: &Message, with_delivery: bool) -> String {
    let mut text = String::with_capacity(240);
    match message.sort {
        Sort::Poison(Poison::NumberedId) => _ = write!(text, r#"{{"id":{number}"#),
        _ => _ = write!(text, r#"{{"id":"msg_{number}""#),
    }
    if message.sort != Sort::Poison(Poison::Nowhere) {
        _ = write!(text, r#","conversation_id":"c{}""#, message.conversation);
    }
    match message.sort {
        Sort::OddSeq(OddSeq::Absent) => {}
        Sort::OddSeq(OddSeq::Fraction) => _ = write!(text, r#","seq":{}.5"#, message.seq),
        Sort::OddSeq(OddSeq::Text) => _ = write!(text, r#","seq":"{}""#, message.seq),
        _ => _ = write!(text, r#","seq":{}"#, message.shown_seq().unwrap_or(message.seq)),
    }
    let sender = if message.sort == Sort::Own { "me" } else { "alice" };
    let kind = if message.sort == Sort::System { "system" } else { "text" };
    let content = match message.sort {
        Sort::System => r#"{"data":{"event":"name_changed","schema_version":1}}"#.to_owned(),
        Sort::Poison(Poison::Deep) => format!(r#"{{"data":{}{}}}"#, "[".repeat(200), "]".repeat(200)),
        _ => r#"{"text":"hi"}"#.to_owned(),
    };
    _ = write!(
        text,
        r#","sender":"{sender}","type":"{kind}","content":{content},"metadata":{{}},"created_at":"2026-04-20T10:00:00.000Z""#
    );
    if with_delivery {
        match message.envelope {
            Envelope::None => text.push_str(r#","delivery_id":null,"status":"stored""#),
            Envelope::Stored => {
                _ = write!(text, r#","delivery_id":"del_{number}","status":"stored","delivered_at":null"#)
            }
            Envelope::Delivered => _ = write!(text, r#","delivery_id":"del_{number}","status":"delivered""#),
        }
    }
    text.push('}');
    text
}

pub(super) fn message_new(row: &str) -> String {
    format!(r#"{{"type":"message.new","payload":{row}}}"#)
}

pub(super) fn hello_ok(acks: bool) -> String {
    if acks { r#"{"type":"hello.ok","capabilities":["ack"]}"#.into() } else { r#"{"type":"hello.ok"}"#.into() }
}

/// Frames that are nothing of the kind.
pub(super) fn nonsense(which: u8) -> String {
    match which {
        0 => String::new(),
        1 => "null".into(),
        2 => "[]".into(),
        3 => r#"{"type":"message.new"}"#.into(),
        4 => r#"{"type":"message.new","payload":null}"#.into(),
        5 => r#"{"type":"hello.ok"}"#.into(),
        6 => format!("{}{}", "[".repeat(300), "]".repeat(300)),
        _ => r#"{"type":"presence.update","payload":{"handle":"bob","status":"online"}}"#.into(),
    }
}

/// A frame of the client.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ClientFrame {
    Hello,
    Ack(String),
    Typing,
    Other,
}

pub(super) fn client_frame(text: &str) -> ClientFrame {
    #[derive(Deserialize)]
    struct Frame {
        r#type: String,
        message_id: Option<String>,
    }
    match serde_json::from_str::<Frame>(text) {
        Ok(Frame { r#type, .. }) if r#type == "hello" => ClientFrame::Hello,
        Ok(Frame { r#type, message_id: Some(id) }) if r#type == "ack" => ClientFrame::Ack(id),
        Ok(Frame { r#type, .. }) if r#type == "typing.start" => ClientFrame::Typing,
        _ => ClientFrame::Other,
    }
}

/// The id of a row in which it is a number.
pub(super) fn numbered_id(row: &str) -> String {
    let number = row.trim_start_matches(r#"{"id":"#).split(',').next().unwrap_or_default();
    format!("msg_{number}")
}

pub(super) fn conversation(id: &str) -> Option<Conversation> {
    id.strip_prefix('c')?.parse().ok()
}

/// A request of the client; what the platform has no route for is an error.
pub(super) fn call(request: &Request<Bytes>) -> Result<Call, String> {
    #[derive(Deserialize)]
    struct Ack {
        last_delivery_id: String,
    }
    let query = |name: &str| {
        let pairs = request.uri().query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
    };
    let number = |name: &str| query(name).and_then(|value| value.parse().ok());
    let path = request.uri().path();
    match (request.method().as_str(), path) {
        ("GET", "/v1/agents/me") => Ok(Call::Me),
        ("GET", "/v1/messages/sync") => {
            Ok(Call::Sync { limit: number("limit").unwrap_or(200).min(500) as usize, after: query("after") })
        }
        ("POST", "/v1/messages/sync/ack") => serde_json::from_slice::<Ack>(request.body())
            .map(|ack| Call::SyncAck { cursor: ack.last_delivery_id })
            .map_err(|e| e.to_string()),
        ("GET", _) if path.starts_with("/v1/messages/") => {
            let conversation = path.trim_start_matches("/v1/messages/").to_owned();
            let limit = number("limit").unwrap_or(50).clamp(1, 200) as usize;
            match number("after_seq") {
                Some(after) => Ok(Call::History { conversation, after, limit }),
                None => Err(format!("history without after_seq: {}", request.uri())),
            }
        }
        (method, path) => Err(format!("no such route: {method} {path}")),
    }
}
