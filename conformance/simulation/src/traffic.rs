//! What passes between client and platform: what the client wants is sent, what arrives is its input.

use super::client::{Answer, Call, Client, Subject, Told, Wish};
use super::fault_names;
use super::judge::Circumstances;
use super::network::{Arrival, Socket, micros};
use super::schedule::{DialFault, HttpFault, Purpose};
use super::tally::{Promise, Violation};
use super::wire::{self, ClientFrame};
use super::world::{World, trace};

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
                match wire::client_frame(&text) {
                    ClientFrame::Ack(id) => {
                        self.takes_acks(socket)?;
                        if let Some(number) = self.platform.named(&id) {
                            self.judge.acked(&self.platform, number, "frame")?;
                        }
                    }
                    ClientFrame::Typing => self.signalled(true)?,
                    ClientFrame::Hello | ClientFrame::Other => {}
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
            self.tally.fault(fault_names::dial(fault));
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
        let fault = self.network.http_fault(purpose);
        if let Some(fault) = fault {
            self.tally.fault(fault_names::http(fault));
            self.acks_disturbed |= purpose == Purpose::SyncAck;
        }
        let latency = micros(self.setup.http_latency);
        let lost = |left| Arrival::AtClient { request, answer: Answer::Fault { left }, rows: Vec::new() };
        match fault {
            Some(HttpFault::Unsent) => self.network.at(self.now + latency, lost(false)),
            Some(HttpFault::LostOnTheWay) => self.network.at(self.now + 2 * latency, lost(true)),
            _ => self.network.at(self.now + latency, Arrival::AtPlatform { request, call, fault }),
        }
        Ok(())
    }

    /// What has come to where it was sent.
    pub(super) fn arrive(&mut self, arrival: Arrival) -> Result<(), Violation> {
        if self.waits_unread(&arrival) {
            self.unread.push_back(arrival);
            return Ok(());
        }
        match arrival {
            Arrival::Opened { socket } => self.if_open(socket, Told::Opened(socket)),
            Arrival::Refused { socket } => {
                self.connection_ended(socket);
                self.tell(Told::Broken(socket))
            }
            Arrival::Pong { socket } => self.if_open(socket, Told::Alive(socket)),
            Arrival::ToClient { socket, text, message } => {
                // Later it is nonsense.
                if self.is_usable(socket) && !self.client.is_greeted() && text == wire::hello_ok(false) {
                    self.judge.takes_no_acks();
                }
                let message = message.filter(|_| self.is_usable(socket));
                if let Some(number) = message {
                    self.judge.pushed(&self.platform, number);
                }
                if let Some(number) = message.filter(|_| self.closing) {
                    self.judge.arrived_in_closing(&self.platform, number);
                }
                if let Some(number) = message.filter(|_| self.client.is_greeted()) {
                    let acks = self.network.sockets.get(&socket).is_some_and(|state| state.acks == Some(true));
                    let (plain, room) = (self.client.is_live(), !self.client.is_full());
                    self.judge.arrived_live(&self.platform, number, Circumstances { plain, room, acks });
                }
                self.frame_for_client(socket, Told::Text(socket, text))
            }
            Arrival::BytesToClient { socket } => self.frame_for_client(socket, Told::Binary(socket)),
            Arrival::ClosedByPlatform { socket, code, reason } => {
                let open = self.network.sockets.get_mut(&socket);
                if let Some(state) = open.filter(|s| s.open_at_client && !s.silent) {
                    state.open_at_client = false;
                    return self.closed_by_platform(socket, code, reason);
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
                let full = rows.len() == self.setup.options.drain_page as usize;
                let synced = self.network.awaited.remove(&request) == Some(Purpose::Sync);
                if synced {
                    self.judge.arrived_by_sync(&self.platform, &rows, !self.client.is_full());
                }
                self.tell(Told::Answer { request, answer })?;
                if synced && full { self.pages_on() } else { Ok(()) }
            }
            Arrival::Settle { token, outcome } => self.settle(token, outcome),
            Arrival::SentKnown { conversation, seq } => {
                self.judge.told_of_own(&self.platform, conversation, seq);
                self.tell(Told::Sent { conversation, seq })
            }
        }
    }

    /// Whether it comes over the client's socket while that is not read: it waits there, in order.
    fn waits_unread(&self, arrival: &Arrival) -> bool {
        let (Arrival::ToClient { socket, .. }
        | Arrival::BytesToClient { socket }
        | Arrival::Pong { socket }
        | Arrival::ClosedByPlatform { socket, .. }) = arrival
        else {
            return false;
        };
        !self.reading && self.is_usable(*socket)
    }

    fn if_open(&mut self, socket: u64, what: Told) -> Result<(), Violation> {
        match self.network.sockets.get(&socket) {
            Some(state) if state.open_at_client && !state.silent => self.tell(what),
            _ => Ok(()),
        }
    }

    /// A frame, whatever is in it: the connection goes on.
    fn frame_for_client(&mut self, socket: u64, frame: Told) -> Result<(), Violation> {
        let usable = self.is_usable(socket) && !self.closing;
        self.if_open(socket, frame)?;
        if usable && !self.is_usable(socket) {
            let what = "a frame made the client close its connection".to_owned();
            return Err(Violation { promise: Promise::Live, what });
        }
        Ok(())
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
}
