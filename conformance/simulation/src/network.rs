//! The virtual network: what is under way and when it arrives, the sockets, and the faults that wait for something
//! to happen to.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::client::{Answer, Call, Conversation, Outcome};
use super::platform::Number;
use super::schedule::{DialFault, FrameFault, HttpFault, Purpose};

/// Something that happens at a time.
#[derive(Debug)]
pub(super) enum Arrival {
    /// The upgrade was accepted.
    Opened {
        socket: u64,
    },
    /// The socket could not be opened.
    Refused {
        socket: u64,
    },
    ToClient {
        socket: u64,
        text: String,
        message: Option<Number>,
    },
    BytesToClient {
        socket: u64,
    },
    ToPlatform {
        socket: u64,
        text: String,
    },
    Pong {
        socket: u64,
    },
    ClosedByPlatform {
        socket: u64,
        code: u16,
        reason: &'static str,
    },
    /// The platform notices that a socket has ended.
    GoneAtPlatform {
        socket: u64,
    },
    /// The platform pushes another part of its backlog, from this message on.
    Backlog {
        socket: u64,
        from: Number,
    },
    AtPlatform {
        request: u64,
        call: Call,
        fault: Option<HttpFault>,
    },
    AtClient {
        request: u64,
        answer: Answer,
        rows: Vec<Number>,
    },
    Settle {
        token: u64,
        outcome: Outcome,
    },
    SentKnown {
        conversation: Conversation,
        seq: u64,
    },
}

/// One socket, both ends of it.
#[derive(Debug, Default)]
pub(super) struct Socket {
    pub(super) open_at_client: bool,
    pub(super) open_at_platform: bool,
    /// The platform closed it: a HELLO that was under way opens nothing.
    pub(super) closed_by_platform: bool,
    /// Set by HELLO: whether acks are taken.
    pub(super) acks: Option<bool>,
    pub(super) dial: Option<DialFault>,
    /// Nothing passes any more.
    pub(super) silent: bool,
    /// When the last frame to the client arrives: an undisturbed socket keeps its order.
    pub(super) last: u64,
}

#[derive(Debug, Default)]
pub(super) struct Network {
    under_way: BTreeMap<(u64, u64), Arrival>,
    counter: u64,
    pub(super) sockets: BTreeMap<u64, Socket>,
    /// Requests that the client waits for.
    pub(super) awaited: BTreeMap<u64, Purpose>,
    pub(super) frame_faults: VecDeque<FrameFault>,
    pub(super) dial_faults: VecDeque<DialFault>,
    http_faults: Vec<(Purpose, HttpFault)>,
}

impl Network {
    pub(super) fn at(&mut self, time: u64, arrival: Arrival) {
        self.counter += 1;
        self.under_way.insert((time, self.counter), arrival);
    }

    pub(super) fn next(&self) -> Option<u64> {
        self.under_way.first_key_value().map(|((time, _), _)| *time)
    }

    pub(super) fn pop(&mut self) -> Option<Arrival> {
        self.under_way.pop_first().map(|(_, arrival)| arrival)
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.under_way.values().all(|arrival| matches!(arrival, Arrival::GoneAtPlatform { .. }))
    }

    pub(super) fn arm(&mut self, purpose: Purpose, fault: HttpFault) {
        self.http_faults.push((purpose, fault));
    }

    pub(super) fn http_fault(&mut self, purpose: Purpose) -> Option<HttpFault> {
        let at = self.http_faults.iter().position(|(of, _)| *of == purpose)?;
        Some(self.http_faults.remove(at).1)
    }

    /// A frame to the client, behind the ones before it.
    pub(super) fn frame_to_client(
        &mut self,
        now: u64,
        latency: Duration,
        socket: u64,
        text: String,
        message: Option<Number>,
    ) {
        let Some(state) = self.sockets.get_mut(&socket) else { return };
        state.last = state.last.max(now + micros(latency));
        let time = state.last;
        self.at(time, Arrival::ToClient { socket, text, message });
    }

    /// Sockets that the platform pushes to.
    pub(super) fn registered(&self) -> Vec<(u64, bool)> {
        let registered = self.sockets.iter().filter(|(_, socket)| socket.open_at_platform);
        registered.filter_map(|(id, socket)| Some((*id, socket.acks?))).collect()
    }

    /// The client's process is gone, and with it its ends of everything; what it sent still arrives.
    pub(super) fn abandon(&mut self, now: u64, latency: Duration) {
        let open: Vec<u64> = self.sockets.iter().filter(|(_, s)| s.open_at_client).map(|(id, _)| *id).collect();
        for socket in open {
            if let Some(state) = self.sockets.get_mut(&socket) {
                state.open_at_client = false;
            }
            self.at(now + micros(latency), Arrival::GoneAtPlatform { socket });
        }
        self.awaited.clear();
        self.under_way.retain(|_, arrival| !matches!(arrival, Arrival::Settle { .. } | Arrival::SentKnown { .. }));
    }

    /// Faults that have not found anything are taken back.
    pub(super) fn heal(&mut self) {
        self.frame_faults.clear();
        self.dial_faults.clear();
        self.http_faults.clear();
    }
}

pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
