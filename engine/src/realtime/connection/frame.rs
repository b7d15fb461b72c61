//! Frames of the WebSocket (contract 5): the server's are read forgivingly, ours are written here.

use core::ops::Range;
use std::borrow::Cow;

use serde_json::json;
use serde_json::value::RawValue;

use crate::context::Context;
use crate::json::{self, Scan, members};
use crate::limits;
use crate::realtime::frame_text::FrameText;
use crate::secret::ApiKey;
use crate::types::Fields;

/// What a server frame is.
#[derive(Debug)]
pub(in crate::realtime) enum Frame {
    /// HELLO was accepted.
    HelloOk { ack_mode: bool },
    /// A message: where in the frame its payload is, and what was read of it on the way.
    Message { payload: Range<usize>, fields: Option<Fields> },
    /// Another event of the platform.
    Other { kind: String },
}

/// Reads a text frame in one pass, without recursion.
pub(in crate::realtime) fn read(text: &str) -> Result<Frame, String> {
    if text.len() > limits::FRAME {
        return Err(format!("it is larger than {} bytes", limits::FRAME));
    }
    if let Some(message) = scan_message(text) {
        return Ok(message);
    }
    let (mut kind, mut payload, mut ack_mode) = (None, None, false);
    members(text, |name, value| match name {
        "type" => kind = json::text(value),
        "payload" => payload = Some(value),
        "capabilities" => ack_mode = has_ack(value),
        _ => {}
    })
    .map_err(|e| format!("it is not a JSON object ({:?} error at column {})", e.classify(), e.column()))?;
    let kind = kind.ok_or("it has no type")?;
    match (&*kind, payload.filter(|payload| *payload != "null")) {
        ("hello.ok", _) => Ok(Frame::HelloOk { ack_mode }),
        ("message.new", Some(payload)) => Ok(Frame::Message { payload: place_in(text, payload), fields: None }),
        ("message.new", None) => Err("it is a message without payload".to_owned()),
        _ => Ok(Frame::Other { kind: kind.into_owned() }),
    }
}

/// A message as the platform writes it, in one pass over the frame. Everything else is read in two.
fn scan_message(text: &str) -> Option<Frame> {
    let mut scan = Scan::new(text);
    let (mut kind, mut payload, mut fields) = ("", 0..0, None);
    scan.object(|scan, name| {
        if name == "payload" {
            let start = scan.place();
            fields = Some(Fields::scan(scan)?);
            payload = start..scan.place();
        } else {
            let value = scan.value()?;
            if name == "type" {
                kind = value;
            }
        }
        Some(())
    })?;
    scan.end()?;
    (kind == r#""message.new""# && fields.is_some()).then_some(Frame::Message { payload, fields })
}

/// Where a part of a text is in it.
fn place_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    start..start.saturating_add(part.len())
}

/// The kinds of frame that come in place of `hello.ok` (contract 2.13).
pub(in crate::realtime) fn refuses_hello(kind: &str) -> bool {
    matches!(kind, "hello.error" | "auth.rejected")
}

/// What a frame that refuses HELLO says: its code and message, wherever they stand.
pub(in crate::realtime) fn refusal(kind: &str, text: &str) -> String {
    let inner = json::member(text, "payload").map(words).unwrap_or_default();
    let said = if inner.is_empty() { words(text) } else { inner };
    let said: String = said.join(": ").chars().take(limits::REFUSAL_TEXT).collect();
    if said.is_empty() { kind.to_owned() } else { format!("{kind}: {said}") }
}

/// What an object says in words: its code, reason and message.
fn words(text: &str) -> Vec<String> {
    let word = |name| json::member(text, name).and_then(json::text).map(Cow::into_owned);
    ["code", "reason", "message"].into_iter().filter_map(word).collect()
}

fn has_ack(capabilities: &str) -> bool {
    let list = serde_json::from_str::<Vec<&RawValue>>(capabilities).unwrap_or_default();
    list.iter().any(|capability| json::text(capability.get()).as_deref() == Some("ack"))
}

/// The first frame of a connection. The key goes here and never into the URL.
pub(super) fn hello(cx: &Context, key: &ApiKey) -> FrameText {
    let mut frame = json!({
        "type": "hello",
        "api_key": key.expose(),
        "capabilities": ["ack"],
        "client": cx.identity().client(),
    });
    if let (Some(version), Some(members)) = (cx.identity().version(), frame.as_object_mut()) {
        members.insert("client_version".to_owned(), version.into());
    }
    FrameText { text: frame.to_string(), secret: true }
}

/// An ack without the id.
const ACK: [&str; 2] = [r#"{"message_id":"#, r#","type":"ack"}"#];

/// Says that a message is handled.
pub(in crate::realtime) fn ack(message_id: &str) -> FrameText {
    let [before, after] = ACK;
    let quotes = 2_usize;
    let length = quotes.saturating_add(before.len()).saturating_add(message_id.len()).saturating_add(after.len());
    let mut text = String::with_capacity(length);
    text.push_str(before);
    json::push_quoted(&mut text, message_id);
    text.push_str(after);
    FrameText { text, secret: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_without_a_version_says_none() {
        let identity = crate::Identity::new("mine", "").unwrap();
        let cx = Context::builder().identity(identity).build().unwrap();
        let text = hello(&cx, &ApiKey::new("ac_1").unwrap()).text;
        assert_eq!(text, r#"{"api_key":"ac_1","capabilities":["ack"],"client":"mine","type":"hello"}"#);
    }

    #[test]
    fn capabilities_of_any_shape_are_read() {
        let ack_mode = |text: &str| match read(text) {
            Ok(Frame::HelloOk { ack_mode }) => ack_mode,
            other => panic!("{other:?}"),
        };
        assert!(ack_mode(r#"{"type":"hello.ok","capabilities":["x",7,"ack"]}"#));
        for legacy in ["[]", "null", "7", r#""ack""#, r#"{"ack":true}"#] {
            assert!(!ack_mode(&format!(r#"{{"type":"hello.ok","capabilities":{legacy}}}"#)), "{legacy}");
        }
        assert!(!ack_mode(r#"{"type":"hello.ok"}"#));
    }

    #[test]
    fn hostile_frames_are_problems_not_panics() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for text in ["", "null", "7", "\"x\"", "[]", "{", "{}", r#"{"type":7}"#, r#"{"type":"message.new"}"#, &deep] {
            assert!(read(text).is_err(), "{:.20}", text);
        }
        let nested = format!(r#"{{"type":"x","payload":{deep},"y":{deep}}}"#);
        assert!(matches!(read(&nested), Ok(Frame::Other { .. })));
    }

    #[test]
    fn an_ack_escapes_the_id() {
        assert_eq!(ack("a\"b").expose(), r#"{"message_id":"a\"b","type":"ack"}"#);
        assert_eq!(format!("{:?}", FrameText { text: "key".into(), secret: true }), "***");
    }
}
