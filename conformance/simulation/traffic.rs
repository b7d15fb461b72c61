//! What passes between client and platform: what the client wants is sent, what arrives is told.

use super::client::{Answer, Call, Client, Subject, Told, Wish};
use super::faults;
use super::network::{Arrival, Socket, micros};
use super::platform::Number;
use super::schedule::{Acks, DialFault, FrameFault, Purpose, RestFault};
use super::tally::Violation;
use super::wire::{self, ClientFrame};
use super::world::{World, trace};

/// Messages of the backlog that the platform pushes at once, and the pause after them. Fewer than in reality, so
/// that a batch falls into the middle of other things.
const BACKLOG_BATCH: usize = 4;
const BACKLOG_PAUSE: u64 = 100_000;

impl<S: Subject> World<'_, S> {
    /// Does what the client wants.
    pub(super) fn grant(&mut self, wish: Wish) -> Result<(), Violation> {
        if !matches!(wish, Wish::Ping(_)) {
            self.eventful = self.now;
        }
        match wish {
            Wish::Deliver(offer) => return self.deliver(&offer),
            Wish::Note(note) => return self.note(&note),
            _ => {}
        }
        trace!(self, "< {wish:?}");
        let latency = micros(self.setup.socket_latency);
        match wish {
            Wish::Open(socket) => self.open_socket(socket),
            Wish::Text(socket, text) => {
                if let ClientFrame::Ack(id) = wire::client_frame(&text)
                    && let Some(number) = self.platform.named(&id)
                {
                    self.judge.acked(&self.platform, number, "frame")?;
                }
                self.network.at(self.now + latency, Arrival::ToPlatform { socket, text });
            }
            Wish::Ping(socket) => self.network.at(self.now + 2 * latency, Arrival::Pong { socket }),
            Wish::Close { socket } => {
                if self.closing_acked && self.is_usable(socket) && !self.acks_disturbed {
                    self.judge.closed(&self.platform)?;
                }
                self.connection_ended(socket);
                if let Some(state) = self.network.sockets.get_mut(&socket) {
                    state.open_at_client = false;
                    self.network.at(self.now + latency, Arrival::GoneAtPlatform { socket });
                }
            }
            Wish::Request { request, call } => self.request(request, call)?,
            Wish::Cancel(request) => _ = self.network.awaited.remove(&request),
            Wish::Deliver(_) | Wish::Note(_) | Wish::Idle { .. } | Wish::Finished => {}
        }
        Ok(())
    }

    fn open_socket(&mut self, socket: u64) {
        self.current = Some(socket);
        let dial = self.network.dial_faults.pop_front();
        if let Some(fault) = dial {
            self.tally.fault(faults::dial(fault));
        }
        let at = self.now + 2 * micros(self.setup.socket_latency);
        match dial {
            Some(DialFault::Refused) => self.network.at(at, Arrival::Refused { socket }),
            Some(DialFault::Hangs) => {}
            _ => self.network.at(at, Arrival::Opened { socket }),
        }
        let refused = dial == Some(DialFault::Refused);
        self.network.sockets.insert(socket, Socket { open_at_client: !refused, dial, ..Socket::default() });
    }

    fn request(&mut self, request: u64, call: Call) -> Result<(), Violation> {
        let purpose = match &call {
            Call::Sync { .. } => Purpose::Sync,
            Call::SyncAck { .. } => Purpose::SyncAck,
            Call::History { .. } => Purpose::History,
            Call::Me => Purpose::Me,
        };
        if let Call::SyncAck { cursor } = &call {
            for number in self.platform.up_to(cursor) {
                self.judge.acked(&self.platform, number, "cursor")?;
            }
        }
        if let Call::History { conversation, after, .. } = &call
            && let Some(conversation) = wire::conversation(conversation)
        {
            self.judge.asked_history(&self.platform, conversation, *after)?;
        }
        self.network.awaited.insert(request, purpose);
        let fault = self.network.rest_fault(purpose);
        if let Some(fault) = fault {
            self.tally.fault(faults::rest(fault));
            self.acks_disturbed |= purpose == Purpose::SyncAck;
        }
        let latency = micros(self.setup.http_latency);
        let lost = |left| Arrival::AtClient { request, answer: Answer::Fault { left }, rows: Vec::new() };
        match fault {
            Some(RestFault::Unsent) => self.network.at(self.now + latency, lost(false)),
            Some(RestFault::LostOnTheWay) => self.network.at(self.now + 2 * latency, lost(true)),
            _ => self.network.at(self.now + latency, Arrival::AtPlatform { request, call, fault }),
        }
        Ok(())
    }

    /// What has come to where it was sent.
    pub(super) fn arrive(&mut self, arrival: Arrival) -> Result<(), Violation> {
        match arrival {
            Arrival::Opened { socket } => self.if_open(socket, Told::Opened(socket)),
            Arrival::Refused { socket } => {
                self.connection_ended(socket);
                self.tell(Told::Broken(socket))
            }
            Arrival::Pong { socket } => self.if_open(socket, Told::Alive(socket)),
            Arrival::ToClient { socket, text, message } => {
                let message = message.filter(|_| self.is_usable(socket));
                if let Some(number) = message {
                    self.judge.pushed(&self.platform, number);
                }
                if let Some(number) = message.filter(|_| self.client.is_greeted()) {
                    let (plain, room) = (self.client.is_live(), !self.client.is_full());
                    self.judge.arrived_live(&self.platform, number, plain, room);
                }
                self.if_open(socket, Told::Text(socket, text))
            }
            Arrival::ClosedByPlatform { socket, code, reason } => {
                let open = self.network.sockets.get_mut(&socket);
                if let Some(state) = open.filter(|s| s.open_at_client && !s.silent) {
                    state.open_at_client = false;
                    self.connection_ended(socket);
                    self.tell(Told::Closed { socket, code, reason })?;
                }
                Ok(())
            }
            Arrival::GoneAtPlatform { socket } => {
                if let Some(state) = self.network.sockets.get_mut(&socket) {
                    state.open_at_platform = false;
                }
                Ok(())
            }
            Arrival::ToPlatform { socket, text } => {
                self.frame_at_platform(socket, &text);
                Ok(())
            }
            Arrival::Backlog { socket, from } => {
                self.push_backlog(socket, from);
                Ok(())
            }
            Arrival::AtPlatform { request, call, fault } => {
                self.request_at_platform(request, &call, fault);
                Ok(())
            }
            Arrival::AtClient { request, answer, rows } => {
                if self.network.awaited.remove(&request) == Some(Purpose::Sync) {
                    self.judge.arrived_by_sync(&self.platform, &rows, !self.client.is_full());
                }
                self.tell(Told::Answer { request, answer })
            }
            Arrival::Settle { token, outcome } => self.settle(token, outcome),
            Arrival::SentKnown { conversation, seq } => self.tell(Told::Sent { conversation, seq }),
        }
    }

    fn if_open(&mut self, socket: u64, what: Told) -> Result<(), Violation> {
        match self.network.sockets.get(&socket) {
            Some(state) if state.open_at_client && !state.silent => self.tell(what),
            _ => Ok(()),
        }
    }

    /// Whether the client's connection still carries what it sends.
    fn is_usable(&self, socket: u64) -> bool {
        self.current == Some(socket) && self.network.sockets.get(&socket).is_some_and(|s| s.open_at_client && !s.silent)
    }

    /// For the client, this connection is over.
    pub(super) fn connection_ended(&mut self, socket: u64) {
        if self.current == Some(socket) {
            self.current = None;
        }
    }

    fn frame_at_platform(&mut self, socket: u64, text: &str) {
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
            ClientFrame::Other => {}
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

    fn push_backlog(&mut self, socket: u64, from: Number) {
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
            self.tally.fault(faults::frame(fault));
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

    fn request_at_platform(&mut self, request: u64, call: &Call, fault: Option<RestFault>) {
        let error = |status, retry_after| {
            let body = r#"{"code":"SIMULATED","message":"no"}"#.to_owned();
            Answer::Response { status, retry_after, body }
        };
        let mut at = self.now + micros(self.setup.http_latency);
        let (answer, rows) = match fault {
            Some(RestFault::Status(status)) => (error(status, None), Vec::new()),
            Some(RestFault::Limited(seconds)) => (error(429, Some(seconds)), Vec::new()),
            _ => {
                let (mut body, rows) = self.execute(call);
                match fault {
                    Some(RestFault::AnswerLost) => (Answer::Fault { left: true }, Vec::new()),
                    Some(RestFault::Truncated) => {
                        // A body of one character would still be whole with none.
                        body.truncate(body.len() / 2);
                        (Answer::Response { status: 200, retry_after: None, body }, Vec::new())
                    }
                    Some(RestFault::NotAPage) => {
                        (Answer::Response { status: 200, retry_after: None, body: r#""?""#.to_owned() }, Vec::new())
                    }
                    fault => {
                        if let Some(RestFault::Slow(by)) = fault {
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
