//! A client over the testkit's script with a store of files beside it, whose exchanges are seen chunk by chunk.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;

use agentchat_driver::testkit::{Exchange, Script, TestBody, TestSocket, TestTransport};
use agentchat_driver::{Client, Outgoing, Transport};
use agentchat_engine::{Fault, FaultKind, Mono, Now, Seed, WasSent};
use bytes::Bytes;
use futures_channel::{mpsc, oneshot};
use futures_util::{FutureExt, StreamExt};
use http::{Request, Response};

/// Where the store is; its URLs are secrets.
pub(crate) const URL: &str = "https://storage.example/att_1?signature=hush";

/// An exchange with the store.
pub(crate) struct Streaming {
    pub(crate) request: Request<Outgoing>,
    pub(crate) answer: oneshot::Sender<Result<Response<TestBody>, Fault>>,
}

type Streams = Rc<RefCell<VecDeque<Streaming>>>;

/// The testkit's transport, but for the store's host. It is not `Send`: the driver must not mind.
pub(crate) struct WithStore(TestTransport, Streams);

impl Transport for WithStore {
    type Socket = TestSocket;
    type Incoming = TestBody;

    fn now(&self) -> Now {
        self.0.now()
    }

    fn seed(&self) -> Seed {
        self.0.seed()
    }

    fn runtime(&self) -> &str {
        self.0.runtime()
    }

    fn sleep_until(&self, at: Mono) -> impl Future<Output = ()> {
        self.0.sleep_until(at)
    }

    async fn exchange(&self, request: Request<Outgoing>) -> Result<Response<TestBody>, Fault> {
        if request.uri().host() != Some("storage.example") {
            return self.0.exchange(request).await;
        }
        let (answer, answered) = oneshot::channel();
        self.1.borrow_mut().push_back(Streaming { request, answer });
        answered.await.unwrap_or_else(|_| Err(Fault::new(FaultKind::Io, WasSent::Maybe, "the script hung up")))
    }

    fn open(&self, request: Request<()>) -> impl Future<Output = Result<TestSocket, Fault>> {
        self.0.open(request)
    }
}

pub(crate) struct Rig {
    pub(crate) script: Script,
    pub(crate) client: Client<WithStore>,
    streams: Streams,
}

impl Rig {
    pub(crate) fn new() -> Self {
        let (script, streams) = (Script::new(), Streams::default());
        let context = script.client().context().clone();
        let client = Client::new(context, WithStore(script.transport(), Rc::clone(&streams)));
        Self { script, client, streams }
    }

    /// The oldest request to the platform that no test has answered.
    pub(crate) fn exchange(&self) -> Exchange {
        self.script.next_exchange().expect("a request")
    }

    /// The oldest exchange with the store that no test has answered.
    pub(crate) fn stream(&self) -> Streaming {
        self.streams.borrow_mut().pop_front().expect("an exchange with the store")
    }
}

impl Streaming {
    /// Takes one chunk of the body, if one is there.
    pub(crate) fn chunk(&mut self) -> Option<Bytes> {
        self.request.body_mut().next().now_or_never().flatten().map(|chunk| chunk.expect("it is not cut"))
    }
}

/// The head of an answer, and the end that says its body.
pub(crate) fn head(status: u16) -> (mpsc::UnboundedSender<Result<Bytes, Fault>>, Response<TestBody>) {
    let (say, body) = TestBody::fed();
    (say, Response::builder().status(status).body(body).unwrap())
}
