//! A platform that behaves by itself, as far as one agent sees it.

mod answers;
mod contacts;
mod files;
mod groups;
mod host;
mod reply;
mod sockets;
mod store;
mod world;

use std::fmt;
use std::sync::{Arc, MutexGuard};

use agentchat_engine::Fault;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use self::host::Inner;
use self::reply::bare;
use self::store::ME;
use self::world::World;
use super::panics::Guard;
use super::transport::Host;
use super::{Clock, Peer, TestTransport};
use crate::lock::lock;
use crate::{Client, SocketEvent};

/// A platform for one agent, `me`. Everybody else exists and answers nothing but what the test says. Clones are the same
/// platform.
///
/// It answers in the moment it is asked:
/// - `POST /v1/messages` stores, gives seqs, and gives the first answer again for a known `client_msg_id`;
/// - a socket that says HELLO is accepted in ack mode, and brought what is not acked;
/// - sync, its ack, history, `me`, profiles, groups, contacts, blocks and files are as on the real platform; of what else can be
///   asked it knows nothing (404), until the test says otherwise with [`on`](Self::on).
///
/// There are no limits and no other agents' calls: for these there is the crate `agentchat-local`.
///
/// A handler that panics, as by an assertion, fails the test: at the next look at the platform, or when the last handle of the
/// platform is dropped. [`take_panics`](Self::take_panics) is for tests in which it is to panic.
#[derive(Clone)]
pub struct TestPlatform {
    clock: Clock,
    inner: Arc<Inner>,
    panics: Arc<Guard>,
}

impl Default for TestPlatform {
    fn default() -> Self {
        Self::with_clock(Clock::default())
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

    /// A platform with this clock, such as one that follows a runtime's.
    #[must_use]
    pub fn with_clock(clock: Clock) -> Self {
        Self { clock, inner: Inner::new(), panics: Arc::default() }
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// A transport to it.
    #[must_use]
    pub fn transport(&self) -> TestTransport {
        TestTransport::new(self.clock.clone(), Arc::clone(&self.inner) as Arc<dyn Host>, self.panics.panics())
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
        self.world().deliver(row)
    }

    /// A group with `me` and others in it, run by the first of them; gives its id.
    ///
    /// ```
    /// use agentchat_driver::testkit::TestPlatform;
    ///
    /// let platform = TestPlatform::new();
    /// let crabs = platform.create_group("Crabs", &["alice", "bob"]);
    /// let message = platform.deliver_in(&crabs, "alice", "@me, are you there?");
    /// assert_eq!(platform.unacked(), [message]);
    /// ```
    pub fn create_group(&self, name: &str, others: &[&str]) -> String {
        let members: Vec<_> = others.iter().copied().chain([ME]).collect();
        self.world().groups.create(name, &members)
    }

    /// Somebody writes a text to a group or another conversation; handles after `@` are mentioned.
    pub fn deliver_in(&self, conversation: &str, sender: &str, text: &str) -> String {
        let words = text.split(|c: char| !c.is_alphanumeric() && !"@-_".contains(c));
        let mentions: Vec<_> = words.filter(|word| word.starts_with('@') && word.len() > 1).map(bare).collect();
        self.deliver_row(&json!({
            "conversation_id": conversation, "sender": sender, "content": {"text": text},
            "context": {"mentions": mentions},
        }))
    }

    /// Somebody who was invited, or not, takes a place in a group. Its members are told by a message.
    pub fn join(&self, group: &str, handle: &str) {
        let world = &mut *self.world();
        let event = world.groups.join(group, &bare(handle));
        world.tell(event);
    }

    /// Somebody leaves a group. Its members are told by a message.
    pub fn leave(&self, group: &str, handle: &str) {
        let world = &mut *self.world();
        let event = world.groups.leave(group, &bare(handle));
        world.tell(event);
    }

    /// Somebody invites `me` to a group of theirs, which this creates; gives the invitation's id.
    pub fn invite(&self, name: &str, by: &str) -> String {
        let world = &mut *self.world();
        let group = world.groups.create(name, &[by]);
        world.groups.invite(&group, by)
    }

    /// Makes somebody a contact of `me`.
    pub fn add_contact(&self, handle: &str) {
        self.world().contacts.add(handle);
    }

    /// The handles of the contacts of `me`.
    #[must_use]
    pub fn contacts(&self) -> Vec<String> {
        self.world().contacts.handles()
    }

    /// A file that somebody has uploaded for `me`; gives the attachment's id, for a row to deliver.
    ///
    /// ```
    /// use agentchat_driver::testkit::TestPlatform;
    ///
    /// let platform = TestPlatform::new();
    /// let report = platform.store_file("twelve pages");
    /// platform.deliver_row(&serde_json::json!({"sender": "alice", "content": {"attachment_id": report}}));
    /// assert_eq!(platform.file(&report).unwrap(), "twelve pages");
    /// ```
    pub fn store_file(&self, bytes: impl Into<Bytes>) -> String {
        self.world().files.put(bytes.into())
    }

    /// The bytes of an attachment, such as one that `me` has uploaded.
    #[must_use]
    pub fn file(&self, attachment_id: &str) -> Option<Bytes> {
        self.world().files.bytes(attachment_id)
    }

    /// What handlers panicked with, for tests in which they are to; it fails no test any more.
    #[must_use]
    pub fn take_panics(&self) -> Vec<String> {
        self.panics.take()
    }

    /// What it knows, unless a handler has panicked.
    fn world(&self) -> MutexGuard<'_, World> {
        self.panics.check();
        lock(&self.inner.world)
    }

    /// A frame to all open sockets, whatever it is.
    pub fn push_frame(&self, frame: &Value) {
        self.world().sockets.say(&SocketEvent::Text(frame.to_string()));
    }

    /// What `me` has sent, oldest first, as it is stored.
    #[must_use]
    pub fn sent(&self) -> Vec<Value> {
        self.world().store.sent()
    }

    /// The ids of what `me` has acked, by frame or cursor, in the order of the acks.
    #[must_use]
    pub fn acked(&self) -> Vec<String> {
        self.world().store.acked.clone()
    }

    /// The ids of the messages that are not delivered yet, oldest first.
    #[must_use]
    pub fn unacked(&self) -> Vec<String> {
        self.world().store.unacked()
    }

    /// Every request that arrived, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.world().requests.clone()
    }

    /// Every frame that arrived but HELLO, oldest first, over all sockets.
    #[must_use]
    pub fn frames(&self) -> Vec<Value> {
        self.world().frames.clone()
    }

    /// How many sockets are open and were greeted.
    #[must_use]
    pub fn open_sockets(&self) -> usize {
        self.world().sockets.greeted()
    }

    /// Ends every connection without a close frame; gives their number.
    pub fn cut(&self) -> usize {
        self.world().sockets.take().iter().map(Peer::end).count()
    }

    /// Closes every socket; gives their number. 1008, 4401 and 4403 end a session for good.
    pub fn close(&self, code: u16, reason: &str) -> usize {
        let close = |peer: &Peer| {
            peer.event(SocketEvent::Closed { code: Some(code), reason: reason.to_owned() });
            peer.end();
        };
        self.world().sockets.take().iter().map(close).count()
    }

    /// Whether it can be reached. Out of reach, sockets end, and nothing new gets through.
    pub fn set_reachable(&self, reachable: bool) {
        self.world().offline = !reachable;
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
        self.inner.rule(method, path, Box::new(answer));
    }
}
