//! The client under test, as the simulated world sees it: its inputs, and what it wants. The engine's session is
//! one; the toy that makes the known mistakes is another.

use std::fmt;
use std::time::Duration;

use agentchat_engine::Now;

use super::schedule::Knobs;

/// A conversation's number; on the wire it is `c` and the number.
pub(super) type Conversation = u16;

/// Consecutive seqs, both ends included.
pub(super) type Range = (u64, u64);

/// An input of a client.
#[derive(Clone, Debug)]
pub(super) enum Told {
    Start,
    Opened(u64),
    Text(u64, String),
    Binary(u64),
    Alive(u64),
    Closed {
        socket: u64,
        code: u16,
        reason: &'static str,
    },
    Broken(u64),
    Answer {
        request: u64,
        answer: Answer,
    },
    Settled {
        token: u64,
        outcome: Outcome,
    },
    Consumer(bool),
    Sent {
        conversation: Conversation,
        seq: u64,
    },
    /// We have begun to write.
    Typing {
        conversation: Conversation,
    },
    Drain,
    Close,
    Timeout,
}

#[derive(Clone, Debug)]
pub(super) enum Answer {
    Response {
        status: u16,
        retry_after: Option<u16>,
        body: String,
    },
    /// No answer, and whether the request may have left.
    Fault {
        left: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Handled,
    Discarded,
    Failed { retry_after: Option<Duration> },
}

/// What a client wants.
#[derive(Debug)]
pub(super) enum Wish {
    Open(u64),
    Text(u64, String),
    Ping(u64),
    Close {
        socket: u64,
    },
    Request {
        request: u64,
        call: Call,
    },
    Cancel(u64),
    Deliver(Offer),
    Note(Note),
    /// Nothing to do until an input, or until then, in microseconds.
    Idle {
        wake: Option<u64>,
        /// Whether the socket is to be read meanwhile.
        read: bool,
    },
    Finished,
}

/// A request of the client, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Sync { limit: usize, after: Option<String> },
    SyncAck { cursor: String },
    History { conversation: String, after: u64, limit: usize },
    Me,
}

#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub(super) token: u64,
    /// The message's id or, in a row that has none that can be read, its cursor.
    pub(super) id: String,
    pub(super) attempt: u32,
    pub(super) late: bool,
}

/// What a client says besides.
#[derive(Debug)]
pub(super) enum Note {
    Gap {
        conversation: String,
        /// The first seq that was missing.
        expected: u64,
        filled: Vec<Range>,
        absent: Vec<Range>,
        missing: Vec<Range>,
        recovered: bool,
        /// How long what is above it has waited.
        waited: Duration,
        /// Whether it was given up because history could not be read.
        failed: bool,
        /// Whether a drain has ended that would have brought the undelivered messages.
        drained: bool,
    },
    /// Live messages are dropped for want of room.
    Shed,
    GaveUp {
        id: Option<String>,
        /// The conversation and the seq, as far as they can be read.
        place: Option<(String, u64)>,
        last: bool,
    },
    MarkForgotten {
        conversation: String,
    },
    /// A signal could not be sent.
    Unsent,
    Halted,
    Closed,
    /// Worth nothing but a line in the trace.
    Other(Box<dyn fmt::Debug>),
}

/// A client of the platform: one input door, one output door.
pub(super) trait Client {
    /// What a client keeps across a restart.
    type Checkpoint: Clone;

    fn told(&mut self, now: Now, what: Told);
    fn wish(&mut self) -> Wish;
    /// Whether it holds an accepted connection and has caught up.
    fn is_live(&self) -> bool;
    /// Whether it holds an accepted connection.
    fn is_greeted(&self) -> bool;
    /// What it would keep now; `None` if it keeps nothing.
    fn checkpoint(&self) -> Option<Self::Checkpoint>;
    /// Messages and bytes that it holds.
    fn buffered(&self) -> (usize, usize);
    /// Whether it may have no room for what it is given now, to have it again later.
    fn is_full(&self) -> bool;
}

/// What makes clients: one for every process of a run.
pub(super) trait Subject {
    type Client: Client;

    /// A client whose ids begin at `base`, so that those of an earlier process mean nothing to it.
    fn client(
        &self,
        knobs: &Knobs,
        seed: [u8; 32],
        base: u64,
        resume: Option<<Self::Client as Client>::Checkpoint>,
        now: Now,
    ) -> Self::Client;

    /// Messages and bytes that a client may hold at most.
    fn bounds(&self, knobs: &Knobs) -> (usize, usize);
}
