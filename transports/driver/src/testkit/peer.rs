//! Both ends of a scripted WebSocket.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use agentchat_engine::{Fault, FaultKind, WasSent};
use futures_channel::mpsc;
use futures_core::Stream;
use futures_sink::Sink;
use futures_util::StreamExt;
use serde_json::Value;

use crate::lock::lock;
use crate::{SocketCommand, SocketEvent};

/// Called for everything that a client sends, in order.
pub(crate) type OnCommand = Box<dyn FnMut(&SocketCommand) + Send>;

/// The client's end.
pub struct TestSocket {
    incoming: mpsc::UnboundedReceiver<Result<SocketEvent, Fault>>,
    wire: Arc<Mutex<Wire>>,
    on_command: OnCommand,
}

impl fmt::Debug for TestSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestSocket").finish_non_exhaustive()
    }
}

/// What was written to a socket.
#[derive(Default)]
struct Wire {
    buffered: Vec<SocketCommand>,
    sent: Vec<SocketCommand>,
    flushes: usize,
    stuck: bool,
    writer: Option<Waker>,
    broken: bool,
    last_words: Option<SocketEvent>,
}

/// The test's end of a socket. Dropping it ends the connection without a close frame.
///
/// ```
/// use agentchat_driver::engine::realtime::{ConnectionState, SessionOptions};
/// use agentchat_driver::testkit::{Script, Task};
/// use serde_json::json;
///
/// let script = Script::new();
/// let (realtime, connection) = script.client().realtime(SessionOptions::default().drain(false));
/// let mut connection = Task::new(connection.run());
/// assert!(connection.run().is_none());
/// let peer = script.next_opening().expect("a socket is asked for").accept();
/// assert!(connection.run().is_none());
/// assert_eq!(peer.sent_texts()[0]["type"], "hello");
/// peer.text(&json!({"type": "hello.ok", "capabilities": ["ack"]}));
/// assert!(connection.run().is_none());
/// assert_eq!(realtime.state(), ConnectionState::Live);
/// ```
#[must_use = "dropping it ends the connection"]
pub struct Peer {
    say: mpsc::UnboundedSender<Result<SocketEvent, Fault>>,
    wire: Arc<Mutex<Wire>>,
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peer").field("dropped", &self.is_dropped()).finish_non_exhaustive()
    }
}

pub(crate) fn socket(on_command: OnCommand) -> (TestSocket, Peer) {
    let (say, incoming) = mpsc::unbounded();
    let wire = Arc::new(Mutex::new(Wire::default()));
    (TestSocket { incoming, wire: Arc::clone(&wire), on_command }, Peer { say, wire })
}

impl Peer {
    /// Says a text frame.
    pub fn text(&self, frame: &Value) {
        self.event(SocketEvent::Text(frame.to_string()));
    }

    /// Says anything. A socket that the client dropped hears nothing.
    pub fn event(&self, event: SocketEvent) {
        let _ = self.say.unbounded_send(Ok(event));
    }

    /// Breaks the connection.
    pub fn fail(&self, fault: Fault) {
        let _ = self.say.unbounded_send(Err(fault));
        self.say.close_channel();
    }

    /// Ends the connection, after the frames before it.
    pub fn end(&self) {
        self.say.close_channel();
    }

    /// Whether the client dropped its end, or [`end`](Self::end) was called.
    #[must_use]
    pub fn is_dropped(&self) -> bool {
        self.say.is_closed()
    }

    /// What was sent since the last look. What is written but not flushed was not sent.
    #[must_use]
    pub fn sent(&self) -> Vec<SocketCommand> {
        std::mem::take(&mut lock(&self.wire).sent)
    }

    /// What was sent since the last look, as JSON.
    ///
    /// # Panics
    /// If something was no text frame with JSON.
    #[must_use]
    pub fn sent_texts(&self) -> Vec<Value> {
        let text = |command| match command {
            SocketCommand::Text(text) => serde_json::from_str(&text).expect("JSON"),
            other => panic!("{other:?} is no text"),
        };
        self.sent().into_iter().map(text).collect()
    }

    /// How often the client flushed.
    #[must_use]
    pub fn flushes(&self) -> usize {
        lock(&self.wire).flushes
    }

    /// Leaves the client no room for writing, as a peer that does not read; or gives it room again.
    pub fn stall_writes(&self, stalled: bool) {
        let mut wire = lock(&self.wire);
        wire.stuck = stalled;
        let writer = wire.writer.take().filter(|_| !stalled);
        drop(wire);
        if let Some(writer) = writer {
            writer.wake();
        }
    }

    /// Fails every write from now on.
    pub fn break_writes(&self) {
        lock(&self.wire).broken = true;
    }

    /// Fails every write from now on; the first that fails finds that the peer has said this before it went.
    pub fn break_writes_after(&self, last_words: SocketEvent) {
        lock(&self.wire).last_words = Some(last_words);
        self.break_writes();
    }
}

impl Stream for TestSocket {
    type Item = Result<SocketEvent, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.incoming.poll_next_unpin(cx) {
            Poll::Ready(None) => {
                let last_words = lock(&self.wire).last_words.take();
                Poll::Ready(last_words.map(Ok))
            }
            other => other,
        }
    }
}

impl Sink<SocketCommand> for TestSocket {
    type Error = Fault;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        let this = &mut *self;
        let mut wire = lock(&this.wire);
        if wire.broken {
            if wire.last_words.is_some() {
                this.incoming.close();
            }
            return Poll::Ready(Err(Fault::new(FaultKind::Io, WasSent::Maybe, "broken pipe")));
        }
        wire.poll_room(cx)
    }

    fn start_send(self: Pin<&mut Self>, command: SocketCommand) -> Result<(), Fault> {
        lock(&self.wire).buffered.push(command);
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        let this = &mut *self;
        let written = {
            let wire = &mut *lock(&this.wire);
            if wire.poll_room(cx).is_pending() {
                return Poll::Pending;
            }
            wire.flushes += 1;
            let written = std::mem::take(&mut wire.buffered);
            wire.sent.extend(written.iter().cloned());
            written
        };
        written.iter().for_each(&mut this.on_command);
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }
}

impl Wire {
    fn poll_room(&mut self, cx: &Context<'_>) -> Poll<Result<(), Fault>> {
        if self.stuck {
            self.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }
}
