//! The live sockets of every agent, and the queue of frames to each (contract 5.5, 5.8 and 5.11).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde::Serialize;
use serde_json::Value;
use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::close_code::TRY_AGAIN_LATER;
use crate::state::agent::AgentId;

/// A frame with a JSON text.
pub(crate) fn text_frame(value: &Value) -> Message {
    Message::Text(value.to_string().into())
}

/// Bytes of a frame's payload, which is what counts against the send buffer.
pub(super) fn size(frame: &Message) -> usize {
    match frame {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) | Message::Frame(_) => 0,
    }
}

/// The hub's end of a socket. Taken out of the hub, it gets no more frames; those in its queue are still written.
#[derive(Debug)]
struct Socket {
    id: SocketId,
    acks: bool,
    frames: mpsc::UnboundedSender<Message>,
    shared: Arc<SharedWithSession>,
}

pub(crate) type SocketId = u64;

/// What both ends look at.
#[derive(Debug, Default)]
pub(super) struct SharedWithSession {
    /// Bytes in the queue.
    pub(super) queued: AtomicUsize,
    /// Drop the connection now.
    pub(super) cut: Notify,
    /// A close frame is in the queue; do not wait for ever.
    pub(super) closing: Notify,
    /// Stop reading and writing, and stay connected.
    pub(super) freeze: Notify,
    /// Whether that has been asked for.
    is_frozen: AtomicBool,
    /// When dropped, reset the connection.
    pub(super) is_reset: AtomicBool,
}

impl SharedWithSession {
    pub(super) fn freeze(&self) {
        self.is_frozen.store(true, Ordering::SeqCst);
        self.freeze.notify_one();
    }

    pub(super) fn reset(&self) {
        self.is_reset.store(true, Ordering::SeqCst);
        self.cut.notify_one();
    }
}

/// An authenticated socket, as the platform's operator sees it.
///
/// ```
/// # use agentchat_local::LocalPlatform;
/// fn who_is_there(platform: &LocalPlatform) {
///     for socket in platform.sockets() {
///         println!("{}: @{}, {} bytes unsent", socket.id, socket.handle, socket.queued_bytes);
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenSocket {
    /// Never used twice by one platform; a later socket has a higher one.
    pub id: u64,
    /// Whose it is.
    pub handle: String,
    /// Whether the client acknowledges deliveries.
    pub acks: bool,
    /// Bytes that wait to be written.
    pub queued_bytes: usize,
    /// Whether the platform has stopped to read and write on it.
    pub frozen: bool,
}

/// The session's end of a socket.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) id: SocketId,
    pub(super) frames: mpsc::UnboundedReceiver<Message>,
    pub(super) shared: Arc<SharedWithSession>,
}

/// How many sockets took a frame.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reached {
    pub(crate) sockets: usize,
    /// Those among them that will not acknowledge it.
    pub(crate) without_acks: usize,
}

/// All live sockets.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    sockets: BTreeMap<AgentId, Vec<Socket>>,
    last_id: SocketId,
}

impl Hub {
    pub(super) fn connect(&mut self, agent: &str, acks: bool) -> Line {
        self.last_id += 1;
        let (sender, frames) = mpsc::unbounded_channel();
        let shared = Arc::new(SharedWithSession::default());
        let socket = Socket { id: self.last_id, acks, frames: sender, shared: shared.clone() };
        self.sockets.entry(agent.to_owned()).or_default().push(socket);
        Line { id: self.last_id, frames, shared }
    }

    pub(super) fn disconnect(&mut self, agent: &str, id: SocketId) {
        self.take(agent, |socket| socket.id == id);
    }

    pub(crate) fn count(&self, agent: &str) -> usize {
        self.sockets.get(agent).map_or(0, Vec::len)
    }

    /// Bytes waiting in the queue of a socket, if it is still there.
    pub(super) fn queued(&self, agent: &str, id: SocketId) -> Option<usize> {
        let socket = self.sockets.get(agent)?.iter().find(|socket| socket.id == id)?;
        Some(socket.shared.queued.load(Ordering::SeqCst))
    }

