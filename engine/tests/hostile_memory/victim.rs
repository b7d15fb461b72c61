//! A session, and a platform that means ill.

use std::time::Duration;

use agentchat_engine::realtime::{
    Buffered, ConnectionId, DeliveryToken, Input, Outcome, Output, RequestId, Session, SessionOptions,
};
use agentchat_engine::{ApiKey, Context, Mono, Now, Seed};
use bytes::Bytes;
use http::{Request, Response};

use crate::MEMORY;

/// What the session's key for hashes is made from.
pub(crate) const SEED: [u8; 32] = [7; 32];

/// A session that is connected, in ack mode, and what it asked for.
pub(crate) struct Victim {
    session: Box<Session>,
    now: Now,
    wake: Option<Mono>,
    connection: Option<ConnectionId>,
    requests: Vec<(RequestId, Request<Bytes>)>,
    deliveries: Vec<DeliveryToken>,
    /// Messages that were handled.
    pub(crate) handled: usize,
    /// What was in use before it was there.
    before: usize,
}

pub(crate) fn options() -> SessionOptions {
    SessionOptions::default().own_handle("me")
}

impl Victim {
    pub(crate) fn new(options: SessionOptions) -> Self {
        let before = MEMORY.current_usage();
        let cx = Context::builder().api_key(ApiKey::new("ac_key").unwrap()).build().unwrap();
        let session = Box::new(Session::new(&cx, options, Seed::from_bytes(SEED), None));
        let (wake, connection, requests, deliveries) = Default::default();
        let mut victim =
            Self { session, now: Now::default(), wake, connection, requests, deliveries, handled: 0, before };
        victim.input(Input::Start { api_key: None });
        victim.input(Input::Opened(victim.connection.unwrap()));
        victim.text(r#"{"type":"hello.ok","capabilities":["ack"]}"#.to_owned());
        victim
    }

    /// Live messages are ordered as they come.
    pub(crate) fn without_drain() -> Self {
        Self::new(options().drain(false))
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.session.handle_input(self.now, input);
        loop {
            match self.session.poll_output() {
                Output::Open { connection, .. } => self.connection = Some(connection),
                Output::Request { request, http, .. } => self.requests.push((request, *http)),
                Output::Cancel(request) => self.requests.retain(|(other, _)| *other != request),
                Output::Deliver(delivery) => self.deliveries.push(delivery.token),
                Output::Idle { wake, .. } => {
                    self.wake = wake;
                    return;
                }
                Output::Finished => panic!("it has ended"),
                _ => {}
            }
        }
    }

    pub(crate) fn text(&mut self, text: String) {
        self.input(Input::Text(self.connection.unwrap(), text));
    }

    pub(crate) fn message(&mut self, row: &str) {
        self.text(format!(r#"{{"type":"message.new","payload":{row}}}"#));
    }

    /// Whatever is delivered is handled.
    pub(crate) fn handle_all(&mut self) {
        while let Some(delivery) = self.deliveries.pop() {
            self.handled += 1;
            self.input(Input::Settled { delivery, outcome: Outcome::Handled });
        }
    }

    pub(crate) fn pass(&mut self, time: Duration) {
        self.now.mono = self.now.mono + time;
        self.input(Input::Alive(self.connection.unwrap()));
        self.input(Input::Timeout);
    }

    /// Answers the request whose path ends so, if there is one.
    pub(crate) fn answer(&mut self, path: &str, status: u16, body: &str) -> bool {
        let at = self.requests.iter().position(|(_, http)| http.uri().path().ends_with(path));
        let Some(at) = at else { return false };
        let (request, _) = self.requests.remove(at);
        let response = Response::builder().status(status).body(Bytes::from(body.to_owned())).unwrap();
        self.input(Input::Response { request, result: Ok(response) });
        true
    }

    pub(crate) fn buffered(&self) -> Buffered {
        self.session.buffered()
    }

    /// Bytes that the session holds.
    pub(crate) fn held(&mut self) -> usize {
        (self.requests, self.deliveries) = Default::default();
        MEMORY.current_usage().saturating_sub(self.before)
    }
}

/// A message with these members besides.
pub(crate) fn row(id: &str, conversation: &str, seq: usize, more: &str) -> String {
    format!(r#"{{"id":"{id}","conversation_id":"{conversation}","seq":{seq}{more}}}"#)
}

/// As long as an identifier may be.
pub(crate) fn long(what: &str, n: usize) -> String {
    format!("{what}{n:0>width$}", width = 256 - what.len())
}
