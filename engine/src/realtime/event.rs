//! What a session tells besides deliveries: enough to find out at night what happened.

use core::time::Duration;

use serde::{Deserialize, Serialize};

use super::halt::{Advice, HaltReason};
use super::server_event::ServerEvent;
use super::state::ConnectionId;
use crate::error::Error;
use crate::types::{ConversationId, MessageId, Row};

/// Something worth knowing. Events are never needed for correctness.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The platform accepted HELLO. Not emitted when the socket merely opened.
    Connected {
        /// Which connection.
        connection: ConnectionId,
        /// Whether messages are acked one by one; otherwise the platform counts a message as delivered when
        /// it is written to the socket.
        ack_mode: bool,
    },
    /// Everything stored before this point has been fetched. Emitted after every drain: once a connection, unless more were asked
    /// for.
    CaughtUp {
        /// Rows that the drain brought. One that came more than once, because the drain began anew, counts once.
        drained: u64,
    },
    /// A connection ended, or an attempt to open one failed.
    Disconnected {
        /// Which connection.
        connection: ConnectionId,
        /// How it ended.
        info: CloseInfo,
        /// What happens next.
        plan: ReconnectPlan,
    },
    /// Several connections in a row died young.
    Unstable {
        /// How many in a row.
        in_a_row: u32,
    },
    /// A gap in a conversation was filled or given up. Not emitted when the missing messages arrived by themselves.
    SequenceGap {
        /// The conversation.
        conversation_id: ConversationId,
        /// The first seq that was missing.
        expected: u64,
        /// What history had.
        filled: Vec<SeqRange>,
        /// What does not exist for us: history steps over it.
        absent: Vec<SeqRange>,
        /// What is still missing, rows of history that cannot be read included. Empty exactly if `recovered`. It is fetched
        /// while the connection lives, and then delivered late.
        missing: Vec<SeqRange>,
        /// How long it was waited for.
        waited: Duration,
        /// Whether nothing is missing.
        recovered: bool,
        /// How it ended.
        reason: GapReason,
    },
    /// A message far beyond what its conversation expects: delivered at once, the conversation's mark stays.
    ImplausibleSeq {
        /// The message.
        message_id: MessageId,
        /// Its conversation.
        conversation_id: ConversationId,
        /// Its seq.
        seq: u64,
        /// The seq expected next.
        expected: u64,
    },
    /// A message is offered after one with a higher seq of its conversation: it came after its gap was given up, or
    /// was brought back. Emitted once for each way that it comes, before it is offered.
    Late {
        /// The message.
        message_id: MessageId,
        /// Its conversation.
        conversation_id: ConversationId,
        /// Its seq.
        seq: u64,
    },
    /// The mark of the conversation that was quiet longest was forgotten, to keep memory bounded: its next
    /// message is taken as the first, whatever its seq.
    MarkForgotten {
        /// The conversation.
        conversation_id: ConversationId,
    },
    /// A message failed as often as is allowed; its conversation moves on and the platform keeps it.
    GaveUp {
        /// The message; `None` for an unreadable row without an id.
        message_id: Option<MessageId>,
        /// Its conversation, if that can be read.
        conversation_id: Option<ConversationId>,
        /// Its seq, if it has one that can be used.
        seq: Option<u64>,
        /// How often it was offered in this session.
        attempts: u32,
        /// Whether it will not be offered again in this session, even if the platform sends it again.
        last: bool,
    },
    /// The application discarded a message.
    Discarded {
        /// The message; `None` for an unreadable row without an id.
        message_id: Option<MessageId>,
        /// Its conversation, if that can be read.
        conversation_id: Option<ConversationId>,
        /// Its seq, if it has one that can be used.
        seq: Option<u64>,
        /// Its reason.
        reason: String,
        /// Messages discarded since the session began.
        discarded: u64,
    },
    /// The buffers are full: live messages are dropped unacked until there is room, then fetched.
    Shed {
        /// Messages dropped since the session began.
        dropped: u64,
    },
    /// A frame that is no event of the platform was ignored.
    BadFrame {
        /// What is wrong with it. Does not quote it.
        problem: String,
        /// Its length in bytes.
        bytes: usize,
    },
    /// A request of the session failed after its retries. What it was for is tried again later.
    RequestFailed {
        /// What it was for.
        purpose: &'static str,
        /// How it failed.
        error: Error,
    },
    /// A page of the drain was full but its cursor did not advance: the drain ended there.
    DrainStuck {
        /// Rows that the drain brought until then, each counted once.
        drained: u64,
    },
    /// An event of a group, such as somebody joining (contract 3.8), that
    /// [`system_events`](super::SessionOptions::system_events) did not ask for as a delivery. It is acked.
    /// [`Row::message`] and [`Message::system_event`](crate::types::Message::system_event) say what happened.
    System {
        /// The message that tells it.
        row: Row,
    },
    /// Another event of the platform: `message.read`, `presence.update`, typing, and those to come.
    Server(ServerEvent),
    /// The platform refused the key. The session ends unless another one is given within this time
    /// ([`SessionOptions::key_wait`](super::SessionOptions::key_wait)).
    KeyRefused {
        /// What it said.
        reason: HaltReason,
        /// How long another key is waited for.
        wait: Duration,
    },
    /// The session ended on its own account. Final.
    Halted {
        /// What ended it.
        reason: HaltReason,
        /// What to do.
        advice: Advice,
    },
    /// The session ended on request. Final.
    Closed {
        /// Deliveries that were still in flight; the platform will offer them again.
        unsettled: usize,
    },
}

/// How a connection ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CloseInfo {
    /// The close code, the peer's or ours.
    pub code: Option<u16>,
    /// The close reason, or what broke.
    pub reason: String,
    /// Whether the engine itself ended it.
    pub by_us: bool,
}

/// What follows a disconnection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReconnectPlan {
    /// Another attempt.
    Retry {
        /// Its number since the last connection that lasted.
        attempt: u32,
        /// How long until then.
        delay: Duration,
    },
    /// None: [`Event::Halted`] or [`Event::KeyRefused`] follows.
    End,
}

/// How a gap ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GapReason {
    /// History had the answer.
    Filled,
    /// A drain brought everything that is stored: nothing below is missing any more, whatever history has.
    Drained,
    /// The platform refuses the conversation's history (403, 404, 410): what is missing there cannot be had.
    Refused,
    /// History could not be read for as long as the patience lasted.
    FillFailed,
    /// Filling is switched off, or the own handle is not known.
    FillUnavailable,
    /// Too much was waiting behind it.
    Overflow,
}

/// Consecutive seqs, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeqRange {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
}
