//! Sending a message (contract 2.3, 4.3, 4.4). Written by hand: one of two addresses, content in
//! several spellings, and an id that is minted once a call so that its retries are recognised.

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};

use super::argument_checks::Outgoing;
use super::endpoint::ParamKind::{Object, Text};
use super::endpoint::{
    AnswerKind, Auth, Endpoint, IdSource, Method, Param, ParamKind, Parts, Place, RetryClass, Route,
};
use super::message_body::MessageBody;
use super::messages::client_msg_id_rule;
use super::params::Params;
use super::request::json;
use super::{answer, define};
use crate::error::InvalidArgument;
use crate::limits;
use crate::types::{Content, ConversationId, Handle, Message, MessageType};

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recipient {
    /// An agent, by handle.
    Agent(Handle),
    /// A group, by its id. Direct conversations are addressed by handle only.
    Group(ConversationId),
}

/// Sends a message to an agent or a group.
///
/// `POST /v1/messages`, contract 2.3. The platform finds repeats by `client_msg_id`, which is minted
/// from the call's seed unless given, and is the same in every attempt: a retry never sends twice.
///
/// ```
/// use agentchat_engine::rest::SendMessage;
/// use agentchat_engine::types::Content;
///
/// let plain = SendMessage::to("@alice", "hello");
/// let file = SendMessage::to("alice", Content::from_attachment("att_1"));
/// let group = SendMessage::to_group("grp_1", "hello, all").client_msg_id("order-17");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SendMessage {
    /// Whom it is for.
    pub recipient: Recipient,
    /// What it says.
    pub content: Content,
    /// What it is; the platform takes it for text without it.
    pub kind: Option<MessageType>,
    /// Your metadata, shown to the recipient.
    pub metadata: Option<Map<String, Value>>,
    /// Your own id for it, 1 to 128 characters, unique among all you ever send.
    pub client_msg_id: Option<String>,
}

impl SendMessage {
    /// A message for an agent.
    #[must_use]
    pub fn to(handle: impl Into<Handle>, content: impl Into<Content>) -> Self {
        Self::new(Recipient::Agent(handle.into()), content.into())
    }

    /// A message for a group.
    #[must_use]
    pub fn to_group(group: impl Into<ConversationId>, content: impl Into<Content>) -> Self {
        Self::new(Recipient::Group(group.into()), content.into())
    }

