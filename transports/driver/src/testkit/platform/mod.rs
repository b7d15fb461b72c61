//! A platform that behaves by itself, as far as one agent sees it.

mod answers;
mod sockets;
mod store;

use std::fmt;
use std::sync::{Arc, Mutex, Weak};

use agentchat_engine::{Fault, FaultKind, WasSent};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use self::sockets::Sockets;
use self::store::Store;
use super::transport::Host;
use super::{Clock, Exchange, Opening, Peer, TestTransport};
use crate::lock::lock;
use crate::{Client, SocketEvent};

/// A platform for one agent, `me`. Everybody else exists and answers nothing but what the test says. Clones are the same
/// platform.
///
/// It answers in the moment it is asked:
/// - `POST /v1/messages` stores, gives seqs, and gives the first answer again for a known `client_msg_id`;
/// - a socket that says HELLO is accepted in ack mode, and brought what is not acked;
/// - sync, its ack, history, `me` and profiles are as on the real platform; of what else can be asked it knows nothing (404), until
///   the test says otherwise with [`on`](Self::on).
///
/// There are no limits, groups, contacts or blocks: for these there is the local platform that this project's own tests use.
#[derive(Clone)]
pub struct TestPlatform {
    clock: Clock,
    inner: Arc<Inner>,
}

/// An answer of the test's own, or `None` to leave it to the next.
type Rule = Box<dyn FnMut(&Request<Bytes>) -> Option<Result<Response<Bytes>, Fault>> + Send>;

struct Inner {
    me: Weak<Inner>,
    rules: Mutex<Vec<(String, String, Rule)>>,
    world: Mutex<World>,
}

/// What the platform knows. One lock: storing a message and pushing it is one step.
#[derive(Default)]
struct World {
    store: Store,
    sockets: Sockets,
    requests: Vec<Request<Bytes>>,
    frames: Vec<Value>,
    offline: bool,
}

impl Default for TestPlatform {
    fn default() -> Self {
        let inner =
            Arc::new_cyclic(|me| Inner { me: Weak::clone(me), rules: Mutex::default(), world: Mutex::default() });
        Self { clock: Clock::default(), inner }
    }
}

