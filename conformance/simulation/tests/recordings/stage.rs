//! Where a scene plays: a recorded session with a made-up clock, whose network and platform are the scene.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use agentchat_engine::realtime::{
    ConnectionId, ConnectionState, Delivery, DeliveryBody, Event, Input, Outcome, Output, RequestId, Session,
    SessionOptions,
};
use agentchat_engine::recording::Recorder;
use agentchat_engine::{ApiKey, Context, Mono, Now, Seed, UnixTime};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

pub(crate) type Sink = Box<dyn FnMut(&str)>;

/// A file in memory, and the sink that writes it.
pub(crate) fn file() -> (Rc<RefCell<String>>, Sink) {
    let file = Rc::new(RefCell::new(String::new()));
    let written = Rc::clone(&file);
    (file, Box::new(move |line| written.borrow_mut().push_str(line)))
}

pub(crate) fn context() -> Context {
    let key = ApiKey::new(format!("ac_{}", "k".repeat(43))).unwrap();
    Context::builder().api_key(key).base_url("http://127.0.0.1:1").build().unwrap()
}

pub(crate) fn start() -> Now {
    Now::new(Mono::from_micros(1_000_000), UnixTime::from_millis(1_790_000_000_000))
}

pub(crate) fn options() -> SessionOptions {
    SessionOptions::default().own_handle("me")
}

/// How long a request that is answered is waited for: so often, and at most so long each time.
const MOMENTS: usize = 40;
const MOMENT: Duration = Duration::from_millis(50);

pub(crate) struct Stage {
    session: Recorder<Session, Sink>,
    file: Rc<RefCell<String>>,
    now: Now,
    wake: Option<Mono>,
    pub(crate) connection: Option<ConnectionId>,
    requests: Vec<(RequestId, Request<Bytes>)>,
    pub(crate) open: VecDeque<Delivery>,
    pub(crate) acked: Vec<String>,
    pub(crate) events: Vec<Event>,
    pub(crate) closes: Vec<u16>,
    pub(crate) pings: usize,
}

impl Stage {
    /// Not started, without a consumer.
    pub(crate) fn empty(options: SessionOptions) -> Self {
        let (file, sink) = file();
        Self {
            session: Recorder::session(&context(), options, Seed::from_bytes([42; 32]), None, start(), Some(sink)),
            file,
            now: start(),
            wake: None,
            connection: None,
            requests: Vec::new(),
            open: VecDeque::new(),
            acked: Vec::new(),
            events: Vec::new(),
            closes: Vec::new(),
            pings: 0,
        }
    }

    /// Connected with a consumer; the drain is asked for and not answered.
    pub(crate) fn greeted(options: SessionOptions) -> Self {
        let mut stage = Self::empty(options);
        stage.input(Input::Consumer(true));
        stage.input(Input::Start { api_key: None });
        stage.greet(true);
        stage
    }

    /// Connected with a consumer, and caught up.
    pub(crate) fn live() -> Self {
        let mut stage = Self::greeted(options());
        stage.sync(&[]);
        stage
    }

    /// The recording so far.
    pub(crate) fn recording(self) -> String {
        self.file.borrow().clone()
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.session.handle_input(self.now, input);
        loop {
            match self.session.poll_output() {
                Output::Open { connection, .. } => self.connection = Some(connection),
                Output::Text(_, text) => {
                    let frame: Value = serde_json::from_str(text.expose()).unwrap();
                    if frame["type"] == "ack" {
                        self.acked.push(frame["message_id"].as_str().unwrap().to_owned());
                    }
                }
                Output::Ping(_) => self.pings += 1,
                Output::Close { code, .. } => self.closes.push(code),
                Output::Request { request, http, .. } => self.requests.push((request, *http)),
                Output::Cancel(request) => self.requests.retain(|(id, _)| *id != request),
                Output::Deliver(delivery) => self.open.push_back(delivery),
                Output::Unsent { .. } | Output::Call(..) => {}
                Output::Event(event) => self.events.push(event),
                Output::Idle { wake, .. } => {
                    self.wake = wake;
                    return;
                }
                Output::Finished => {
                    self.wake = None;
                    return;
                }
            }
        }
    }

    pub(crate) fn state(&self) -> &ConnectionState {
        self.session.machine().state()
    }

    /// Messages that the session holds.
    pub(crate) fn buffered(&self) -> usize {
        self.session.machine().buffered().messages
    }

    /// Opens the socket that is asked for, and accepts its HELLO.
    pub(crate) fn greet(&mut self, ack_mode: bool) {
        self.input(Input::Opened(self.connection.unwrap()));
        let capabilities = if ack_mode { json!(["ack"]) } else { json!([]) };
        self.frame(&json!({"type": "hello.ok", "capabilities": capabilities}));
    }

    pub(crate) fn frame(&mut self, frame: &Value) {
        self.input(Input::Text(self.connection.unwrap(), frame.to_string()));
    }

    /// Alice's message of this seq is pushed.
    pub(crate) fn push(&mut self, seq: u64) {
        self.frame(&json!({"type": "message.new", "payload": message("conv", seq)}));
    }

    pub(crate) fn close(&mut self, code: Option<u16>, reason: &str) {
        self.input(Input::Closed { connection: self.connection.unwrap(), code, reason: reason.into() });
    }

