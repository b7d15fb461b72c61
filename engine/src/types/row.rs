//! Message rows as they arrive: read once for routing, kept as text, parsed in full on demand.
//!
//! A frame or sync row is mostly the application's business. The engine needs five facts of it; the rest
//! stays the text that came, so that forwarding a message re-serialises nothing, and a row that no
//! version of this crate understands can still be shown to somebody.

use core::fmt;
use core::ops::Range;
use std::sync::Arc;

use serde::de::Error as _;

use super::{ConversationId, DeliveryId, Handle, Message, MessageId, MessageStatus, MessageType};
use crate::json::{self, Scan, members};
use crate::limits;

/// Bytes that a frame may have besides twice the row's, to be kept with the row. Whatever the platform puts around its rows, a
/// buffered one is held at about its own length.
const FRAME_AROUND: usize = 1_024;

/// What the engine knows of a message without parsing all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// The message's id.
    pub id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Its place in the conversation; `None` if absent or not a whole number from 1 to 2^53 − 1.
    pub seq: Option<u64>,
    /// Who sent it.
    pub sender: Option<Handle>,
    /// What it is.
    pub kind: Option<MessageType>,
    /// The cursor of its delivery, on sync rows.
    pub delivery_id: Option<DeliveryId>,
}

/// A message as it came: its [`Header`] and its text.
///
/// ```
/// use agentchat_engine::types::Row;
///
/// let text = r#"{"id":"msg_1","conversation_id":"conv_1","seq":3,"sender":"alice","type":"text",
///     "content":{"text":"hi"},"created_at":"2026-04-20T10:00:00.000Z"}"#;
/// let row = Row::read(text).unwrap();
/// assert_eq!(row.header().seq, Some(3));
/// assert_eq!(row.message()?.content.text.as_deref(), Some("hi"));
/// assert_eq!(row.text(), text);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Row(Arc<Content>);

/// What a row is, behind one pointer: it is handed on more often than it is looked at.
struct Content {
    header: Header,
    /// The text as it came, which may be a frame with the row in it.
    source: String,
    /// Where in it the row is.
    place: Range<usize>,
}

impl Content {
    fn text(&self) -> &str {
        self.source.get(self.place.clone()).unwrap_or_default()
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        self.header == other.header && self.text() == other.text()
    }
}

impl Eq for Content {}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("header", self.header()).field("text", &self.text()).finish()
    }
}

impl Row {
    /// Reads the header of a message's JSON text.
    ///
    /// # Errors
    /// [`Unreadable`] if it is not an object with an `id` and a `conversation_id` of 1 to 256 bytes, or is nested
    /// deeper than 127 levels.
    pub fn read(text: &str) -> Result<Self, Box<Unreadable>> {
        let header = Header::read(text)?;
        Ok(Self(Arc::new(Content { header, source: text.to_owned(), place: 0..text.len() })))
    }

    /// The row that stands at a place in a frame, which it keeps unless that is mostly something else. Its members may have been
    /// read already.
    pub(crate) fn in_frame(frame: String, place: Range<usize>, read: Option<Fields>) -> Result<Self, Box<Unreadable>> {
        let text = frame.get(place.clone()).unwrap_or_default();
        let header = match read {
            Some(fields) => fields.header(text)?,
            None => Header::read(text)?,
        };
        let (source, place) = if frame.capacity() > place.len().saturating_mul(2).saturating_add(FRAME_AROUND) {
            (text.to_owned(), 0..text.len())
        } else {
            (frame, place)
        };
        Ok(Self(Arc::new(Content { header, source, place })))
    }

    /// The facts that routing needs.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.0.header
    }

    /// The JSON text as it came.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.text()
    }

    /// Whether it tells an event of a group, by which the platform's own are known (contract 3.8).
    pub(crate) fn is_system_event(&self) -> bool {
        self.header().kind == Some(MessageType::System)
            && self.message().is_ok_and(|message| message.system_event().is_some())
    }

    /// Whether the platform counts it as delivered.
    pub(crate) fn is_delivered(&self) -> bool {
        let status = self.message().ok().and_then(|message| message.status);
        matches!(status, Some(MessageStatus::Delivered | MessageStatus::Read))
    }

    /// Parses the whole message.
    ///
    /// # Errors
    /// If it is nested deeper than 127 levels, or has so many values that it would take more than 16 MiB of memory: no message
    /// that the platform stores does. Whatever else its members are, it is a [`Message`].
    pub fn message(&self) -> Result<Message, serde_json::Error> {
        if json::is_too_heavy(self.text(), limits::ANSWER_BODY) {
            return Err(serde_json::Error::custom("it has too many values"));
        }
        json::read(self.text())
    }
}

