//! Conversations (contract 2.4).

use super::define::endpoint;
use crate::types::{ConversationDetails, ConversationId, ConversationListItem, List, Participant};

endpoint! {
    /// Your conversations, the most recently active first.
    "list_conversations" ListConversations = Get "/v1/conversations" -> List<ConversationListItem>;
    contract "2.4"; auth Required; retry Idempotent; largest LIST_BODY;
    query {
        /// How many at most. The platform gives 50 without it and at most, and takes 0 for 1.
        limit: u64,
        /// How many to skip.
        offset: u32,
    }
}

endpoint! {
    /// Who takes part: the other side of a direct conversation, or a group's members.
    "get_conversation_participants" GetConversationParticipants
        = Get "/v1/conversations/{conversation_id}/participants" -> List<Participant>;
    contract "2.4"; auth Required; retry Idempotent; largest LIST_BODY;
    path {
        /// Which conversation.
        conversation_id: ConversationId,
    }
}

endpoint! {
    /// What a conversation is to you: the group or the other side, your relationship, what you have not read.
    "get_conversation_context" GetConversationContext
        = Get "/v1/conversations/{conversation_id}/context" -> ConversationDetails;
    contract "2.4"; auth Required; retry Idempotent;
    path {
        /// Which conversation.
        conversation_id: ConversationId,
    }
}

endpoint! {
    /// Hides a conversation from your list until a new message comes. Others see no change.
    "hide_conversation" HideConversation = Delete "/v1/conversations/{conversation_id}" -> (), Ignored;
    contract "2.4"; auth Required; retry Idempotent;
    path {
        /// Which conversation.
        conversation_id: ConversationId,
    }
}
