//! A session with a made-up clock and nothing around it: the tests are the network and the platform.

use std::collections::BTreeMap;
use std::time::Duration;

use agentchat_engine::realtime::{
    CallId, CallStep, Checkpoint, ConnectionId, ConnectionState, Delivery, DeliveryBody, Event, Input, Outcome, Output,
    Refusal, RequestId, Session, SessionOptions, Signal,
};
use agentchat_engine::rest::Route;
use agentchat_engine::{ApiKey, Context, Fault, FaultKind, Mono, Now, Seed, UnixTime, WasSent};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

pub(crate) struct Rig {
    pub(crate) session: Session,
    pub(crate) now: Now,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) sent: Vec<Value>,
    pub(crate) pings: usize,
    pub(crate) closes: Vec<(u16, &'static str)>,
    pub(crate) requests: BTreeMap<RequestId, Request<Bytes>>,
    pub(crate) cancelled: Vec<RequestId>,
    /// The calls, endpoints and numbers of the requests.
    pub(crate) attempts: Vec<(CallId, &'static Route, u32)>,
    /// What was said of the session's own calls.
    pub(crate) steps: Vec<(CallId, CallStep)>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) unsent: Vec<(Signal, Refusal)>,
    pub(crate) events: Vec<Event>,
    pub(crate) wake: Option<Mono>,
    /// Whether frames are wanted.
    pub(crate) reads: bool,
    pub(crate) finished: bool,
    pub(crate) log: Vec<String>,
}

pub(crate) fn options() -> SessionOptions {
    SessionOptions::default().own_handle("me")
}

impl Rig {
    /// A session that was never started.
    pub(crate) fn idle(options: SessionOptions) -> Self {
        Self::resuming(options, None)
    }

    /// The process dies, and another goes on from its last checkpoint.
    pub(crate) fn restarted(self) -> Self {
        let stored = self.stored();
        self.restart(&stored)
    }

    /// Another process goes on from a stored checkpoint: connected in ack mode with a consumer, its drain not yet answered.
    pub(crate) fn restart(self, stored: &str) -> Self {
        let mut rig = Self::resuming(options(), Some(Checkpoint::from_json(stored).unwrap()));
        rig.now.mono = self.now.mono + Duration::from_secs(3_600);
        rig.input(Input::Consumer(true));
        rig.input(Input::Start { api_key: None });
        rig.greet(true);
        rig
    }

    /// The same, and the platform takes no acks.
    pub(crate) fn restart_legacy(self, stored: &str) -> Self {
        let mut rig = Self::resuming(options(), Some(Checkpoint::from_json(stored).unwrap()));
        rig.now.mono = self.now.mono + Duration::from_secs(3_600);
        rig.input(Input::Consumer(true));
        rig.input(Input::Start { api_key: None });
        rig.greet(false);
        rig
    }

    pub(crate) fn stored(&self) -> String {
        self.session.checkpoint().to_json()
    }

    pub(crate) fn resuming(options: SessionOptions, checkpoint: Option<Checkpoint>) -> Self {
        let key = ApiKey::new("ac_key").unwrap();
        let cx = Context::builder().api_key(key).base_url("http://localhost:1").build().unwrap();
        let now = Now::new(Mono::from_micros(1_000_000), UnixTime::from_millis(1_790_000_000_000));
        Self {
            session: Session::new(&cx, options, Seed::from_bytes([7; 32]), checkpoint),
            now,
            connection: None,
            sent: Vec::new(),
            pings: 0,
            closes: Vec::new(),
            requests: BTreeMap::new(),
            cancelled: Vec::new(),
            attempts: Vec::new(),
            steps: Vec::new(),
            deliveries: Vec::new(),
            unsent: Vec::new(),
            events: Vec::new(),
            wake: None,
            reads: true,
            finished: false,
            log: Vec::new(),
        }
    }

    /// Connected in ack mode with a consumer, its drain answered with nothing.
    pub(crate) fn live() -> Self {
        let mut rig = Self::greeted(options());
        rig.answer_sync(&[]);
        assert_eq!(rig.session.state(), &ConnectionState::Live);
        rig
    }

    /// Connected in ack mode with a consumer, its drain not yet answered.
    pub(crate) fn greeted(options: SessionOptions) -> Self {
        let mut rig = Self::idle(options);
        rig.input(Input::Consumer(true));
        rig.input(Input::Start { api_key: None });
        rig.greet(true);
        rig
    }