    /// Queues a frame for every socket of an agent. One with more than `limit` bytes waiting is closed instead.
    pub(crate) fn send_to_all(&mut self, agent: &str, frame: &Message, limit: usize) -> Reached {
        let is_overloaded = |socket: &Socket| socket.shared.queued.load(Ordering::SeqCst) > limit;
        for overloaded in self.take(agent, is_overloaded) {
            overloaded.close(TRY_AGAIN_LATER, "overload");
        }
        let mut reached = Reached::default();
        for socket in self.sockets.get(agent).into_iter().flatten() {
            socket.send(frame.clone());
            reached.sockets += 1;
            reached.without_acks += usize::from(!socket.acks);
        }
        reached
    }

    /// Queues a frame for one socket, whatever is waiting there already.
    pub(super) fn send_to_one(&self, agent: &str, id: SocketId, frame: Message) {
        if let Some(socket) = self.sockets.get(agent).and_then(|all| all.iter().find(|socket| socket.id == id)) {
            socket.send(frame);
        }
    }

    pub(super) fn close_one(&mut self, agent: &str, id: SocketId, code: u16, reason: &str) {
        for socket in self.take(agent, |socket| socket.id == id) {
            socket.close(code, reason);
        }
    }

    /// Closes every socket of an agent, after what is queued.
    pub(crate) fn close_all(&mut self, agent: &str, code: u16, reason: &str) -> usize {
        self.take(agent, |_| true).into_iter().map(|socket| socket.close(code, reason)).count()
    }

    /// Closes every socket of everybody.
    pub(crate) fn close_everybody(&mut self, code: u16, reason: &str) {
        let agents: Vec<AgentId> = self.sockets.keys().cloned().collect();
        for agent in agents {
            self.close_all(&agent, code, reason);
        }
    }

    /// Drops every connection of an agent, with whatever is queued.
    pub(crate) fn cut_all(&mut self, agent: &str) -> usize {
        self.take(agent, |_| true).into_iter().map(|socket| socket.shared.cut.notify_one()).count()
    }

    /// As [`Hub::cut_all`], but the peer sees a reset instead of an end.
    pub(crate) fn reset_all(&mut self, agent: &str) -> usize {
        self.take(agent, |_| true).into_iter().map(|socket| socket.shared.reset()).count()
    }

    /// Makes every socket of an agent half-open. It stays in the hub: to the platform the agent is connected.
    pub(crate) fn freeze_all(&self, agent: &str) -> usize {
        self.sockets.get(agent).into_iter().flatten().map(|socket| socket.shared.freeze()).count()
    }

    /// All sockets, in the order in which they were opened. `handle_of` finds an agent's handle.
    pub(crate) fn list(&self, handle_of: impl Fn(&str) -> String) -> Vec<OpenSocket> {
        let describe = |(agent, socket): (&AgentId, &Socket)| OpenSocket {
            id: socket.id,
            handle: handle_of(agent),
            acks: socket.acks,
            queued_bytes: socket.shared.queued.load(Ordering::SeqCst),
            frozen: socket.shared.is_frozen.load(Ordering::SeqCst),
        };
        let each = |(agent, sockets): (&'_ AgentId, &'_ Vec<Socket>)| {
            sockets.iter().map(|socket| describe((agent, socket))).collect::<Vec<_>>()
        };
        let mut all: Vec<OpenSocket> = self.sockets.iter().flat_map(each).collect();
        all.sort_by_key(|socket| socket.id);
        all
    }

    fn take(&mut self, agent: &str, is_taken: impl Fn(&Socket) -> bool) -> Vec<Socket> {
        let Some(sockets) = self.sockets.get_mut(agent) else {
            return Vec::new();
        };
        let (taken, kept) = std::mem::take(sockets).into_iter().partition(|socket| is_taken(socket));
        *sockets = kept;
        taken
    }
}

impl Socket {
    fn send(&self, frame: Message) {
        self.shared.queued.fetch_add(size(&frame), Ordering::SeqCst);
        // A session that has just ended has no use for it.
        let _ = self.frames.send(frame);
    }

    fn close(self, code: u16, reason: &str) {
        self.send(Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() })));
        self.shared.closing.notify_one();
    }
}
