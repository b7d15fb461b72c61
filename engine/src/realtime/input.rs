//! The session's input door.

use bytes::Bytes;
use http::Response;

use super::delivery::{DeliveryToken, Outcome};
use super::signal::Signal;
use super::state::{ConnectionId, RequestId};
use crate::error::Fault;
use crate::secret::ApiKey;
use crate::types::ConversationId;

/// What happened: an input of a [`Session`](super::Session). Any order is legal, and none is an error: what
/// names a connection, request or delivery that is over changes nothing.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Input {
    /// Connect; after the end it starts again. While started only its key counts: it replaces the present one without an
    /// interruption. It goes into the next request and the next HELLO, and a close that refuses the old key is then
    /// followed by another connection.
    Start {
        /// New credentials. After a close that refused the old ones, a start without any changes nothing.
        api_key: Option<ApiKey>,
    },
    /// The socket is open and the upgrade was accepted.
    Opened(ConnectionId),
    /// A text frame.
    Text(ConnectionId, String),
    /// A binary frame; the platform never sends one, so its bytes are of no interest.
    Binary(ConnectionId),
    /// A sign of life that is no frame to be read: a ping, a pong, or bytes of a frame that is not whole yet. A transport
    /// that sees the latter should tell now and then, well within [`keepalive`](super::SessionOptions::keepalive): a large
    /// frame on a slow link takes longer to come than a dead connection is waited for.
    Alive(ConnectionId),
    /// The peer closed the socket; without a code where it just ended.
    Closed {
        /// Which socket.
        connection: ConnectionId,
        /// The close code, if there was a close frame with one.
        code: Option<u16>,
        /// The close reason.
        reason: String,
    },
    /// The socket could not be opened, or broke.
    Fault(ConnectionId, Fault),
    /// A request ended.
    Response {
        /// Which request.
        request: RequestId,
        /// The answer with its whole body, or why there is none.
        result: Result<Response<Bytes>, Fault>,
    },
    /// The application says how a delivery ended.
    Settled {
        /// Which delivery.
        delivery: DeliveryToken,
        /// How it ended.
        outcome: Outcome,
    },
    /// Whether somebody takes deliveries. Without a consumer nothing is delivered, so nothing is acked.
    Consumer(bool),
    /// A message of our own was stored: it has taken a seq that will not be pushed to us.
    Sent {
        /// Where.
        conversation_id: ConversationId,
        /// Its seq.
        seq: u64,
    },
    /// Something for the others in a conversation, now or never.
    Signal(Signal),
    /// Fetch what is stored, now, although no connection was lost. One at a time; a request for another
    /// while one runs is remembered.
    Drain,
    /// Stop delivering, wait for what is in flight up to the configured limit, ack it, close.
    Close,
    /// Time has passed. Early and repeated ones change nothing.
    Timeout,
}
