//! A session that is live: greeted, with a consumer that handles all that it is given.

use agentchat_engine::realtime::{
    Checkpoint, ConnectionId, Input, Outcome, Output, RequestId, Session, SessionOptions,
};
use agentchat_engine::{ApiKey, Context, Mono, Now, Seed};
use bytes::Bytes;
use http::Response;

/// Panics if the session spins or stops, whatever its inputs.
#[derive(Debug)]
pub struct Live {
    session: Session,
    connection: ConnectionId,
    now: Now,
    requests: Vec<RequestId>,
}

impl Live {
    /// Connects and greets a session, which goes on from a checkpoint if there is one.
    ///
    /// # Panics
    /// If the session does not ask for a socket.
    #[must_use]
    pub fn start(resume: Option<Checkpoint>) -> Self {
        let key = ApiKey::new("ac_key").expect("a key");
        let cx = Context::builder().api_key(key).build().expect("a context");
        let options = SessionOptions::default().own_handle("me");
        let now = Now::default();
        let mut session = Session::new(&cx, options, Seed::from_bytes([0; 32]), resume);
        session.handle_input(now, Input::Consumer(true));
        session.handle_input(now, Input::Start { api_key: None });
        let Output::Open { connection, .. } = session.poll_output() else { panic!("no socket was asked for") };
        session.handle_input(now, Input::Opened(connection));
        let mut live = Self { session, connection, now, requests: Vec::new() };
        live.text(r#"{"type":"hello.ok","capabilities":["ack"]}"#);
        live
    }

    /// A text frame arrives.
    pub fn text(&mut self, text: &str) {
        self.session.handle_input(self.now, Input::Text(self.connection, text.into()));
        self.settle();
    }

    /// The request that was made last is answered; false if there was no request.
    pub fn answer(&mut self, body: &str) -> bool {
        let Some(request) = self.requests.pop() else { return false };
        let result = Ok(Response::new(Bytes::copy_from_slice(body.as_bytes())));
        self.session.handle_input(self.now, Input::Response { request, result });
        self.settle();
        true
    }

    /// The time for which the session waits comes.
    ///
    /// # Panics
    /// If that changes nothing.
    pub fn time_out(&mut self) {
        self.session.handle_input(self.now, Input::Timeout);
        let wake = self.settle();
        assert!(wake > self.now.mono, "a timeout was handled and is still due");
        self.now.mono = wake;
    }

    /// What the session would store.
    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        self.session.checkpoint()
    }

    /// Handles all that is delivered; until when the session then waits.
    fn settle(&mut self) -> Mono {
        loop {
            match self.session.poll_output() {
                Output::Deliver(delivery) => {
                    let settled = Input::Settled { delivery: delivery.token, outcome: Outcome::Handled };
                    self.session.handle_input(self.now, settled);
                }
                Output::Request { request, .. } => self.requests.push(request),
                Output::Idle { wake, .. } => return wake.expect("a live session has a timer"),
                Output::Finished => panic!("the session stopped"),
                _ => {}
            }
        }
    }
}
