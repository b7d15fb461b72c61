//! What is known between arrival and settlement, and the offers: one a conversation at a time.
//!
//! Whatever brings a message, the socket, a drain or history, brings it here; first it is seen whether it was here before, then
//! whether it is its turn (`order`), then whether there is room (`buffer_budget`). The session takes offers, events, acks and
//! questions to history out (`interface`). It never asks the platform anything itself and never looks at the connection.
//!
//! There are two reasons to ask history: a gap (`gaps` asks, `gap_answer` takes the answer), and messages that are missing
//! (`missing` asks, `missing_answer` takes the answer). A third is another `Purpose` in `history_question`; a frame that
//! is its cause is recognised in `connection::frame` and acted on in `session/incoming`. The session makes the calls in
//! `session/history_calls`, and breaks them off in `session/lifecycle`.

mod admit;
mod buffer_budget;
mod gap_answer;
mod gaps;
mod history_question;
mod in_flight;
mod interface;
mod missing;
mod missing_answer;
mod order;
mod settle;
mod snapshot;
mod stepped_over;

pub use buffer_budget::Buffered;
pub(in crate::realtime) use history_question::{Purpose, Question};

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use self::buffer_budget::BufferBudget;
use self::in_flight::InFlight;
use self::order::{Conversations, OrderKey};
use crate::hash_key::HashKey;
use crate::limits;
use crate::realtime::acks::{CursorLog, Dedup, Outbox};
use crate::realtime::delivery::{Delivery, DeliveryBody, DeliveryToken};
use crate::realtime::event::Event;
use crate::realtime::options::SessionOptions;
use crate::time::Mono;
use crate::types::{ConversationId, Handle, Row};

/// How full the buffers are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fullness {
    /// There is hardly any room left.
    pub(super) nearly_full: bool,
    /// There is room enough to read on.
    pub(super) has_room: bool,
}

/// Everything between the wire and the application that does not care which connection is up.
#[derive(Debug)]
pub(super) struct Inbox {
    conversations: Conversations,
    in_flight: InFlight,
    held: BTreeSet<OrderKey>,
    holding: bool,
    /// Questions to history.
    wanted: VecDeque<Question>,
    /// Whether a connection of this session, or of the one it goes on from, took no acks: what was pushed counts as
    /// delivered, whatever became of it.
    legacy: bool,
    /// Whether this session goes on from another, which may have settled more than its checkpoint says.
    resumed: bool,
    /// Whether history has shown something that a drain is to bring, or cannot be asked.
    drain_wanted: bool,
    /// Whether something was given up that has to be fetched while the connection lives.
    heals: bool,
    /// Whether the drain that is under way is to be followed by another: it may have asked too early for a message that
    /// came over the socket meanwhile and had no room.
    left_to_drain: bool,
    /// Drains that have begun.
    drains: u64,
    /// When the last one began.
    drain_began: Mono,
    dedup: Dedup,
    cursor: CursorLog,
    acks: Outbox,
    events: VecDeque<Event>,
    own: Option<Handle>,
    /// Messages that have arrived, by which those of one seq are told apart.
    arrivals: u64,
    /// Deliveries made so far, by which they are named.
    offers: u64,
    budget: BufferBudget,
    /// Deliveries that were handled.
    handled: u64,
    /// Deliveries that failed.
    failed: u64,
    /// Messages settled for good.
    settled: u64,
    /// Those of them that were discarded.
    discarded: u64,
    options: Arc<SessionOptions>,
}

impl Inbox {
    pub(super) fn new(options: Arc<SessionOptions>, hash_key: HashKey) -> Self {
        // At least as many as can be unacked.
        let ids = limits::HANDLED_IDS.max(options.buffered_messages.saturating_mul(2));
        Self {
            conversations: Conversations::new(&options, hash_key),
            in_flight: InFlight::default(),
            held: BTreeSet::new(),
            holding: false,
            wanted: VecDeque::new(),
            legacy: false,
            resumed: false,
            drain_wanted: false,
            heals: false,
            left_to_drain: false,
            drains: 0,
            drain_began: Mono::default(),
            dedup: Dedup::new(ids, hash_key),
            cursor: CursorLog::new(ids, hash_key),
            acks: Outbox::new(ids, hash_key),
            events: VecDeque::new(),
            own: options.own_handle.clone(),
            arrivals: 0,
            offers: 0,
            budget: BufferBudget::new(&options),
            handled: 0,
            failed: 0,
            settled: 0,
            discarded: 0,
            options,
        }
    }

    /// A message of our own was stored.
    pub(super) fn sent(&mut self, conversation_id: ConversationId, seq: u64) {
        self.see(OrderKey::Conversation(conversation_id), Some(seq));
    }

    /// A new drain begins.
    pub(super) fn restart_drain(&mut self, now: Mono) {
        self.cursor.restart();
        self.drains = self.drains.saturating_add(1);
        self.drain_began = now;
        self.left_to_drain = false;
    }

    /// The next delivery, if one may be made.
    pub(super) fn offer(&mut self) -> Option<Delivery> {
        let limit = self.options.max_in_flight_per_conversation;
        while self.in_flight.len() < self.options.max_in_flight {
            let slot = self.conversations.take_ready()?;
            let offer = self.conversations.at(slot).and_then(|mut conversation| conversation.offer(limit));
            let Some((mut entry, late)) = offer else { continue };
            if matches!(&entry.body, DeliveryBody::Message(row) if self.is_own(row)) {
                self.drop_own(slot, entry);
                continue;
            }
            if let DeliveryBody::Message(row) = &entry.body
                && !self.options.system_events
                && row.is_system_event()
            {
                self.events.push_back(Event::System { row: row.clone() });
                self.done(slot, entry);
                continue;
            }
            if let (true, 0, DeliveryBody::Message(row)) = (late, entry.failures, &entry.body) {
                let header = row.header();
                self.events.push_back(Event::Late {
                    message_id: header.id.clone(),
                    conversation_id: header.conversation_id.clone(),
                    seq: header.seq.unwrap_or_default(),
                });
            }
            entry.attempts = entry.attempts.saturating_add(1);
            self.offers = self.offers.saturating_add(1);
            let token = DeliveryToken(self.offers);
            let (attempt, origin, body) = (entry.attempts, entry.origin, entry.body.clone());
            self.in_flight.add(token, slot, entry);
            return Some(Delivery { token, attempt, late, origin, body });
        }
        None
    }

    /// Gap windows and waits that are over.
    pub(super) fn timeout(&mut self, now: Mono) {
        self.conversations.redeliver_due(now);
        self.time_out_gaps(now);
    }

    /// When [`timeout`](Self::timeout) has something to do.
    pub(super) fn wake(&self) -> Option<Mono> {
        let gap = self.conversations.next_gap().filter(|_| !self.holding);
        gap.into_iter().chain(self.conversations.next_redelivery()).min()
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    fn is_own(&self, row: &Row) -> bool {
        !self.options.echo && self.own.is_some() && row.header().sender == self.own
    }

    /// Whether own messages can be told from others. Until then history, which has both, is not asked.
    fn knows_own(&self) -> bool {
        self.options.echo || self.own.is_some()
    }

    fn see(&mut self, conversation: OrderKey, seq: Option<u64>) {
        if let Some(seq) = seq {
            self.conversations.open(&conversation).see(seq);
        }
    }

    /// The number of another arrival.
    fn arrival(&mut self) -> u64 {
        self.arrivals = self.arrivals.saturating_add(1);
        self.arrivals
    }
}
