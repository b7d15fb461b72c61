//! Recorded machines with a made-up clock, and what they have written.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use agentchat_engine::realtime::{
    Checkpoint, ConnectionId, DeliveryToken, Input, Output, RequestId, Session, SessionOptions,
};
use agentchat_engine::recording::Recorder;
use agentchat_engine::rest::Endpoint;
use agentchat_engine::{
    ApiKey, Call, CallInput, CallOptions, CallOutput, Context, Fault, FaultKind, Mono, Now, Seed, UnixTime, WasSent,
};
use bytes::Bytes;
use http::Response;
use serde_json::{Value, json};

pub(crate) const KEY: &str = "ac_TopSecret0123456789abcdefghijklmnopqrstuvwxyz";

type Sink = Box<dyn FnMut(&str)>;

/// What was written so far.
#[derive(Clone, Default)]
pub(crate) struct File(Rc<RefCell<String>>);

impl File {
    pub(crate) fn text(&self) -> String {
        self.0.borrow().clone()
    }

    fn sink(&self) -> Sink {
        let file = Rc::clone(&self.0);
        Box::new(move |line| file.borrow_mut().push_str(line))
    }
}

pub(crate) fn context() -> Context {
    Context::builder().api_key(ApiKey::new(KEY).unwrap()).base_url("http://localhost:1/pre").build().unwrap()
}

pub(crate) fn start() -> Now {
    Now::new(Mono::from_micros(5_000_000), UnixTime::from_millis(1_790_000_000_000))
}

/// A recorded session and what it asked for last.
pub(crate) struct Taped {
    pub(crate) session: Recorder<Session, Sink>,
    pub(crate) file: File,
    pub(crate) now: Now,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) requests: Vec<(RequestId, String)>,
    pub(crate) deliveries: Vec<DeliveryToken>,
    pub(crate) wake: Option<Mono>,
}

impl Taped {
    pub(crate) fn new() -> Self {
        Self::resuming(None)
    }

    pub(crate) fn resuming(checkpoint: Option<Checkpoint>) -> Self {
        Self::with(SessionOptions::default().redelivery(vec![Duration::from_millis(1_500)]), checkpoint)
    }

    pub(crate) fn with(options: SessionOptions, checkpoint: Option<Checkpoint>) -> Self {
        let file = File::default();
        let session =
            Recorder::session(&context(), options, Seed::from_bytes([7; 32]), checkpoint, start(), Some(file.sink()));
        Self { session, file, now: start(), connection: None, requests: vec![], deliveries: vec![], wake: None }
    }

    /// Connected in ack mode with a consumer.
    pub(crate) fn greeted() -> Self {
        let mut taped = Self::new();
        taped.input(Input::Consumer(true));
        taped.input(Input::Start { api_key: None });
        taped.greet();
        taped
    }

    pub(crate) fn greet(&mut self) {
        self.input(Input::Opened(self.connection.unwrap()));
        self.frame(json!({"type": "hello.ok", "capabilities": ["ack"]}));
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.session.handle_input(self.now, input);
        loop {
            match self.session.poll_output() {
                Output::Open { connection, .. } => self.connection = Some(connection),
                Output::Request { request, http, .. } => self.requests.push((request, http.uri().path().to_owned())),
                Output::Deliver(delivery) => self.deliveries.push(delivery.token),
                Output::Idle { wake, .. } => {
                    self.wake = wake;
                    return;
                }
                Output::Finished => return,
                _ => {}
            }
        }
    }

    pub(crate) fn frame(&mut self, frame: Value) {
        self.input(Input::Text(self.connection.unwrap(), frame.to_string()));
    }

    /// Answers the oldest request whose path ends so, if there is one.
    pub(crate) fn answer(&mut self, path: &str, status: u16, headers: &[(&str, &str)], body: &str) -> bool {
        let Some(at) = self.requests.iter().position(|(_, asked)| asked.ends_with(path)) else { return false };
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let response = response.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        let (request, _) = self.requests.remove(at);
        self.input(Input::Response { request, result: Ok(response) });
        true
    }

    /// Passes the time until the session wants to be woken.
    pub(crate) fn wake(&mut self) {
        self.now.mono = self.wake.map_or(self.now.mono, |wake| wake.max(self.now.mono));
        self.input(Input::Timeout);
    }
}

pub(crate) fn fault(message: &str) -> Fault {
    Fault::new(FaultKind::Io, WasSent::Maybe, message)
}

/// Records a call with these inputs, two seconds apart; returns the file.
pub(crate) fn taped_call<E: Endpoint>(endpoint: E, options: CallOptions, inputs: Vec<CallInput>) -> String {
    let file = File::default();
    let mut now = start();
    let call = Recorder::call(&context(), endpoint, options, Seed::from_bytes([5; 32]), now, Some(file.sink()));
    let mut call: Recorder<Call<E>, Sink> = call.unwrap();
    for input in [None].into_iter().chain(inputs.into_iter().map(Some)) {
        if let Some(input) = input {
            now.mono = now.mono + Duration::from_secs(2);
            call.handle_input(now, input);
        }
        while !matches!(call.poll_output(), CallOutput::Idle { .. } | CallOutput::Finished) {}
    }
    file.text()
}

pub(crate) fn answer(attempt: u32, status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> CallInput {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    CallInput::Response { attempt, response: response.body(body.into()).unwrap() }
}
