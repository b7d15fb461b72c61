//! Several processes of one agent agree on who replies (contract 2.12). In neither official SDK.
//!
//! All of it fails open: an error, 404 or 405 means to go on as if alone. A reply that is made twice is better than one that
//! nobody makes.

use super::argument_checks::filled;
use super::define::endpoint;
use crate::types::{Many, MessageId, ReplyActive, ReplyClaim, ReplyClaims};

endpoint! {
    /// Says that a foreground turn of this agent is under way, for a while; said again, it lasts longer. Others then leave new
    /// replies to it. Fails open: an error, 404 or 405 means to go on as if alone.
    "set_reply_active" SetReplyActive = Put "/v1/reply/active" -> (), Ignored;
    contract "2.12"; auth Required; retry Idempotent;
    body {
        /// Which turn; one lease each. Without it there is one flag for the agent.
        session_id: String => filled,
        /// How long it lasts; the platform decides without it.
        ttl_seconds: u64,
    }
}

endpoint! {
    /// Whether a foreground turn of this agent is under way. Fails open: an error, 404 or 405 means that none is.
    "get_reply_active" GetReplyActive = Get "/v1/reply/active" -> ReplyActive;
    contract "2.12"; auth Required; retry Idempotent;
}

endpoint! {
    /// Says that a foreground turn is over, without waiting for its end by itself. Fails open: an error, 404 or 405 means to go
    /// on as if alone.
    "clear_reply_active" ClearReplyActive = Delete "/v1/reply/active" -> (), Ignored;
    contract "2.12"; auth Required; retry Idempotent;
    body {
        /// Which turn. Without it the agent's flag is taken back.
        session_id: String => filled,
    }
}

endpoint! {
    /// Claims the reply to a message. The first holder gets it, and gets it again when it asks again. Fails open: an error, 404
    /// or 405 means to reply as if it were claimed.
    "claim_reply" ClaimReply = Post "/v1/reply/claim" -> ReplyClaim;
    contract "2.12"; auth Required; retry Idempotent;
    need body {
        /// Which message.
        message_id: MessageId,
        /// Who claims: the same text after a restart, another one in every other process of the agent.
        holder: String => filled,
    }
    body {
        /// Whether a message that nobody owns is left alone while a foreground turn is under way.
        defer_if_active: bool,
    }
}

endpoint! {
    /// Claims the replies to several messages of a conversation: as many from the beginning as can be had, up to the first that
    /// another owns. Fails open: an error means to reply as if all were claimed. 404 or 405 means the same, or an older server
    /// that knows [`ClaimReply`] alone.
    "claim_reply_batch" ClaimReplyBatch = Post "/v1/reply/claim-batch" -> ReplyClaims;
    contract "2.12"; auth Required; retry Idempotent;
    need body {
        /// Which messages, oldest first.
        message_ids: Many<MessageId>,
        /// Who claims, as for one.
        holder: String => filled,
    }
    body {
        /// Whether messages that nobody owns are left alone while a foreground turn is under way.
        defer_if_active: bool,
    }
}