    /// The socket is lost; another is opened when the session wants it, and greeted.
    pub(crate) fn reconnect(&mut self, ack_mode: bool) {
        self.close(Some(1006), "");
        self.next_socket();
        self.greet(ack_mode);
    }

    /// Passes the time until another socket is asked for.
    pub(crate) fn next_socket(&mut self) {
        let before = self.connection;
        let ConnectionState::Waiting { retry_at, .. } = *self.state() else { panic!("{:?}", self.state()) };
        self.pass(retry_at.saturating_since(self.now.mono));
        assert_ne!(self.connection, before);
    }

    /// Lets time pass, saying so exactly when asked to.
    pub(crate) fn pass(&mut self, time: Duration) {
        let end = self.now.mono + time;
        while let Some(wake) = self.wake.filter(|wake| *wake <= end) {
            self.now.mono = self.now.mono.max(wake);
            self.input(Input::Timeout);
        }
        self.now.mono = end;
        self.now.unix = UnixTime::from_millis(self.now.unix.as_millis() + time.as_millis() as i64);
    }

    pub(crate) fn pass_ms(&mut self, millis: u64) {
        self.pass(Duration::from_millis(millis));
    }

    /// What is asked of a path that ends so: the queries of all such requests.
    pub(crate) fn asked(&self, path: &str) -> Vec<String> {
        let here = self.requests.iter().filter(|(_, request)| request.uri().path().ends_with(path));
        here.map(|(_, request)| request.uri().query().unwrap_or_default().to_owned()).collect()
    }

    /// Answers the oldest request to a path that ends so, which may be made in a second or two; gives its body.
    pub(crate) fn answer(&mut self, path: &str, status: u16, body: &Value) -> Value {
        self.answer_text(path, status, &body.to_string())
    }

    pub(crate) fn answer_text(&mut self, path: &str, status: u16, body: &str) -> Value {
        let asked = |stage: &Self| stage.requests.iter().position(|(_, request)| request.uri().path().ends_with(path));
        // What is not asked for yet waits for a moment that is near.
        for _ in 0..MOMENTS {
            let Some(wake) = self.wake.filter(|_| asked(self).is_none()) else { break };
            self.pass(wake.saturating_since(self.now.mono).min(MOMENT));
        }
        let at = asked(self);
        let (id, request) = self.requests.remove(at.unwrap_or_else(|| panic!("nothing was asked of {path}")));
        let response = Response::builder().status(status).body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        self.input(Input::Response { request: id, result: Ok(response) });
        serde_json::from_slice(request.body()).unwrap_or_default()
    }

    /// The drain's page.
    pub(crate) fn sync(&mut self, rows: &[Value]) {
        self.answer("/sync", 200, &json!(rows));
    }

    /// The cursor that is committed, and accepted.
    pub(crate) fn cursor(&mut self) -> String {
        let body = self.answer("/sync/ack", 200, &json!({"acked": 1}));
        body["last_delivery_id"].as_str().unwrap().to_owned()
    }

    /// A page of history with these seqs.
    pub(crate) fn history(&mut self, seqs: &[u64]) {
        let rows: Vec<_> = seqs.iter().map(|seq| message("conv", *seq)).collect();
        self.answer("/messages/conv", 200, &json!(rows));
    }

    /// Settles the oldest open delivery; gives its message's id.
    pub(crate) fn settle(&mut self, outcome: Outcome) -> String {
        let delivery = self.open.pop_front().expect("a delivery is open");
        self.input(Input::Settled { delivery: delivery.token, outcome });
        id(&delivery)
    }

    pub(crate) fn handle(&mut self) -> String {
        self.settle(Outcome::Handled)
    }

    pub(crate) fn fail(&mut self) -> String {
        self.settle(Outcome::Failed { retry_after: None })
    }

    /// Handles all there is; gives the ids in order.
    pub(crate) fn handle_all(&mut self) -> Vec<String> {
        let mut handled = Vec::new();
        while !self.open.is_empty() {
            handled.push(self.handle());
        }
        handled
    }

    pub(crate) fn said(&self, what: impl Fn(&Event) -> bool) -> bool {
        self.events.iter().any(what)
    }
}

pub(crate) fn message(conversation: &str, seq: u64) -> Value {
    json!({"id": format!("{conversation}-{seq}"), "conversation_id": conversation, "seq": seq, "sender": "alice",
        "type": "text", "content": {"text": "hi"}, "created_at": "2026-04-20T10:00:00.000Z"})
}

/// A row of a sync: the message with its cursor.
pub(crate) fn row(conversation: &str, seq: u64) -> Value {
    let mut row = message(conversation, seq);
    row["delivery_id"] = json!(format!("del_{conversation}_{seq}"));
    row
}

pub(crate) fn ids(seqs: impl IntoIterator<Item = u64>) -> Vec<String> {
    seqs.into_iter().map(|seq| format!("conv-{seq}")).collect()
}

fn id(delivery: &Delivery) -> String {
    match &delivery.body {
        DeliveryBody::Message(row) => row.header().id.to_string(),
        DeliveryBody::Unreadable(unreadable) => format!("unreadable: {}", unreadable.text),
    }
}
