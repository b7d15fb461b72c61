//! The body of a message to send, and what it counts towards the platform's limit.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};

use super::define;
use crate::error::InvalidArgument;
use crate::limits;
use crate::types::{Content, ConversationId, Handle, MessageType};

/// Its members, sorted by name like those of every other body.
#[derive(Serialize)]
pub(super) struct MessageBody<'a> {
    pub(super) client_msg_id: &'a str,
    content: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) conversation_id: Option<&'a ConversationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<&'a Handle>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'a MessageType>,
}

impl<'a> MessageBody<'a> {
    /// A body without a recipient and an id.
    ///
    /// # Errors
    /// If the content is empty, or content and metadata are larger than the platform takes.
    pub(super) fn new(content: &Content, metadata: Option<&Map<String, Value>>) -> Result<Self, InvalidArgument> {
        if content.is_empty() {
            return Err(InvalidArgument::new("content", "has neither text nor data nor attachment_id"));
        }
        let known = raw("content", &KnownContent::of(content))?;
        let metadata = metadata.map(|metadata| raw("metadata", metadata)).transpose()?;
        // As the platform counts: without the members that it drops, and metadata that is not given is `{}`.
        let size = known.get().len().saturating_add(metadata.as_ref().map_or("{}".len(), |text| text.get().len()));
        if size > limits::MESSAGE {
            let problem = format!("and metadata must be at most {} bytes of JSON, were {size}", limits::MESSAGE);
            return Err(InvalidArgument::new("content", problem));
        }
        let content = match content.extra.is_empty() {
            true => known,
            false => raw("content", &define::value("content", content)?)?,
        };
        Ok(Self { client_msg_id: "", content, conversation_id: None, metadata, to: None, kind: None })
    }
}

/// The members of a content that the platform stores, sorted by name.
#[derive(Serialize)]
struct KnownContent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

impl<'a> KnownContent<'a> {
    fn of(content: &'a Content) -> Self {
        let Content { text, data, attachment_id, .. } = content;
        Self { attachment_id: attachment_id.as_deref(), data: data.as_ref(), text: text.as_deref() }
    }
}

fn raw(field: &'static str, value: &impl Serialize) -> Result<Box<RawValue>, InvalidArgument> {
    to_raw_value(value).map_err(|_| InvalidArgument::new(field, "cannot be written as JSON"))
}