impl Header {
    fn read(text: &str) -> Result<Self, Box<Unreadable>> {
        let mut fields = Fields::default();
        if let Err(error) = members(text, |name, value| fields.take(name, value)) {
            let problem = format!("is not a JSON object ({:?} error at column {})", error.classify(), error.column());
            return Err(Unreadable::new(text, fields, problem));
        }
        if json::is_too_deep(text) {
            return Err(Unreadable::new(text, fields, "is nested deeper than 127 levels"));
        }
        fields.header(text)
    }
}

/// A row that is not a message as far as this version can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// The JSON text as it came.
    pub text: Arc<str>,
    /// What is wrong with it.
    pub problem: String,
    /// Its message id, if that much could be read.
    pub id: Option<MessageId>,
    /// The cursor of its delivery, if that much could be read.
    pub delivery_id: Option<DeliveryId>,
    /// Its conversation, if that much could be read.
    pub conversation_id: Option<ConversationId>,
    /// Its seq, if that much could be read and can be used.
    pub seq: Option<u64>,
}

impl Unreadable {
    fn new(text: &str, fields: Fields, problem: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            text: text.into(),
            problem: problem.into(),
            id: fields.id,
            delivery_id: fields.delivery_id,
            conversation_id: fields.conversation_id,
            seq: fields.seq,
        })
    }
}

/// What can be read of a row, each member whatever the others are.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    id: Option<MessageId>,
    conversation_id: Option<ConversationId>,
    seq: Option<u64>,
    sender: Option<Handle>,
    kind: Option<MessageType>,
    delivery_id: Option<DeliveryId>,
}

impl Fields {
    /// The members of an object that a scan has come to.
    pub(crate) fn scan(scan: &mut Scan<'_>) -> Option<Self> {
        let mut fields = Self::default();
        scan.object(|scan, name| {
            fields.take(name, scan.value()?);
            Some(())
        })?;
        Some(fields)
    }

    /// The header of the row with this text.
    fn header(mut self, text: &str) -> Result<Header, Box<Unreadable>> {
        let (id, conversation_id) = match (self.id.take(), self.conversation_id.take()) {
            (Some(id), Some(conversation_id)) => (id, conversation_id),
            (id, conversation_id) => {
                let missing = if id.is_none() { "id" } else { "conversation_id" };
                let problem = format!("has no {missing}, or one of more than 256 bytes");
                return Err(Unreadable::new(text, Fields { id, conversation_id, ..self }, problem));
            }
        };
        let Fields { seq, sender, kind, delivery_id, .. } = self;
        Ok(Header { id, conversation_id, seq, sender, kind, delivery_id })
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            "id" => self.id = identifier(value),
            "conversation_id" => self.conversation_id = identifier(value),
            "seq" => self.seq = json::seq(value).filter(|seq| *seq >= 1),
            "sender" => self.sender = identifier(value),
            "type" => self.kind = identifier(value),
            "delivery_id" => self.delivery_id = identifier(value),
            _ => {}
        }
    }
}

/// A text, unless it is empty or longer than any identifier: ids outlive their message, so what strangers write into them is
/// bounded.
fn identifier<T: for<'a> From<&'a str>>(value: &str) -> Option<T> {
    json::text(value).filter(|text| !text.is_empty() && text.len() <= limits::IDENTIFIER).map(|text| T::from(&*text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_types_in_the_header_read_as_absent() {
        let row = Row::read(r#"{"id":"m","conversation_id":"c","seq":"3","sender":7,"type":[]}"#).unwrap();
        assert_eq!((row.header().seq, &row.header().sender, &row.header().kind), (None, &None, &None));
    }

    #[test]
    fn ids_that_no_platform_mints_make_a_row_unreadable_and_are_not_kept() {
        let long = "x".repeat(257);
        let row = |id: &str, conversation: &str| {
            Row::read(&format!(
                r#"{{"id":"{id}","conversation_id":"{conversation}","delivery_id":"{id}","sender":"{long}"}}"#
            ))
        };
        let unreadable = row(&long, "c").unwrap_err();
        assert_eq!((unreadable.id, unreadable.delivery_id), (None, None));
        assert!(row("m", &long).is_err());
        assert_eq!(row("m", "c").unwrap().header().sender, None);
        let problem = Row::read(&format!("\"{long}\"")).unwrap_err().problem;
        assert!(problem.len() < 100, "{problem}");
    }

    #[test]
    fn what_can_be_read_of_a_poison_row_is_kept() {
        let deep = format!(
            r#"{{"id":"m","conversation_id":"c","delivery_id":"d","x":{}1{}}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        let unreadable = Row::read(&deep).unwrap_err();
        assert_eq!(unreadable.delivery_id, Some(DeliveryId::from("d")));
        assert_eq!(unreadable.id, Some(MessageId::from("m")));
        for text in ["null", "[]", "7", "\"x\"", "{", "{}", r#"{"id":""}"#, r#"{"id":"m"}"#] {
            assert!(Row::read(text).is_err(), "{text}");
        }
    }
}
