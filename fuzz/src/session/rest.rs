//! The world means well from now on: the session comes to rest.

use agentchat_engine::realtime::{ConnectionState, Input, Outcome};
use bytes::Bytes;
use http::Response;

use super::Driven;

/// Inputs until it rests: a few reconnects, drains and waits.
const MOST_STEPS: usize = 3_000;

impl Driven {
    /// Everything is handled, asked for and answered until nothing is left to do.
    ///
    /// # Panics
    /// If that does not come.
    pub(super) fn come_to_rest(&mut self) {
        self.consume(true);
        for _ in 0..MOST_STEPS {
            let session = self.session.machine();
            if *session.state() == ConnectionState::Live
                && session.buffered().messages == 0
                && self.requests.is_empty()
                && self.ledger.open().is_none()
            {
                return;
            }
            self.help();
        }
        panic!(
            "it does not come to rest: {:?}, {:?}",
            self.session.machine().state(),
            self.session.machine().buffered()
        );
    }

    fn help(&mut self) {
        if self.ended || matches!(self.session.machine().state(), ConnectionState::AwaitingKey { .. }) {
            return self.start();
        }
        if let Some(token) = self.ledger.open() {
            self.ledger.settled(token, &Outcome::Handled);
            return self.input(Input::Settled { delivery: token, outcome: Outcome::Handled });
        }
        if !self.requests.is_empty() {
            let (request, asked) = self.requests.remove(0);
            let body = if asked.uri().path().ends_with("/me") { r#"{"handle":"me"}"# } else { "[]" };
            let result = Ok(Response::new(Bytes::from_static(body.as_bytes())));
            return self.input(Input::Response { request, result });
        }
        match self.connection {
            Some(connection) if !self.is_open => {
                self.is_open = true;
                self.input(Input::Opened(connection));
            }
            Some(connection) if *self.session.machine().state() == ConnectionState::Greeting => {
                self.input(Input::Text(connection, r#"{"type":"hello.ok","capabilities":["ack"]}"#.to_owned()));
            }
            _ => {
                assert!(self.wake.is_some(), "it waits for nothing: {:?}", self.session.machine().state());
                self.time_out();
            }
        }
    }
}
