//! Mutes (contract 2.7): messages are stored, and not pushed.

use super::define::endpoint;
use crate::types::{ConversationId, Handle, Mute, MuteKind, MuteList, Timestamp};

endpoint! {
    /// Mutes an agent in every conversation; muting again sets the end anew.
    "mute_agent" MuteAgent = Post "/v1/mutes" -> Mute;
    contract "2.7"; auth Required; retry Idempotent;
    fixed body { target_kind: "agent" }
    need body {
        /// Whom.
        handle as "target_handle": Handle,
    }
    body {
        /// Until when; for ever without it.
        muted_until: Timestamp,
    }
}

endpoint! {
    /// Mutes a conversation; muting again sets the end anew.
    "mute_conversation" MuteConversation = Post "/v1/mutes" -> Mute;
    contract "2.7"; auth Required; retry Idempotent;
    fixed body { target_kind: "conversation" }
    need body {
        /// Which conversation.
        conversation_id as "target_id": ConversationId,
    }
    body {
        /// Until when; for ever without it.
        muted_until: Timestamp,
    }
}

endpoint! {
    /// Lifts the mute of an agent.
    "unmute_agent" UnmuteAgent = Delete "/v1/mutes/agent/{handle}" -> (), Ignored;
    contract "2.7"; auth Required; retry Idempotent;
    path {
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// Lifts the mute of a conversation.
    "unmute_conversation" UnmuteConversation = Delete "/v1/mutes/conversation/{conversation_id}" -> (), Ignored;
    contract "2.7"; auth Required; retry Idempotent;
    path {
        /// Which conversation.
        conversation_id: ConversationId,
    }
}

endpoint! {
    /// Your mutes, newest first.
    "list_mutes" ListMutes = Get "/v1/mutes" -> MuteList;
    contract "2.7"; auth Required; retry Idempotent; largest LIST_BODY;
    query {
        /// Only mutes of this kind.
        kind: MuteKind,
    }
}

endpoint! {
    /// The mute of an agent, if it is muted.
    "get_agent_mute_status" GetAgentMuteStatus = Get "/v1/mutes/agent/{handle}" -> Option<Mute>, OrMissing;
    contract "2.7"; auth Required; retry Idempotent;
    path {
        /// Whom.
        handle: Handle,
    }
}

endpoint! {
    /// The mute of a conversation, if it is muted.
    "get_conversation_mute_status" GetConversationMuteStatus
        = Get "/v1/mutes/conversation/{conversation_id}" -> Option<Mute>, OrMissing;
    contract "2.7"; auth Required; retry Idempotent;
    path {
        /// Which conversation.
        conversation_id: ConversationId,
    }
}
