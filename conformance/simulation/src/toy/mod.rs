//! A toy client: small, slow, bounded only where it is flooded, and right, so that one mistake at a time can be made in it. It shows that the
//! simulation finds what the official SDKs get wrong. It shares nothing with the engine.

mod catch_up;
mod connection;
mod fill;
mod inbox;
mod lane;
mod mistake;
mod row;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use agentchat_engine::Now;

use super::client::{Answer, Client, Subject, Told, Wish};
use super::schedule::Knobs;
use lane::{Item, Lane};
pub use mistake::Mistake;

const SECOND: u64 = 1_000_000;

/// Makes toys that all make the same mistake, or none.
#[derive(Debug)]
pub(super) struct Toys(pub(super) Option<Mistake>);

/// What the toy knows of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Pending { failed: bool },
    Done,
    GaveUp { attempts: u32, last: bool },
}

/// Why a request was made.
#[derive(Clone, Debug)]
enum Asked {
    Sync,
    SyncAck {
        cursor: String,
    },
    History {
        conversation: String,
        after: u64,
    },
    /// What was given up, of a platform that counts it as delivered.
    Missing {
        conversation: String,
        after: u64,
    },
    Me,
}

pub(super) struct Toy {
    mistake: Option<Mistake>,
    knobs: Knobs,
    base: u64,
    ids: u64,
    now: u64,
    wishes: VecDeque<Wish>,
    // The connection.
    running: bool,
    closing: Option<u64>,
    finished: bool,
    socket: Option<u64>,
    opened: bool,
    /// Set by `hello.ok`: whether it takes acks.
    greeted: Option<bool>,
    /// The socket must have got further by then.
    deadline: Option<u64>,
    last_seen: u64,
    ping_at: Option<u64>,
    reconnect_at: Option<u64>,
    failures: u32,
    // What is asked.
    asked: BTreeMap<u64, Asked>,
    retry_at: BTreeMap<&'static str, u64>,
    handle_known: bool,
    // The drain.
    draining: bool,
    drain_again: bool,
    after: Option<String>,
    hold_until: Option<u64>,
    holding: bool,
    rows: VecDeque<(String, Option<String>)>,
    commit: Option<String>,
    // The messages.
    consumer: bool,
    known: BTreeMap<String, Known>,
    lanes: BTreeMap<String, Lane>,
    open: BTreeMap<u64, (String, Item)>,
    outbox: VecDeque<String>,
    /// What was given up, by conversation.
    missing: BTreeMap<String, BTreeSet<u64>>,
    /// A live message was dropped for want of room.
    shed: bool,
}

impl Subject for Toys {
    type Client = Toy;

    fn client(&self, knobs: &Knobs, _seed: [u8; 32], base: u64, _resume: Option<()>, now: Now) -> Toy {
        Toy {
            mistake: self.0,
            knobs: knobs.clone(),
            base,
            ids: 0,
            now: now.mono.as_micros(),
            wishes: VecDeque::new(),
            running: false,
            closing: None,
            finished: false,
            socket: None,
            opened: false,
            greeted: None,
            deadline: None,
            last_seen: 0,
            ping_at: None,
            reconnect_at: None,
            failures: 0,
            asked: BTreeMap::new(),
            retry_at: BTreeMap::new(),
            handle_known: knobs.handle_known,
            draining: false,
            drain_again: false,
            after: None,
            hold_until: None,
            holding: false,
            rows: VecDeque::new(),
            commit: None,
            consumer: false,
            known: BTreeMap::new(),
            lanes: BTreeMap::new(),
            open: BTreeMap::new(),
            outbox: VecDeque::new(),
            missing: BTreeMap::new(),
            shed: false,
        }
    }

    fn bounds(&self, knobs: &Knobs) -> (usize, usize) {
        (knobs.buffered_messages, usize::MAX)
    }
}

impl Toy {
    fn makes(&self, mistake: Mistake) -> bool {
        self.mistake == Some(mistake)
    }

