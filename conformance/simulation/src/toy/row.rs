//! Rows as the toy reads them.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(Clone, Debug)]
pub(super) struct Row {
    /// The message's id, which may have been a number, or else its cursor.
    pub(super) id: String,
    /// `None` if it cannot be read: such a row is delivered by itself.
    pub(super) conversation: Option<String>,
    /// Where it belongs, also if the rest cannot be read.
    pub(super) place: Option<String>,
    pub(super) seq: Option<u64>,
    pub(super) own: bool,
    pub(super) cursor: Option<String>,
    pub(super) has_id: bool,
}

#[derive(Deserialize)]
struct Fields {
    id: Option<Value>,
    conversation_id: Option<Value>,
    seq: Option<Value>,
    sender: Option<Value>,
    delivery_id: Option<Value>,
}

pub(super) fn read(text: &str) -> Option<Row> {
    let fields = serde_json::from_str::<Fields>(text).ok()?;
    let too_deep = serde_json::from_str::<Value>(text).is_err();
    let string = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
    let (id, cursor) = (string(&fields.id), string(&fields.delivery_id));
    let numbered = || fields.id.as_ref().and_then(Value::as_u64).map(|number| format!("msg_{number}"));
    Some(Row {
        has_id: id.is_some(),
        conversation: string(&fields.conversation_id).filter(|_| id.is_some() && !too_deep),
        place: string(&fields.conversation_id),
        id: id.or_else(numbered).or_else(|| cursor.clone())?,
        seq: fields.seq.as_ref().and_then(Value::as_u64),
        own: string(&fields.sender).as_deref() == Some("me"),
        cursor,
    })
}

pub(super) fn page(body: &str) -> Option<Vec<Row>> {
    let rows = serde_json::from_str::<Vec<&RawValue>>(body).ok()?;
    Some(rows.into_iter().filter_map(|row| read(row.get())).collect())
}

/// What a frame of the platform is.
#[derive(Debug)]
pub(super) enum Frame {
    HelloOk { acks: bool },
    Message(Option<Row>),
    Other,
}

pub(super) fn frame(text: &str) -> Frame {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        r#type: String,
        #[serde(borrow)]
        payload: Option<&'a RawValue>,
        capabilities: Option<Vec<String>>,
    }
    match serde_json::from_str::<Envelope<'_>>(text) {
        Ok(frame) if frame.r#type == "hello.ok" => {
            Frame::HelloOk { acks: frame.capabilities.is_some_and(|list| list.iter().any(|c| c == "ack")) }
        }
        Ok(Envelope { r#type, payload: Some(payload), .. }) if r#type == "message.new" => {
            Frame::Message(read(payload.get()))
        }
        _ => Frame::Other,
    }
}
