//! A session driven as the driver does it, without sockets: inputs in, outputs out until it is idle, deliveries through a
//! queue to a handler that succeeds at once.

use std::collections::VecDeque;
use std::hint::black_box;
use std::time::Duration;

use agentchat_engine::realtime::{
    ConnectionId, ConnectionState, Delivery, Input, Outcome, Output, RequestId, Session, SessionOptions,
};
use agentchat_engine::{ApiKey, Context, Mono, Now, Seed, UnixTime};
use bytes::Bytes;
use http::{Request, Response};

/// The session and what it asked for.
pub struct Live {
    pub(crate) session: Box<Session>,
    connection: Option<ConnectionId>,
    now: Now,
    wake: Option<Mono>,
    inbox: VecDeque<Delivery>,
    requests: VecDeque<(RequestId, Request<Bytes>)>,
    /// Messages that were handled.
    pub(crate) handled: usize,
    /// Frames that were sent, which are acks but for the first.
    pub(crate) sent: usize,
}

/// What sessions are made with.
pub fn context() -> Context {
    let key = ApiKey::new("ac_measured").expect("a valid key");
    Context::builder().api_key(key).base_url("http://localhost:1").build().expect("a valid context")
}

/// The default, but the handle is known, so that nothing is asked for it.
pub fn options() -> SessionOptions {
    SessionOptions::default().own_handle("me")
}

/// A parameter of a request's query.
pub(crate) fn parameter(request: &Request<Bytes>, name: &str) -> Option<String> {
    let query = request.uri().query()?.as_bytes();
    form_urlencoded::parse(query).find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
}

impl Live {
    /// A session with a consumer whose HELLO was accepted. Its drain is not answered.
    pub(crate) fn greeted(cx: &Context, options: SessionOptions) -> Self {
        let session = Box::new(Session::new(cx, options, Seed::from_bytes([7; 32]), None));
        let now = Now::new(Mono::from_micros(1_000_000), UnixTime::from_millis(1_790_000_000_000));
        let (inbox, requests) = (VecDeque::new(), VecDeque::new());
        let mut live = Self { session, connection: None, now, wake: None, inbox, requests, handled: 0, sent: 0 };
        live.input(Input::Consumer(true));
        live.input(Input::Start { api_key: None });
        live.poll();
        let connection = live.connection.expect("a socket was asked for");
        live.input(Input::Opened(connection));
        live.input(Input::Text(connection, r#"{"type":"hello.ok","capabilities":["ack"]}"#.to_owned()));
        live.poll();
        live
    }

    /// A session that is live: what it asked of the platform was answered, with nothing stored.
    pub fn new(cx: &Context, options: SessionOptions) -> Self {
        let mut live = Self::greeted(cx, options);
        while let Some((request, http)) = live.request() {
            let body = if http.uri().path().ends_with("/me") { r#"{"handle":"me"}"# } else { "[]" };
            live.answer(request, Bytes::from_static(body.as_bytes()));
            live.poll();
        }
        assert_eq!(live.session.state(), &ConnectionState::Live);
        live
    }

    /// The session alone.
    pub(crate) fn into_session(self) -> Box<Session> {
        self.session
    }

    /// A request that was asked for.
    pub(crate) fn request(&mut self) -> Option<(RequestId, Request<Bytes>)> {
        self.requests.pop_front()
    }

    pub(crate) fn answer(&mut self, request: RequestId, body: Bytes) {
        self.input(Input::Response { request, result: Ok(Response::new(body)) });
    }

    /// A frame arrives.
    pub fn text(&mut self, text: String) {
        if let Some(connection) = self.connection {
            self.input(Input::Text(connection, text));
        }
    }

    /// The handler of the oldest delivery succeeds; whether there was one.
    pub fn handle(&mut self) -> bool {
        let Some(delivery) = self.inbox.pop_front() else { return false };
        let token = black_box(delivery).token;
        self.handled += 1;
        self.input(Input::Settled { delivery: token, outcome: Outcome::Handled });
        true
    }

    /// A round of the driver's loop: one settlement, one frame, and what comes of both.
    pub fn round(&mut self, text: String) {
        self.handle();
        self.text(text);
        self.poll();
    }

    /// Rounds without frames until everything that was delivered is handled.
    pub fn handle_all(&mut self) {
        while self.handle() {
            self.poll();
        }
    }

    /// Lets time pass until the session wants it.
    pub(crate) fn wait(&mut self) {
        if let Some(wake) = self.wake {
            self.now.mono = self.now.mono.max(wake);
            self.timeout();
        }
    }

    /// Says that time has passed, as often as not without need.
    pub(crate) fn timeout(&mut self) {
        self.input(Input::Timeout);
        self.poll();
    }

    fn input(&mut self, input: Input) {
        self.now.mono = self.now.mono + Duration::from_micros(1);
        self.session.handle_input(self.now, input);
    }

    /// Takes what the session wants until it is idle.
    pub fn poll(&mut self) {
        loop {
            match self.session.poll_output() {
                Output::Open { connection, .. } => self.connection = Some(connection),
                Output::Text(_, text) => {
                    black_box(text.into_text());
                    self.sent += 1;
                }
                Output::Request { request, http, .. } => self.requests.push_back((request, *http)),
                Output::Cancel(request) => self.requests.retain(|(waiting, _)| *waiting != request),
                Output::Deliver(delivery) => self.inbox.push_back(delivery),
                Output::Idle { wake, .. } => {
                    self.wake = wake;
                    return;
                }
                Output::Finished => return,
                Output::Ping(_)
                | Output::Close { .. }
                | Output::Call(..)
                | Output::Unsent { .. }
                | Output::Event(_) => {}
            }
        }
    }
}
