//! What a row counts for where memory is limited.

use super::row::Header;
use super::{ConversationId, DeliveryId, Handle, MessageId, MessageType, Row, Unreadable};

/// Bytes of an identifier that needs no memory besides.
const INLINE: usize = 23;

impl Row {
    /// Bytes of its text and its identifiers. Where it is kept with its frame there are as many again at most, which do not count: the
    /// same row has the same number in every process.
    pub(crate) fn held(&self) -> usize {
        let Header { id, conversation_id, seq: _, sender, kind, delivery_id } = self.header();
        let texts = [
            Some(id.as_str()),
            Some(conversation_id.as_str()),
            sender.as_ref().map(Handle::as_str),
            kind.as_ref().map(MessageType::as_str),
            delivery_id.as_ref().map(DeliveryId::as_str),
        ];
        self.text().len().saturating_add(held(texts))
    }
}

impl Unreadable {
    /// Bytes of its text and of all else that it says.
    pub(crate) fn held(&self) -> usize {
        let texts = [
            Some(&*self.problem),
            self.id.as_ref().map(MessageId::as_str),
            self.delivery_id.as_ref().map(DeliveryId::as_str),
            self.conversation_id.as_ref().map(ConversationId::as_str),
        ];
        self.text.len().saturating_add(held(texts))
    }
}

/// Bytes of texts that have no room where they stand, as longer identifiers have none.
fn held<const N: usize>(texts: [Option<&str>; N]) -> usize {
    texts.into_iter().flatten().map(str::len).filter(|length| *length > INLINE).fold(0, usize::saturating_add)
}
