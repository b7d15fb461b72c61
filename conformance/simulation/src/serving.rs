//! What the platform does with what reaches it: it welcomes sockets, pushes messages, and answers requests.

use super::client::{Answer, Call, Subject};
use super::fault_names;
use super::network::{Arrival, micros};
use super::platform::Number;
use super::schedule::{Acks, DialFault, FrameFault, HttpFault};
use super::wire::{self, ClientFrame};
use super::world::World;

/// Messages of the backlog that the platform pushes at once, and the pause after them. Fewer than in reality, so
/// that a batch falls into the middle of other things.
const BACKLOG_BATCH: usize = 4;
const BACKLOG_PAUSE: u64 = 100_000;

impl<S: Subject> World<'_, S> {
    pub(super) fn frame_at_platform(&mut self, socket: u64, text: &str) {
        let Some(state) = self.network.sockets.get_mut(&socket).filter(|state| !state.silent) else { return };
        match wire::client_frame(text) {
            ClientFrame::Hello if state.closed_by_platform => {}
            ClientFrame::Hello => {
                let at = self.now + micros(self.setup.socket_latency);
                let close = |code, reason| Arrival::ClosedByPlatform { socket, code, reason };
                match state.dial {
                    Some(DialFault::NoHelloOk) => {}
                    Some(DialFault::HelloTooLate) => {
                        self.late_hellos += 1;
                        self.network.at(at, close(1008, "HELLO frame required"));
                    }
                    Some(DialFault::Shutdown) => self.network.at(at, close(1001, "Server shutting down")),
                    _ => self.welcome(socket),
                }
            }
            ClientFrame::Ack(id) => {
                let takes_acks = state.acks == Some(true);
                if let Some(number) = self.platform.named(&id).filter(|_| takes_acks) {
                    self.platform.deliver(number);
                }
            }
            ClientFrame::Typing | ClientFrame::Other => {}
        }
    }

    fn welcome(&mut self, socket: u64) {
        self.late_hellos = 0;
        self.connections += 1;
        let acks = match self.setup.acks {
            Acks::Always => true,
            Acks::Never => false,
            Acks::Alternating => self.connections.is_multiple_of(2),
        };
        self.acks_disturbed |= !acks;
        if let Some(state) = self.network.sockets.get_mut(&socket) {
            state.acks = Some(acks);
            state.open_at_platform = true;
        }
        self.network.frame_to_client(self.now, self.setup.socket_latency, socket, wire::hello_ok(acks), None);
        if self.setup.backlog {
            self.network.at(self.now, Arrival::Backlog { socket, from: 0 });
        }
    }

    pub(super) fn push_backlog(&mut self, socket: u64, from: Number) {
        let Some(state) = self.network.sockets.get(&socket).filter(|s| s.open_at_platform) else { return };
        let acks = state.acks == Some(true);
        let batch: Vec<Number> = self.platform.stored().filter(|n| *n >= from).take(BACKLOG_BATCH).collect();
        if let (Some(last), BACKLOG_BATCH) = (batch.last(), batch.len()) {
            self.network.at(self.now + BACKLOG_PAUSE, Arrival::Backlog { socket, from: last + 1 });
        }
        for number in batch {
            self.push(socket, acks, number, true);
        }
    }

    /// The platform writes a message to a socket; without acks, that is its delivery.
    pub(super) fn push(&mut self, socket: u64, acks: bool, number: Number, with_delivery: bool) {
        let row = wire::row(number, &self.platform.messages[number], with_delivery);
        let text = wire::message_new(&row);
        if !acks {
            self.platform.deliver(number);
        }
        let fault = self.network.frame_faults.pop_front();
        if let Some(fault) = fault {
            self.tally.fault(fault_names::frame(fault));
        }
        let latency = self.setup.socket_latency;
        match fault {
            Some(FrameFault::Drop) => {}
            Some(FrameFault::Late(by)) => {
                let at = self.now + micros(latency) + micros(by);
                self.network.at(at, Arrival::ToClient { socket, text, message: Some(number) });
            }
            Some(FrameFault::Twice) => {
                self.network.frame_to_client(self.now, latency, socket, text.clone(), Some(number));
                self.network.frame_to_client(self.now, latency, socket, text, Some(number));
            }
            None => self.network.frame_to_client(self.now, latency, socket, text, Some(number)),
        }
    }

    pub(super) fn request_at_platform(&mut self, request: u64, call: &Call, fault: Option<HttpFault>) {
        let error = |status, retry_after| {
            let body = r#"{"code":"SIMULATED","message":"no"}"#.to_owned();
            Answer::Response { status, retry_after, body }
        };
        let mut at = self.now + micros(self.setup.http_latency);
        let (answer, rows) = match fault {
            Some(HttpFault::Status(status)) => (error(status, None), Vec::new()),
            Some(HttpFault::Limited(seconds)) => (error(429, Some(seconds)), Vec::new()),
            _ => {
                let (mut body, rows) = self.execute(call);
                match fault {
                    Some(HttpFault::AnswerLost) => (Answer::Fault { left: true }, Vec::new()),
                    Some(HttpFault::Truncated) => {
                        // A body of one character would still be whole with none.
                        body.truncate(body.len() / 2);
                        (Answer::Response { status: 200, retry_after: None, body }, Vec::new())
                    }
                    Some(HttpFault::NotAPage) => {
                        (Answer::Response { status: 200, retry_after: None, body: r#""?""#.to_owned() }, Vec::new())
                    }
                    fault => {
                        if let Some(HttpFault::Slow(by)) = fault {
                            at += micros(by);
                        }
                        (Answer::Response { status: 200, retry_after: None, body }, rows)
                    }
                }
            }
        };
        self.network.at(at, Arrival::AtClient { request, answer, rows });
    }

    /// The platform does what is asked; the body of its answer, and the messages in it.
    fn execute(&mut self, call: &Call) -> (String, Vec<Number>) {
        let rows = match call {
            Call::Me => return (r#"{"handle":"me"}"#.to_owned(), Vec::new()),
            Call::SyncAck { cursor } => {
                let committed = self.platform.up_to(cursor);
                for number in &committed {
                    self.platform.deliver(*number);
                }
                return (format!(r#"{{"acked":{}}}"#, committed.len()), Vec::new());
            }
            Call::Sync { limit, after } => self.platform.sync(after.as_deref(), *limit),
            Call::History { conversation, after, limit } => match wire::conversation(conversation) {
                Some(conversation) => self.platform.history(conversation, *after, *limit, self.setup.history_page),
                None => Vec::new(),
            },
        };
        let texts: Vec<_> = rows.iter().map(|n| wire::row(*n, &self.platform.messages[*n], true)).collect();
        (format!("[{}]", texts.join(",")), rows)
    }
}