impl fmt::Debug for TestPlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestPlatform").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl TestPlatform {
    /// A platform on which nothing has happened.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// A transport to it.
    #[must_use]
    pub fn transport(&self) -> TestTransport {
        TestTransport::new(self.clock.clone(), Arc::clone(&self.inner) as Arc<dyn Host>)
    }

    /// A client of the agent `me`.
    #[must_use]
    pub fn client(&self) -> Client<TestTransport> {
        self.transport().client()
    }

    /// Somebody writes a text to `me`; gives the message's id. It is pushed if a socket is open, and kept until it is acked.
    pub fn deliver(&self, sender: &str, text: &str) -> String {
        self.deliver_row(&json!({"sender": sender, "content": {"text": text}}))
    }

    /// Somebody writes anything. What the row does not say is filled in: id, conversation (the one with the sender), seq, type,
    /// content, time.
    ///
    /// # Panics
    /// If the row is no object.
    pub fn deliver_row(&self, row: &Value) -> String {
        let world = &mut *lock(&self.inner.world);
        let (id, row) = world.store.receive(row);
        world.sockets.push(&row);
        id
    }

    /// A frame to all open sockets, whatever it is.
    pub fn push_frame(&self, frame: &Value) {
        lock(&self.inner.world).sockets.say(&SocketEvent::Text(frame.to_string()));
    }

    /// What `me` has sent, oldest first, as it is stored.
    #[must_use]
    pub fn sent(&self) -> Vec<Value> {
        lock(&self.inner.world).store.sent()
    }

    /// The ids of what `me` has acked, by frame or cursor, in the order of the acks.
    #[must_use]
    pub fn acked(&self) -> Vec<String> {
        lock(&self.inner.world).store.acked.clone()
    }

    /// The ids of the messages that are not delivered yet, oldest first.
    #[must_use]
    pub fn unacked(&self) -> Vec<String> {
        lock(&self.inner.world).store.unacked()
    }

    /// Every request that arrived, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        lock(&self.inner.world).requests.clone()
    }

    /// Every frame that arrived but HELLO, oldest first, over all sockets.
    #[must_use]
    pub fn frames(&self) -> Vec<Value> {
        lock(&self.inner.world).frames.clone()
    }

    /// How many sockets are open and were greeted.
    #[must_use]
    pub fn open_sockets(&self) -> usize {
        lock(&self.inner.world).sockets.greeted()
    }

    /// Ends every connection without a close frame; gives their number.
    pub fn cut(&self) -> usize {
        lock(&self.inner.world).sockets.take().iter().map(Peer::end).count()
    }

    /// Closes every socket; gives their number. 1008, 4401 and 4403 end a session for good.
    pub fn close(&self, code: u16, reason: &str) -> usize {
        let close = |peer: &Peer| {
            peer.event(SocketEvent::Closed { code: Some(code), reason: reason.to_owned() });
            peer.end();
        };
        lock(&self.inner.world).sockets.take().iter().map(close).count()
    }

    /// Whether it can be reached. Out of reach, sockets end, and nothing new gets through.
    pub fn set_reachable(&self, reachable: bool) {
        lock(&self.inner.world).offline = !reachable;
        if !reachable {
            self.cut();
        }
    }

    /// Answers requests of this method and path as the test wants them answered: what it gives is the answer, and for `None`
    /// earlier rules are asked, then the platform answers itself. For an answer that comes later use a
    /// [`Script`](super::Script).
    ///
    /// ```
    /// use agentchat_driver::testkit::{Executor, TestPlatform, json};
    ///
    /// let platform = TestPlatform::new();
    /// platform.on("GET", "/v1/presence/bob", |_| Some(json(200, &serde_json::json!({"handle": "bob", "status": "busy"}))));
    /// let client = platform.client();
    /// let bob = Executor::new(&platform.clock()).block_on(async move { client.get_presence("bob").await });
    /// assert_eq!(bob.unwrap().handle.as_str(), "bob");
    /// ```
    pub fn on<F>(&self, method: &str, path: &str, answer: F)
    where
        F: FnMut(&Request<Bytes>) -> Option<Result<Response<Bytes>, Fault>> + Send + 'static,
    {
        lock(&self.inner.rules).push((method.to_owned(), path.to_owned(), Box::new(answer)));
    }
}

impl Inner {
    fn ruled(&self, request: &Request<Bytes>) -> Option<Result<Response<Bytes>, Fault>> {
        let mut rules = lock(&self.rules);
        let fitting = rules
            .iter_mut()
            .rev()
            .filter(|(method, path, _)| request.method().as_str() == method && request.uri().path() == path);
        fitting.filter_map(|(_, _, rule)| rule(request)).next()
    }
}

impl Host for Inner {
    fn exchange(&self, exchange: Exchange) {
        let request = exchange.request();
        let offline = {
            let mut world = lock(&self.world);
            if !world.offline {
                world.requests.push(request.clone());
            }
            world.offline
        };
        let result = if offline {
            Err(unreachable())
        } else {
            self.ruled(request).unwrap_or_else(|| answers::answer(&mut lock(&self.world).store, request))
        };
        exchange.end(result);
    }

    fn open(&self, opening: Opening) {
        let world = &mut *lock(&self.world);
        if world.offline {
            return opening.refuse(unreachable());
        }
        let (inner, socket) = (Weak::clone(&self.me), world.sockets.next());
        let peer = opening.accept_with(Box::new(move |command| {
            if let Some(inner) = inner.upgrade() {
                let world = &mut *lock(&inner.world);
                world.frames.extend(world.sockets.receive(socket, command, &mut world.store));
            }
        }));
        world.sockets.add(socket, peer);
    }
}

fn unreachable() -> Fault {
    Fault::new(FaultKind::Connect, WasSent::No, "the test platform is out of reach")
}
