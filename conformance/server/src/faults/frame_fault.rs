//! Faults of frames on an open socket: for which frames, and what becomes of them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::invalid_rule::InvalidRule;
use crate::handle::normalise;

/// Which frames a rule is for. Only sockets that have said HELLO have frames in this sense; `hello.ok` is the first one
/// that goes to the client.
///
/// ```
/// use agentchat_local::faults::Frames;
/// let bobs_messages = Frames::to_client().of_type("message.new").agent("bob");
/// let acks = Frames::from_client().of_type("ack");
/// # let _ = (bobs_messages, acks);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Frames {
    /// Which way they go.
    pub direction: Direction,
    /// The `type` in the frame's JSON. `ping`, which goes to the client only, has to be named to be meant; a close frame
    /// cannot be.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whose socket it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

/// Which way a frame goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the platform.
    #[default]
    ToClient,
    /// From the client.
    FromClient,
}

impl Frames {
    /// Frames that the platform sends.
    #[must_use]
    pub fn to_client() -> Frames {
        Frames::default()
    }

    /// Frames that clients send.
    #[must_use]
    pub fn from_client() -> Frames {
        Frames { direction: Direction::FromClient, ..Frames::default() }
    }

    /// Only those of this type.
    #[must_use]
    pub fn of_type(mut self, kind: impl Into<String>) -> Frames {
        self.kind = Some(kind.into());
        self
    }

    /// Only those on sockets of this agent.
    #[must_use]
    pub fn agent(mut self, handle: impl Into<String>) -> Frames {
        self.agent = Some(handle.into());
        self
    }

    /// A frame without a type is one that has none in its JSON, or is no JSON.
    pub(super) fn matches(&self, direction: Direction, kind: Option<&str>, agent: &str) -> bool {
        let is_meant = match &self.kind {
            Some(meant) => kind == Some(meant),
            None => kind != Some(PING),
        };
        is_meant && self.direction == direction && self.agent.as_deref().is_none_or(|meant| normalise(meant) == agent)
    }
}

/// The type of a ping of the heartbeat, which is no JSON.
pub(super) const PING: &str = "ping";

/// What becomes of a frame.
///
/// ```
/// use agentchat_local::faults::FrameFault;
/// use std::time::Duration;
/// let swapped_with_the_next = FrameFault::Reorder { behind: 1 };
/// let everything_late = FrameFault::Delay { by: Duration::from_millis(30) };
/// let kicked_out = FrameFault::Close { code: 1012, reason: "restart".into() };
/// # let _ = (swapped_with_the_next, everything_late, kicked_out);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FrameFault {
    /// It is lost.
    Drop,
    /// It comes several times in a row.
    Duplicate {
        /// How many times more than once.
        copies: u32,
    },
    /// It is late, and what comes behind it is late as well: the order stays.
    Delay {
        /// How late.
        #[serde(rename = "by_ms", with = "super::millis")]
        by: Duration,
    },
    /// It is late alone: others overtake it.
    Defer {
        /// How late.
        #[serde(rename = "by_ms", with = "super::millis")]
        by: Duration,
    },
    /// It comes after the next frames in the same direction. If these never come, neither does it.
    Reorder {
        /// How many frames overtake it.
        behind: u32,
    },
    /// Another text comes in its place.
    Replace {
        /// JSON or not.
        text: String,
    },
    /// It is lost, and the platform closes the socket.
    Close {
        /// 1000 to 4999.
        code: u16,
        /// At most 123 bytes.
        reason: String,
    },
    /// It is lost, and the connection ends without a close frame.
    Cut,
    /// It is lost, and the connection is reset.
    Reset,
    /// It is lost, and the socket is half-open from then on: it stays connected, but nothing is read or written on it.
    Freeze,
}

impl FrameFault {
    pub(super) fn check(&self) -> Result<(), InvalidRule> {
        match self {
            FrameFault::Close { code, .. } if !(1000..=4999).contains(code) => {
                Err(InvalidRule::new("a close code must be 1000 to 4999"))
            }
            FrameFault::Close { reason, .. } if reason.len() > 123 => {
                Err(InvalidRule::new("the reason of a close frame has at most 123 bytes"))
            }
            _ => Ok(()),
        }
    }
}