    /// Opens the socket that is being asked for and accepts its HELLO.
    pub(crate) fn greet(&mut self, ack_mode: bool) {
        let connection = self.connection.expect("a socket was asked for");
        self.input(Input::Opened(connection));
        let hello = self.sent.pop().expect("a HELLO");
        assert_eq!(hello["type"], "hello");
        let capabilities = if ack_mode { json!(["ack"]) } else { json!([]) };
        self.frame(json!({"type": "hello.ok", "capabilities": capabilities}));
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.session.handle_input(self.now, input);
        self.drain_outputs();
    }

    fn drain_outputs(&mut self) {
        loop {
            let output = self.session.poll_output();
            self.log.push(format!("{output:?}"));
            match output {
                Output::Open { connection, .. } => self.connection = Some(connection),
                Output::Text(_, text) => self.sent.push(serde_json::from_str(text.expose()).unwrap()),
                Output::Ping(_) => self.pings += 1,
                Output::Close { code, reason, .. } => self.closes.push((code, reason)),
                Output::Request { request, call, route, attempt, http, .. } => {
                    self.attempts.push((call, route, attempt));
                    self.requests.insert(request, *http);
                }
                Output::Cancel(request) => {
                    self.requests.remove(&request);
                    self.cancelled.push(request);
                }
                Output::Call(call, step) => self.steps.push((call, step)),
                Output::Deliver(delivery) => self.deliveries.push(delivery),
                Output::Unsent { signal, why } => self.unsent.push((signal, why)),
                Output::Event(event) => self.events.push(event),
                Output::Idle { wake, read } => {
                    self.wake = wake;
                    self.reads = read;
                    return;
                }
                Output::Finished => {
                    self.finished = true;
                    self.wake = None;
                    return;
                }
            }
        }
    }

    /// Lets time pass, saying `Timeout` exactly when asked to.
    pub(crate) fn advance(&mut self, by: Duration) {
        let end = self.now.mono + by;
        while let Some(wake) = self.wake.filter(|wake| *wake <= end) {
            self.now.mono = self.now.mono.max(wake);
            self.input(Input::Timeout);
            assert!(self.wake.is_none_or(|next| next > self.now.mono), "a timeout was handled but is still due");
        }
        self.now.mono = end;
    }

    pub(crate) fn text(&mut self, text: impl Into<String>) {
        let connection = self.connection.unwrap();
        self.input(Input::Text(connection, text.into()));
    }

    pub(crate) fn frame(&mut self, frame: Value) {
        self.text(frame.to_string());
    }

    /// A live message in conversation `c`.
    pub(crate) fn live_message(&mut self, seq: u64) {
        self.frame(json!({"type": "message.new", "payload": message("c", seq)}));
    }

    pub(crate) fn close(&mut self, code: Option<u16>, reason: &str) {
        let connection = self.connection.unwrap();
        self.input(Input::Closed { connection, code, reason: reason.into() });
    }

    /// Loses the socket and gets to the next `hello.ok`.
    pub(crate) fn reconnect(&mut self) {
        let before = self.connection;
        self.close(Some(1006), "");
        self.next_socket();
        assert_ne!(self.connection, before, "another socket was asked for");
        self.greet(true);
    }

    /// Waits until another socket is asked for, and not longer.
    pub(crate) fn next_socket(&mut self) {
        let ConnectionState::Waiting { retry_at, .. } = *self.session.state() else {
            panic!("{:?}", self.session.state())
        };
        self.advance(retry_at.saturating_since(self.now.mono));
    }

    /// The one request whose path ends so.
    pub(crate) fn request(&self, path: &str) -> RequestId {
        let mut found = self.requests.iter().filter(|(_, request)| request.uri().path().ends_with(path));
        let (id, _) = found.next().unwrap_or_else(|| panic!("no request to {path}: {:?}", self.requests));
        assert!(found.next().is_none(), "one request to {path}");
        *id
    }

    pub(crate) fn has_request(&self, path: &str) -> bool {
        self.requests.values().any(|request| request.uri().path().ends_with(path))
    }

    pub(crate) fn answer(&mut self, path: &str, body: &Value) {
        self.answer_status(path, 200, body);
    }

    pub(crate) fn answer_status(&mut self, path: &str, status: u16, body: &Value) {
        self.answer_text(path, status, body.to_string());
    }

