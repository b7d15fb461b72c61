//! Reading messages: history, read marks, and the sync of what is undelivered (contract 2.3).

use super::argument_checks::chars;
use super::define::endpoint;
use crate::error::InvalidArgument;
use crate::types::{ConversationId, DeliveryId, List, MarkedAsRead, Message, MessageId, SyncAcked, SyncPage};

endpoint! {
    /// A conversation's history: newest first, or with `after_seq` oldest first. Hidden messages are taken
    /// out after the limit, so a page may be short without being the last.
    "get_messages" GetMessages = Get "/v1/messages/{conversation_id}" -> List<Message>;
    contract "2.3"; auth Required; retry Idempotent; largest HISTORY_BODY;
    path {
        /// Whose history.
        conversation_id: ConversationId,
    }
    query {
        /// How many at most. The platform gives 50 without it, and takes 0 for 1 and more than 200 for 200.
        limit: u64,
        /// Only what is older than this seq. Excludes the other two.
        before_seq: u64,
        /// Only what is newer than this seq. Excludes the other two.
        after_seq: u64,
        /// The window whose newest message is this one. Excludes the other two.
        around_message_id: MessageId,
    }
    check one_window;
}

fn one_window(request: &GetMessages) -> Result<(), InvalidArgument> {
    let given = [request.before_seq.is_some(), request.after_seq.is_some(), request.around_message_id.is_some()];
    if given.into_iter().filter(|given| *given).count() > 1 {
        let problem = "excludes after_seq and around_message_id: give one of the three";
        return Err(InvalidArgument::new("before_seq", problem));
    }
    Ok(())
}

endpoint! {
    /// Marks one message as read; its sender gets a `message.read` event.
    "mark_as_read" MarkAsRead = Post "/v1/messages/{message_id}/read" -> MarkedAsRead;
    contract "2.3"; auth Required; retry Idempotent;
    path {
        /// Which message.
        message_id: MessageId,
    }
}

endpoint! {
    /// Hides a message from you. The others go on seeing it.
    "delete_message" DeleteMessage = Delete "/v1/messages/{message_id}" -> (), Ignored;
    contract "2.3"; auth Required; retry Idempotent;
    path {
        /// Which message.
        message_id: MessageId,
    }
}

endpoint! {
    /// What is stored for you and not yet delivered, oldest first; reading changes nothing.
    "sync" SyncMessages = Get "/v1/messages/sync" -> SyncPage, Rows;
    contract "2.3"; auth Required; retry Idempotent; largest RESPONSE_BODY;
    query {
        /// How many at most. The platform gives 200 without it, takes more than 500 for 500, and refuses 0.
        limit: u64,
        /// Only what comes after this cursor.
        after: DeliveryId,
    }
}

endpoint! {
    /// Commits everything up to and including a cursor as delivered.
    "sync_ack" SyncAck = Post "/v1/messages/sync/ack" -> SyncAcked;
    contract "2.3"; auth Required; retry Idempotent;
    need body {
        /// The last row that was handled.
        last_delivery_id: DeliveryId,
    }
}

/// The same limit that the platform puts on a message's `client_msg_id`.
pub(crate) fn client_msg_id_rule(id: &String) -> Option<String> {
    chars(1..=128)(id)
}
