//! What passes between the driver and a WebSocket: frames, without a library's types.

use std::fmt;

use agentchat_engine::Fault;
use futures_core::Stream;
use futures_sink::Sink;

/// An open WebSocket: a stream of what it brings, which ends once the connection is over, and a sink for what is to be
/// sent. Implemented by whatever is both.
///
/// Reading must go on while a write is stuck, so neither half may wait for the other; and a flush must also send what the
/// socket itself has queued, such as the pong to the peer's ping.
pub trait Socket: Stream<Item = Result<SocketEvent, Fault>> + Sink<SocketCommand, Error = Fault> + Unpin {}

impl<S> Socket for S where S: Stream<Item = Result<SocketEvent, Fault>> + Sink<SocketCommand, Error = Fault> + Unpin {}

/// What a socket brings.
///
/// ```
/// use agentchat_driver::SocketEvent;
/// let event = SocketEvent::Closed { code: Some(1000), reason: String::new() };
/// assert_ne!(event, SocketEvent::Alive);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// A text frame.
    Text(String),
    /// A binary frame; the platform never sends one, so its bytes are dropped.
    Binary,
    /// A ping or pong frame, or bytes of a frame that is not whole yet. Pings are answered by the socket itself.
    Alive,
    /// The peer's close frame. Nothing follows but the end of the stream.
    Closed {
        /// The close code, if the frame had one.
        code: Option<u16>,
        /// The close reason.
        reason: String,
    },
}

/// What a socket has to send.
#[derive(Clone, PartialEq, Eq)]
pub enum SocketCommand {
    /// A text frame.
    Text(String),
    /// An empty ping frame.
    Ping,
    /// A close frame; nothing is sent after it.
    Close {
        /// The close code.
        code: u16,
        /// The close reason.
        reason: String,
    },
}

impl fmt::Debug for SocketCommand {
    /// Without the text: one frame of every connection holds the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.debug_struct("Text").field("bytes", &text.len()).finish(),
            Self::Ping => f.write_str("Ping"),
            Self::Close { code, reason } => {
                f.debug_struct("Close").field("code", code).field("reason", reason).finish()
            }
        }
    }
}