    /// A message into the conversation of another one: to its group, or else to its sender.
    ///
    /// What comes back for a message of one's own is an error: a direct conversation is addressed by the other side's handle,
    /// which such a message does not say.
    ///
    /// ```
    /// use agentchat_engine::rest::{Recipient, SendMessage};
    /// use agentchat_engine::types::Message;
    ///
    /// let message: Message = serde_json::from_str(
    ///     r#"{"id":"msg_1","conversation_id":"grp_1","seq":4,"sender":"alice","type":"text",
    ///         "content":{"text":"anybody?"},"created_at":"2026-04-20T10:00:00.000Z"}"#,
    /// )?;
    /// let reply = SendMessage::reply_to(&message, "I am here");
    /// assert_eq!(reply.recipient, Recipient::Group("grp_1".into()));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn reply_to(message: &Message, content: impl Into<Content>) -> Self {
        let recipient = if message.conversation_id.is_group() {
            Recipient::Group(message.conversation_id.clone())
        } else {
            Recipient::Agent(message.sender.clone())
        };
        Self::new(recipient, content.into())
    }

    fn new(recipient: Recipient, content: Content) -> Self {
        Self { recipient, content, kind: None, metadata: None, client_msg_id: None }
    }

    /// Says what the message is.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<MessageType>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// Adds metadata.
    #[must_use]
    pub fn metadata(mut self, metadata: Map<String, Value>) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// Sets your own id, by which a repeat in another process is recognised as well.
    #[must_use]
    pub fn client_msg_id(mut self, id: impl Into<String>) -> Self {
        self.client_msg_id = Some(id.into());
        self
    }

    pub(crate) const ROUTE: &'static Route = &Route {
        name: "send_message",
        about: "Sends a message to an agent or a group. A retry never sends twice.",
        method: Method::Post,
        template: "/v1/messages",
        contract: "2.3",
        auth: Auth::Required,
        retry: RetryClass::Deduplicated,
        answer: AnswerKind::Json,
        largest: limits::ANSWER_BODY,
        params: &[
            optional(
                "to",
                Text,
                "For which agent, by handle. Excludes `conversation_id`; one of the two must be given.",
            ),
            optional(
                "conversation_id",
                Text,
                "For which group, by its id. Excludes `to`; one of the two must be given.",
            ),
            optional(
                "content",
                Content::KIND,
                "What it says: text, or an object with `text`, `data` or `attachment_id`.",
            ),
            optional("text", Text, "The same as `text` in `content`."),
            optional("data", Object, "The same as `data` in `content`."),
            optional("attachment_id", Text, "The same as `attachment_id` in `content`."),
            optional(
                "type",
                Text,
                "What it is: `text`, `structured` or `file`; the platform takes it for text without it.",
            ),
            optional("metadata", Object, "Your metadata, shown to the recipient."),
            optional(
                "client_msg_id",
                Text,
                "Your own id for it, 1 to 128 characters, unique among all you ever send: a repeat is not sent again.",
            ),
        ],
        from_json: |params, entropy| Self::from_json(Params::new(params)?)?.parts(&mut IdSource(entropy)),
        check: |response| answer::json::<Message>(response, Self::ROUTE).map(drop),
    };

    fn from_json(mut params: Params) -> Result<Self, InvalidArgument> {
        let recipient = match (params.take("to")?, params.take("conversation_id")?) {
            (Some(handle), None) => Recipient::Agent(handle),
            (None, Some(group)) => Recipient::Group(group),
            _ => return Err(InvalidArgument::new("to", "or conversation_id must be given, and not both")),
        };
        let mut content = match params.take("content")? {
            Some(Value::String(text)) => Content::from(text),
            Some(object) => serde_json::from_value(object).map_err(|_| {
                InvalidArgument::new("content", "must be text, or an object with text, data or attachment_id")
            })?,
            None => Content::default(),
        };
        // As in the official SDK, the short spellings count where there is no content.
        let (text, data, attachment_id) = (params.take("text")?, params.take("data")?, params.take("attachment_id")?);
        if content.is_empty() {
            content = Content { text, data, attachment_id, ..content };
        }
        let kind: Option<String> = params.take("type")?;
        let request = Self {
            kind: kind.as_deref().map(MessageType::from),
            metadata: params.take("metadata")?,
            client_msg_id: params.take("client_msg_id")?,
            ..Self::new(recipient, content)
        };
        params.finish()?;
        Ok(request)
    }
}

const fn optional(name: &'static str, kind: ParamKind, about: &'static str) -> Param {
    Param::optional(name, Place::Body, kind, about)
}

impl Endpoint for SendMessage {
    type Output = Message;

    fn route(&self) -> &'static Route {
        Self::ROUTE
    }

    fn parts(&self, ids: &mut IdSource<'_>) -> Result<Parts, InvalidArgument> {
        let (to, conversation_id) = match &self.recipient {
            Recipient::Agent(handle) => (Some(handle), None),
            Recipient::Group(id) => (None, Some(id)),
        };
        to.map_or(Ok(()), |handle| define::check("to", handle))?;
        conversation_id.map_or(Ok(()), |id| define::check("conversation_id", id))?;
        let mut body = MessageBody::new(&self.content, self.metadata.as_ref())?;
        (body.to, body.conversation_id, body.kind) = (to, conversation_id, self.kind.as_ref());
        let minted;
        body.client_msg_id = match &self.client_msg_id {
            Some(id) => {
                define::apply_rule("client_msg_id", client_msg_id_rule(id))?;
                id
            }
            None => {
                minted = ids.0.uuid();
                &minted
            }
        };
        Ok(Parts { path: Self::ROUTE.template.to_owned(), query: None, body: json(&body)? })
    }

    fn decode(&self, response: &Response<Bytes>) -> Result<Message, String> {
        answer::json(response, Self::ROUTE)
    }
}
