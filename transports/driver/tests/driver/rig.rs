//! A client over the scripted world, tasks that are polled only when woken, and the platform's side of a session.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use agentchat_driver::{Client, Connection, Realtime, SocketCommand, SocketEvent};
use agentchat_engine::realtime::{Checkpoint, ConnectionState, SessionOptions};
use agentchat_engine::{ApiKey, Context as AgentContext};
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

use crate::world::{Exchange, Peer, Scripted, World, socket};

/// More polls than any step needs: whoever takes more is spinning.
const SPINNING: usize = 1_000;

/// A future, polled while it is woken.
pub(crate) struct Task<R> {
    future: Option<Pin<Box<dyn Future<Output = R>>>>,
    woken: Arc<Woken>,
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<R> Task<R> {
    pub(crate) fn new(future: impl Future<Output = R> + 'static) -> Self {
        Self { future: Some(Box::pin(future)), woken: Arc::new(Woken(AtomicBool::new(true))) }
    }

    /// Polls until nothing wakes it any more; its result, once.
    pub(crate) fn run(&mut self) -> Option<R> {
        let waker = Waker::from(Arc::clone(&self.woken));
        for _ in 0..SPINNING {
            if !self.woken.0.swap(false, Ordering::Relaxed) {
                return None;
            }
            let future = self.future.as_mut()?;
            if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                self.future = None;
                return Some(result);
            }
        }
        panic!("the task spins");
    }
}

pub(crate) struct Rig {
    pub(crate) world: Rc<World>,
    pub(crate) client: Client<Scripted>,
}

impl Rig {
    pub(crate) fn new() -> Self {
        let world = Rc::new(World::default());
        let key = ApiKey::new("ac_key").unwrap();
        let context = AgentContext::builder().api_key(key).base_url("http://localhost:1").build().unwrap();
        let client = Client::new(context, Scripted(Rc::clone(&world)));
        Self { world, client }
    }

    /// The oldest request that no test has answered.
    pub(crate) fn exchange(&self) -> Exchange {
        self.world.exchanges.borrow_mut().pop_front().expect("a request")
    }
}

impl Exchange {
    pub(crate) fn answer(self, status: u16, body: &Value) {
        let response = Response::builder().status(status).body(Bytes::from(body.to_string())).unwrap();
        assert!(self.answer.send(Ok(response)).is_ok(), "the driver still waits");
    }
}

/// A session whose connection runs, connected in ack mode unless said otherwise.
pub(crate) struct Session {
    pub(crate) rig: Rig,
    pub(crate) realtime: Realtime,
    pub(crate) connection: Task<ConnectionState>,
    pub(crate) peer: Peer,
}

impl Session {
    pub(crate) fn live() -> Self {
        Self::from(None)
    }

    /// A session that goes on from a checkpoint, or from none.
    pub(crate) fn from(checkpoint: Option<Checkpoint>) -> Self {
        let rig = Rig::new();
        let options = SessionOptions { own_handle: Some("me".into()), drain: false, ..SessionOptions::default() };
        let (realtime, connection) = rig.client.realtime_from(options, checkpoint);
        let mut connection = Task::new(Connection::run(connection));
        assert_eq!(connection.run(), None);
        let peer = accept(&rig, &mut connection);
        assert_eq!(realtime.state(), ConnectionState::Live);
        Self { rig, realtime, connection, peer }
    }

    /// Lets the connection do what it can.
    pub(crate) fn run(&mut self) {
        assert_eq!(self.connection.run(), None, "the session goes on");
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.rig.world.advance(by);
        self.run();
    }

    pub(crate) fn message(&mut self, conversation: &str, seq: u64) {
        self.peer.message(conversation, seq);
        self.run();
    }

    /// Ids acked since the last look.
    pub(crate) fn acked(&mut self) -> Vec<String> {
        self.run();
        let frames = self.peer.sent_texts();
        frames.iter().map(|frame| frame["message_id"].as_str().expect("an ack").to_owned()).collect()
    }
}

/// Opens the socket that is being asked for and accepts its HELLO.
pub(crate) fn accept(rig: &Rig, connection: &mut Task<ConnectionState>) -> Peer {
    let opening = rig.world.openings.borrow_mut().pop_front().expect("a socket is asked for");
    let (socket, peer) = socket();
    assert!(opening.send(Ok(socket)).is_ok(), "the driver still waits");
    assert_eq!(connection.run(), None);
    assert_eq!(peer.sent_texts()[0]["type"], "hello");
    peer.text(&json!({"type": "hello.ok", "capabilities": ["ack"]}));
    assert_eq!(connection.run(), None);
    peer
}

impl Peer {
    pub(crate) fn text(&self, frame: &Value) {
        self.event(SocketEvent::Text(frame.to_string()));
    }

    pub(crate) fn event(&self, event: SocketEvent) {
        self.say.unbounded_send(Ok(event)).expect("the driver still reads");
    }

    pub(crate) fn message(&self, conversation: &str, seq: u64) {
        self.text(&json!({"type": "message.new", "payload": message(conversation, seq, "alice")}));
    }

    pub(crate) fn sent(&self) -> Vec<SocketCommand> {
        std::mem::take(&mut self.wire.borrow_mut().sent)
    }

    pub(crate) fn sent_texts(&self) -> Vec<Value> {
        let text = |command| match command {
            SocketCommand::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        };
        self.sent().into_iter().map(text).collect()
    }
}

pub(crate) fn message(conversation: &str, seq: u64, sender: &str) -> Value {
    json!({"id": format!("{conversation}-{seq}"), "conversation_id": conversation, "seq": seq, "sender": sender,
        "type": "text", "content": {"text": "hi"}, "metadata": {}, "created_at": "2026-04-20T10:00:00.000Z"})
}
