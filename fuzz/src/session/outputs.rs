//! Every output is one that may be made now.

use agentchat_engine::realtime::{Event, Output};
use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::Driven;

/// Outputs after one input: a page has at most a few rows here.
const MOST_OUTPUTS: usize = 5_000;

impl Driven {
    /// Takes what the session wants until it is idle or has ended.
    pub(super) fn poll(&mut self) {
        for _ in 0..MOST_OUTPUTS {
            let output = self.session.poll_output();
            if self.pauses(output) {
                return self.is_bounded();
            }
        }
        panic!("the session never becomes idle");
    }

    fn pauses(&mut self, output: Output) -> bool {
        let is_pause = matches!(output, Output::Idle { .. } | Output::Finished);
        // A signal is handed back at any time.
        let may_follow = is_pause || matches!(output, Output::Unsent { .. });
        assert!(may_follow || !self.ended, "{output:?} follows the end");
        match output {
            Output::Open { connection, request, .. } => {
                assert_eq!(self.connection, None, "another socket is open");
                assert_eq!(*request.uri(), "ws://localhost:1/v1/ws");
                assert!(!self.past.contains(&connection), "a socket has a name of its own");
                (self.connection, self.is_open) = (Some(connection), false);
            }
            Output::Text(connection, text) => {
                assert!(self.is_open && self.connection == Some(connection), "no socket takes this");
                self.sent(&serde_json::from_str(text.expose()).expect("a frame is JSON"));
            }
            Output::Ping(connection) => {
                assert!(self.is_open && self.connection == Some(connection), "no socket takes this");
            }
            Output::Close { connection, .. } => {
                assert_eq!(self.connection, Some(connection), "there is no such socket");
                self.lose_socket();
            }
            Output::Request { request, http, .. } => {
                assert!(self.latest_request < Some(request), "a request has a name of its own");
                self.latest_request = Some(request);
                self.asked(&http);
                self.requests.push((request, *http));
            }
            Output::Cancel(request) => {
                let at = self.requests.iter().position(|(other, _)| *other == request);
                self.requests.remove(at.expect("what is cancelled is under way"));
            }
            Output::Call(..) => {}
            Output::Deliver(delivery) => {
                assert!(self.consumer && !self.closing, "nobody takes this");
                self.ledger.offered(&delivery, self.options.own_handle.is_some());
                self.tokens.push(delivery.token);
            }
            Output::Unsent { .. } => self.signals = self.signals.checked_sub(1).expect("it was not sent"),
            Output::Event(event) => self.told(&event),
            Output::Idle { wake, .. } => {
                assert!(!self.ended, "it has ended, and waits");
                self.wake = wake;
            }
            Output::Finished => {
                assert!(self.ended, "it has ended, and said nothing");
                assert_eq!((self.connection, self.requests.len()), (None, 0), "something was left under way");
                self.wake = None;
            }
        }
        is_pause
    }

    /// The socket is no more.
    pub(super) fn lose_socket(&mut self) {
        self.past.extend(self.connection.take());
        self.is_open = false;
    }

    fn sent(&mut self, frame: &Value) {
        match frame["type"].as_str() {
            Some("hello") => {}
            Some("ack") => self.ledger.acked(frame["message_id"].as_str().expect("an id")),
            Some("typing.start") => self.signals = self.signals.checked_sub(1).expect("it was not given"),
            _ => panic!("{frame} is nothing to send"),
        }
    }

    fn asked(&mut self, request: &Request<Bytes>) {
        let path = request.uri().path();
        if path.ends_with("/sync") {
            let query = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes());
            let after = query.into_owned().find(|(name, _)| name == "after").map(|(_, after)| after);
            self.ledger.asked(after.as_deref());
        } else if path.ends_with("/sync/ack") {
            let body: Value = serde_json::from_slice(request.body()).expect("JSON");
            self.ledger.committed(body["last_delivery_id"].as_str().expect("a cursor"));
        }
    }

    fn told(&mut self, event: &Event) {
        match event {
            Event::GaveUp { message_id: Some(id), last: true, .. } => self.ledger.gave_up(id.as_str()),
            Event::System { row } => self.ledger.passed(row),
            Event::Halted { .. } | Event::Closed { .. } => self.ended = true,
            _ => {}
        }
    }

    fn is_bounded(&self) {
        let held = self.session.machine().buffered();
        assert!(held.messages <= self.options.buffered_messages, "{held:?}");
        assert!(held.messages == 1 || held.bytes <= self.options.buffered_bytes, "{held:?}");
        assert!(held.messages > 0 || held.bytes == 0, "{held:?}");
        assert_eq!(self.signals, 0, "a signal is neither sent nor handed back");
    }
}