    pub(crate) fn answer_text(&mut self, path: &str, status: u16, body: impl Into<String>) {
        let request = self.request(path);
        self.requests.remove(&request);
        let response = Response::builder().status(status).body(Bytes::from(body.into())).unwrap();
        self.input(Input::Response { request, result: Ok(response) });
    }

    pub(crate) fn fail(&mut self, path: &str) {
        let request = self.request(path);
        self.requests.remove(&request);
        self.input(Input::Response { request, result: Err(Fault::new(FaultKind::Io, WasSent::Maybe, "reset")) });
    }

    pub(crate) fn answer_sync(&mut self, rows: &[Value]) {
        self.answer("/sync", &json!(rows));
    }

    /// Lets time pass until something is asked for.
    pub(crate) fn until_request(&mut self, path: &str) {
        for _ in 0..100_000 {
            if self.has_request(path) {
                return;
            }
            self.advance(Duration::from_millis(10));
        }
        panic!("no request to {path}");
    }

    /// Answers one question after another with an error that is no refusal, until `within` has passed.
    pub(crate) fn fail_for(&mut self, path: &str, within: Duration) {
        let end = self.now.mono + within;
        while self.now.mono < end {
            if self.has_request(path) {
                self.answer_status(path, 400, &json!({"code": "VALIDATION_ERROR", "message": "no"}));
            }
            let left = end.saturating_since(self.now.mono);
            let next = self.wake.map_or(left, |wake| wake.saturating_since(self.now.mono));
            self.advance(next.min(left).max(Duration::from_millis(1)));
            if let Some(connection) = self.connection {
                self.input(Input::Alive(connection));
            }
        }
    }

    /// Lets the cursor wait for more rows as long as it may, then as [`answer_ack`](Self::answer_ack).
    pub(crate) fn answer_ack_later(&mut self) -> String {
        assert!(!self.has_request("/sync/ack"), "more rows may settle");
        self.advance(Duration::from_millis(50));
        self.answer_ack()
    }

    /// Answers the cursor's commit and gives the cursor.
    pub(crate) fn answer_ack(&mut self) -> String {
        let request = self.request("/sync/ack");
        let body: Value = serde_json::from_slice(self.requests[&request].body()).unwrap();
        self.answer("/sync/ack", &json!({"acked": 1}));
        body["last_delivery_id"].as_str().unwrap().to_owned()
    }

    /// Settles the oldest open delivery as handled; gives its id.
    pub(crate) fn handle(&mut self) -> String {
        let delivery = self.deliveries.remove(0);
        self.input(Input::Settled { delivery: delivery.token, outcome: Outcome::Handled });
        id(&delivery)
    }

    pub(crate) fn fail_delivery(&mut self) -> Delivery {
        let delivery = self.deliveries.remove(0);
        self.input(Input::Settled { delivery: delivery.token, outcome: Outcome::Failed { retry_after: None } });
        delivery
    }

    /// Handles whatever is delivered until nothing is; gives the ids in order.
    pub(crate) fn handle_all(&mut self) -> Vec<String> {
        let mut handled = Vec::new();
        while !self.deliveries.is_empty() {
            handled.push(self.handle());
        }
        handled
    }

    /// Ids acked by frame since the last look.
    pub(crate) fn acks(&mut self) -> Vec<String> {
        let acks = self.sent.drain(..).filter(|frame| frame["type"] == "ack");
        acks.map(|frame| frame["message_id"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) fn has_event(&self, matches: impl Fn(&Event) -> bool) -> bool {
        self.events.iter().any(matches)
    }
}

pub(crate) fn message(conversation: &str, seq: u64) -> Value {
    json!({"id": format!("{conversation}-{seq}"), "conversation_id": conversation, "seq": seq, "sender": "alice",
        "type": "text", "content": {"text": "hi"}, "metadata": {}, "created_at": "2026-04-20T10:00:00.000Z"})
}

/// A sync row: the message with its cursor.
pub(crate) fn row(conversation: &str, seq: u64) -> Value {
    let mut row = message(conversation, seq);
    row["delivery_id"] = json!(format!("del_{conversation}_{seq}"));
    row
}

pub(crate) fn id(delivery: &Delivery) -> String {
    match &delivery.body {
        DeliveryBody::Message(row) => row.header().id.to_string(),
        DeliveryBody::Unreadable(unreadable) => format!("unreadable: {}", unreadable.text),
    }
}