    /// Whether the socket is read: what would wait for a drain leaves it its room.
    fn reads(&self) -> bool {
        let part = if self.holding { 4 } else { 2 };
        let ignores = self.makes(Mistake::ReadsOnWhenFull) || self.makes(Mistake::NoBounds);
        ignores || self.buffered().0 * part < self.knobs.buffered_messages
    }

    fn has_room(&self) -> bool {
        self.makes(Mistake::NoBounds) || self.buffered().0 < self.knobs.buffered_messages
    }

    fn has_half_free(&self) -> bool {
        self.makes(Mistake::NoBounds) || self.buffered().0 * 2 <= self.knobs.buffered_messages
    }

    fn id(&mut self) -> u64 {
        self.ids += 1;
        self.base + self.ids
    }

    fn answered(&mut self, request: u64, answer: Answer) {
        let Some(asked) = self.asked.remove(&request) else { return };
        let body = match answer {
            Answer::Response { status: 200, body, .. } => Some(body),
            _ => None,
        };
        match asked {
            Asked::Sync => self.synced(body.as_deref().and_then(row::page)),
            Asked::SyncAck { cursor } => {
                self.committed(cursor, body.is_some_and(|b| b.starts_with("{\"acked\"") && b.ends_with('}')))
            }
            Asked::History { conversation, after } => {
                self.filled(&conversation, after, body.as_deref().and_then(row::page));
            }
            Asked::Missing { conversation, after } => {
                self.retrieved(&conversation, after, body.as_deref().and_then(row::page));
            }
            Asked::Me => match body {
                Some(body) if body == r#"{"handle":"me"}"# => self.handle_known = true,
                _ => _ = self.retry_at.insert("me", self.now + SECOND),
            },
        }
    }
}

impl Client for Toy {
    type Checkpoint = ();

    fn told(&mut self, now: Now, what: Told) {
        self.now = now.mono.as_micros();
        match what {
            Told::Start => self.start(),
            Told::Opened(socket) => self.opened(socket),
            Told::Text(socket, text) => self.text(socket, &text),
            Told::Binary(socket) if self.makes(Mistake::BytesEndConnections) => self.give_up_socket(socket),
            Told::Binary(socket) | Told::Alive(socket) => self.alive(socket),
            Told::Closed { socket, code, reason } => self.ended(socket, Some((code, reason))),
            Told::Broken(socket) => self.ended(socket, None),
            Told::Answer { request, answer } => self.answered(request, answer),
            Told::Settled { token, outcome } => self.settled(token, outcome),
            Told::Consumer(present) => self.consumer = present,
            Told::Sent { .. } if self.makes(Mistake::OwnSendsLeaveGaps) => {}
            Told::Sent { conversation, seq } => self.see(&format!("c{conversation}"), seq),
            Told::Typing { conversation } => self.typing(conversation),
            Told::Drain => self.drain_wanted(),
            Told::Close => self.close(),
            Told::Timeout => {}
        }
        if self.running {
            self.timeout();
            self.work();
        }
    }

    fn wish(&mut self) -> Wish {
        if let Some(wish) = self.wishes.pop_front() {
            return wish;
        }
        if self.finished {
            return Wish::Finished;
        }
        let lanes = self.lanes.values().flat_map(|lane| [lane.gap_at.filter(|_| !self.holding), lane.waiting]);
        let others = [self.closing, self.deadline, self.ping_at, self.reconnect_at, self.hold_until];
        let wake = lanes.chain(others).flatten().chain(self.retry_at.values().copied()).min();
        Wish::Idle { wake: wake.filter(|_| self.running), read: self.reads() }
    }

    fn is_live(&self) -> bool {
        self.greeted.is_some() && !self.draining
    }

    fn is_greeted(&self) -> bool {
        self.greeted.is_some() && self.closing.is_none()
    }

    fn checkpoint(&self) -> Option<()> {
        None
    }

    fn buffered(&self) -> (usize, usize) {
        (self.open.len() + self.lanes.values().map(Lane::waiting_items).sum::<usize>(), 0)
    }

    fn is_full(&self) -> bool {
        self.knobs.is_small()
    }
}
