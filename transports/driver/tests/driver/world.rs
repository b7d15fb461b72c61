//! The scripted transport: what the driver asks for waits here until a test answers it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use agentchat_driver::{BodyLimit, Outgoing, SocketCommand, SocketEvent, Transport};
use agentchat_engine::{Fault, FaultKind, Mono, Now, Seed, Sent, UnixTime};
use bytes::Bytes;
use futures_channel::{mpsc, oneshot};
use futures_core::Stream;
use futures_sink::Sink;
use futures_util::StreamExt;
use http::{Request, Response};

/// A request in flight. The driver gave it up if `answer.is_canceled()`.
pub(crate) struct Exchange {
    pub(crate) request: Request<Bytes>,
    pub(crate) answer: oneshot::Sender<Result<Response<Bytes>, Fault>>,
}

pub(crate) type Incoming = mpsc::UnboundedReceiver<Result<Bytes, Fault>>;

pub(crate) type Opening = oneshot::Sender<Result<FakeSocket, Fault>>;

#[derive(Default)]
pub(crate) struct World {
    now: Cell<Mono>,
    seeds: Cell<u8>,
    sleepers: RefCell<Vec<Waker>>,
    pub(crate) exchanges: RefCell<VecDeque<Exchange>>,
    pub(crate) openings: RefCell<VecDeque<Opening>>,
}

impl World {
    pub(crate) fn advance(&self, by: Duration) {
        self.now.set(self.now.get() + by);
        self.sleepers.take().into_iter().for_each(Waker::wake);
    }
}

/// Not `Send`, and held by an `Rc`: the driver must not mind.
pub(crate) struct Scripted(pub(crate) Rc<World>);

impl Transport for Scripted {
    type Socket = FakeSocket;
    type Incoming = Incoming;

    fn now(&self) -> Now {
        Now::new(self.0.now.get(), UnixTime::from_millis(1_790_000_000_000))
    }

    fn seed(&self) -> Seed {
        self.0.seeds.set(self.0.seeds.get() + 1);
        Seed::from_bytes([self.0.seeds.get(); 32])
    }

    fn runtime(&self) -> &str {
        "scripted/1"
    }

    fn sleep_until(&self, at: Mono) -> impl Future<Output = ()> {
        poll_fn(move |cx| {
            if self.0.now.get() >= at {
                return Poll::Ready(());
            }
            self.0.sleepers.borrow_mut().push(cx.waker().clone());
            Poll::Pending
        })
    }

    async fn exchange(&self, _: Request<Outgoing>) -> Result<Response<Incoming>, Fault> {
        std::future::pending().await
    }

    async fn request(&self, request: Request<Bytes>, _: BodyLimit) -> Result<Response<Bytes>, Fault> {
        let (answer, answered) = oneshot::channel();
        self.0.exchanges.borrow_mut().push_back(Exchange { request, answer });
        answered.await.unwrap_or_else(|_| Err(Fault::new(FaultKind::Io, Sent::Maybe, "the script hung up")))
    }

    async fn open(&self, _: Request<()>) -> Result<Self::Socket, Fault> {
        let (opening, opened) = oneshot::channel();
        self.0.openings.borrow_mut().push_back(opening);
        opened.await.unwrap_or_else(|_| Err(Fault::new(FaultKind::Io, Sent::Maybe, "the script hung up")))
    }
}

/// The driver's end of a socket.
pub(crate) struct FakeSocket {
    incoming: mpsc::UnboundedReceiver<Result<SocketEvent, Fault>>,
    wire: Rc<RefCell<Wire>>,
}

/// What was written to a socket.
#[derive(Default)]
pub(crate) struct Wire {
    buffered: Vec<SocketCommand>,
    pub(crate) sent: Vec<SocketCommand>,
    pub(crate) flushes: usize,
    /// No room for writing, as when the peer does not read.
    pub(crate) stuck: bool,
    pub(crate) broken: bool,
    /// What the peer turns out to have said before a write to it failed.
    pub(crate) last_words: Option<(mpsc::UnboundedSender<Result<SocketEvent, Fault>>, SocketEvent)>,
}

/// The test's end of a socket.
pub(crate) struct Peer {
    pub(crate) say: mpsc::UnboundedSender<Result<SocketEvent, Fault>>,
    pub(crate) wire: Rc<RefCell<Wire>>,
}

pub(crate) fn socket() -> (FakeSocket, Peer) {
    let (say, incoming) = mpsc::unbounded();
    let wire = Rc::new(RefCell::new(Wire::default()));
    (FakeSocket { incoming, wire: Rc::clone(&wire) }, Peer { say, wire })
}

impl Stream for FakeSocket {
    type Item = Result<SocketEvent, Fault>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.incoming.poll_next_unpin(cx)
    }
}

impl Sink<SocketCommand> for FakeSocket {
    type Error = Fault;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        let mut wire = self.wire.borrow_mut();
        if let (true, Some((say, event))) = (wire.broken, wire.last_words.take()) {
            say.unbounded_send(Ok(event)).expect("the driver still reads");
            say.close_channel();
        }
        match (wire.broken, wire.stuck) {
            (true, _) => Poll::Ready(Err(Fault::new(FaultKind::Io, Sent::Maybe, "broken pipe"))),
            (false, true) => Poll::Pending,
            (false, false) => Poll::Ready(Ok(())),
        }
    }

    fn start_send(self: Pin<&mut Self>, command: SocketCommand) -> Result<(), Fault> {
        self.wire.borrow_mut().buffered.push(command);
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        let mut wire = self.wire.borrow_mut();
        if wire.stuck {
            return Poll::Pending;
        }
        let wire = &mut *wire;
        wire.flushes += 1;
        wire.sent.append(&mut wire.buffered);
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }
}
