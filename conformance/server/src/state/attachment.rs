//! Uploads: announced first, filled later, and sent in one place only (contract 2.10).

use std::collections::BTreeMap;

use bytes::Bytes;

use super::agent::AgentId;
use super::id::ConversationId;
use crate::ids::new_id;

/// For whom an attachment was uploaded, which is fixed from then on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Agent(AgentId),
    Group(ConversationId),
}

/// A file. Its size and hash are taken on trust, as they are on the real platform.
#[derive(Debug)]
pub(crate) struct Attachment {
    pub(crate) uploader: AgentId,
    pub(crate) scope: Scope,
    pub(crate) content_type: &'static str,
    /// `None` until the upload.
    pub(crate) bytes: Option<Bytes>,
}

/// All attachments.
#[derive(Debug, Default)]
pub(crate) struct Attachments {
    by_id: BTreeMap<String, Attachment>,
}

impl Attachments {
    pub(crate) fn add(&mut self, attachment: Attachment) -> String {
        let id = new_id("att_");
        self.by_id.insert(id.clone(), attachment);
        id
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Attachment> {
        self.by_id.get(id)
    }

    /// Keeps the bytes; false if nothing of that id was announced.
    pub(crate) fn fill(&mut self, id: &str, bytes: Bytes) -> bool {
        self.by_id.get_mut(id).map(|attachment| attachment.bytes = Some(bytes)).is_some()
    }
}
