//! Conversations (wire contract 2.4).

use super::define::endpoint;
use super::rules::range;
use crate::types::ConversationListItem;

endpoint! {
    /// Your conversations, the most recently active first.
    "list_conversations" ListConversations = Get "/v1/conversations" -> Vec<ConversationListItem>;
    contract "2.4"; auth Required; retry Idempotent;
    query {
        /// How many at most; the platform gives 50 without it.
        limit: u32 => range(1..=1_000),
        /// How many to skip.
        offset: u32,
    }
}
