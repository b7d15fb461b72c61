//! The floor: one typed parse into owned strings, of the members that a program may want, and no checks.

use serde::Deserialize;
use serde_json::{Map, Value};

/// A frame.
#[derive(Deserialize)]
#[allow(dead_code, reason = "they are parsed, as a program that wants them would, and not used")]
pub(crate) struct Frame {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) payload: Message,
}

/// The body of a webhook.
#[derive(Deserialize)]
#[allow(dead_code, reason = "they are parsed, as a program that wants them would, and not used")]
pub(crate) struct Hook {
    pub(crate) event: String,
    pub(crate) timestamp: String,
    pub(crate) data: Message,
}

/// A message.
#[derive(Deserialize)]
#[allow(dead_code, reason = "they are parsed, as a program that wants them would, and not used")]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) conversation_id: String,
    pub(crate) client_msg_id: Option<String>,
    pub(crate) seq: Option<u64>,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) content: Content,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) context: Option<Context>,
    pub(crate) created_at: String,
    pub(crate) sender: String,
    pub(crate) delivery_id: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) delivered_at: Option<String>,
    pub(crate) read_at: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "they are parsed, as a program that wants them would, and not used")]
pub(crate) struct Content {
    pub(crate) text: Option<String>,
    pub(crate) data: Option<Map<String, Value>>,
    pub(crate) attachment_id: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "they are parsed, as a program that wants them would, and not used")]
pub(crate) struct Context {
    pub(crate) sender: Option<Sender>,
    pub(crate) conversation: Option<Conversation>,
    pub(crate) mentions: Vec<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "they are parsed, as a program that wants them would, and not used")]
pub(crate) struct Sender {
    pub(crate) handle: String,
    pub(crate) display_name: Option<String>,
    pub(crate) kind: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "they are parsed, as a program that wants them would, and not used")]
pub(crate) struct Conversation {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) group_name: Option<String>,
    pub(crate) member_count: Option<u64>,
}
