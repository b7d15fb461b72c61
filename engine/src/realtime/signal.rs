//! Signals: what is worth saying only now, and not worth keeping (contract 5.6).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::frame_text::FrameText;
use crate::limits;
use crate::types::ConversationId;

/// Something for the others in a conversation. Best effort: it is sent at once on the connection that is up, or handed
/// back in [`Output::Unsent`](super::Output::Unsent); the platform answers none of them.
///
/// The platform's presence is no signal: over the socket it has no known implementation. Use
/// [`UpdatePresence`](crate::rest::UpdatePresence).
///
/// ```
/// use agentchat_engine::realtime::{Input, Signal};
/// let input = Input::Signal(Signal::TypingStart { conversation_id: "conv_1".into() });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "signal")]
#[non_exhaustive]
pub enum Signal {
    /// We have begun to write.
    TypingStart {
        /// Where.
        conversation_id: ConversationId,
    },
    /// We no longer write.
    TypingStop {
        /// Where.
        conversation_id: ConversationId,
    },
    /// We have read everything up to a seq. To be sure that it arrives use [`MarkAsRead`](crate::rest::MarkAsRead).
    ReadUpTo {
        /// Where.
        conversation_id: ConversationId,
        /// The last seq read: 1 to 2^53 − 1.
        through_seq: u64,
    },
}

/// Why a signal was handed back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// No connection has been greeted.
    #[error("there is no connection to send it on")]
    NotConnected,
    /// The session is closing or has ended.
    #[error("the session is closing")]
    Closing,
    /// The conversation id is empty or longer than 256 bytes, or the seq is 0 or above 2^53 − 1.
    #[error("its conversation id or seq is out of range")]
    Invalid,
}

impl Signal {
    pub(super) fn is_valid(&self) -> bool {
        let (Self::TypingStart { conversation_id: id }
        | Self::TypingStop { conversation_id: id }
        | Self::ReadUpTo { conversation_id: id, .. }) = self;
        let seq = match self {
            Self::ReadUpTo { through_seq, .. } => *through_seq,
            Self::TypingStart { .. } | Self::TypingStop { .. } => 1,
        };
        (1..=limits::IDENTIFIER).contains(&id.as_str().len()) && (1..1 << 53).contains(&seq)
    }

    pub(super) fn frame(&self) -> FrameText {
        let frame = match self {
            Self::TypingStart { conversation_id } => {
                json!({"type": "typing.start", "payload": {"conversation_id": conversation_id}})
            }
            Self::TypingStop { conversation_id } => {
                json!({"type": "typing.stop", "payload": {"conversation_id": conversation_id}})
            }
            Self::ReadUpTo { conversation_id, through_seq } => {
                let payload = json!({"conversation_id": conversation_id, "through_seq": through_seq});
                json!({"type": "message.read_ack", "payload": payload})
            }
        };
        FrameText { text: frame.to_string(), secret: false }
    }
}
