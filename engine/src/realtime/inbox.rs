//! What is known between arrival and settlement, and the offers: one a conversation at a time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::cursor::CursorLog;
use super::delivery::{Delivery, DeliveryBody, DeliveryToken};
use super::entry::Entry;
use super::event::Event;
use super::history::Question;
use super::intake::Fullness;
use super::lane::Lane;
use super::lanes::{LaneKey, Lanes};
use super::ledger::Ledger;
use super::load::Load;
use super::options::SessionOptions;
use super::outbox::Outbox;
use crate::limits;
use crate::time::Mono;
use crate::types::{ConversationId, Handle, Row};

/// Everything between the wire and the application that does not care which connection is up.
#[derive(Debug)]
pub(super) struct Inbox {
    pub(super) lanes: Lanes,
    pub(super) in_flight: BTreeMap<DeliveryToken, (LaneKey, Entry)>,
    pub(super) held: BTreeSet<LaneKey>,
    pub(super) holding: bool,
    /// Questions to history.
    pub(super) wanted: VecDeque<Question>,
    /// Whether a connection of this session, or of the one it goes on from, took no acks: what was pushed counts as
    /// delivered, whatever became of it.
    pub(super) legacy: bool,
    /// Whether this session goes on from another, which may have settled more than its checkpoint says.
    pub(super) resumed: bool,
    /// Whether history has shown something that a drain is to bring, or cannot be asked.
    pub(super) drain_wanted: bool,
    /// Whether something was given up that has to be fetched while the connection lives.
    pub(super) heals: bool,
    /// Whether the drain that is under way is to be followed by another: it may have asked too early for a message that
    /// came over the socket meanwhile and had no room.
    pub(super) left_to_drain: bool,
    /// Drains that have begun.
    pub(super) drains: u64,
    /// When the last one began.
    pub(super) drain_began: Mono,
    pub(super) ledger: Ledger,
    pub(super) cursor: CursorLog,
    pub(super) acks: Outbox,
    pub(super) events: VecDeque<Event>,
    pub(super) own: Option<Handle>,
    /// Counts arrivals, offers and idle stamps alike.
    counter: u64,
    pub(super) load: Load,
    /// Messages settled for good.
    pub(super) settled: u64,
    /// Those of them that were discarded.
    pub(super) discarded: u64,
    pub(super) options: SessionOptions,
}

impl Inbox {
    pub(super) fn new(options: SessionOptions) -> Self {
        // At least as many as can be unacked.
        let ids = limits::HANDLED_IDS.max(options.buffered_messages.saturating_mul(2));
        Self {
            lanes: Lanes::new(),
            in_flight: BTreeMap::new(),
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
            ledger: Ledger::new(ids),
            cursor: CursorLog::new(ids),
            acks: Outbox::new(ids),
            events: VecDeque::new(),
            own: options.own_handle.clone(),
            counter: 0,
            load: Load::new(&options),
            settled: 0,
            discarded: 0,
            options,
        }
    }

    /// A message of our own was stored.
    pub(super) fn sent(&mut self, conversation_id: ConversationId, seq: u64) {
        self.see(LaneKey::Conversation(conversation_id), Some(seq));
    }

    /// A new drain begins.
    pub(super) fn restart_drain(&mut self, now: Mono) {
        self.cursor.restart();
        self.drains = self.drains.saturating_add(1);
        self.drain_began = now;
        self.left_to_drain = false;
    }

    /// How full the buffers are. While live messages wait for a drain they take less of the room, or the drain would have
    /// none for its pages.
    pub(super) fn fullness(&self) -> Fullness {
        let crowded = self.lanes.is_crowded(self.holding);
        let (full, room) = if self.holding {
            (self.load.reaches(4), !self.load.reaches(3))
        } else {
            (self.load.reaches(8), self.load.has_quarter_free())
        };
        Fullness { nearly_full: crowded || full, has_room: room }
    }

    /// The next delivery, if one may be made.
    pub(super) fn offer(&mut self) -> Option<Delivery> {
        while self.in_flight.len() < self.options.max_in_flight {
            let key = self.lanes.take_ready()?;
            let Some((mut entry, late)) = self.lanes.get_mut(&key).and_then(Lane::offer) else { continue };
            if matches!(&entry.body, DeliveryBody::Message(row) if self.is_own(row)) {
                self.drop_own(&key, entry);
                continue;
            }
            if let DeliveryBody::Message(row) = &entry.body
                && !self.options.system_events
                && row.is_system_event()
            {
                self.events.push_back(Event::System { row: row.clone() });
                self.settle_unoffered(&key, entry);
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
            let token = DeliveryToken(self.count());
            let (attempt, origin, body) = (entry.attempts, entry.origin, entry.body.clone());
            self.in_flight.insert(token, (key, entry));
            return Some(Delivery { token, attempt, late, origin, body });
        }
        None
    }

    /// Gap windows and waits that are over.
    pub(super) fn timeout(&mut self, now: Mono) {
        while let Some(lane) = self.lanes.take_redelivery_due(now) {
            self.tidy(&lane);
        }
        self.time_out_gaps(now);
    }

    /// When [`timeout`](Self::timeout) has something to do.
    pub(super) fn wake(&self) -> Option<Mono> {
        let gap = self.lanes.next_gap().filter(|_| !self.holding);
        gap.into_iter().chain(self.lanes.next_redelivery()).min()
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    pub(super) fn is_own(&self, row: &Row) -> bool {
        !self.options.echo && self.own.is_some() && row.header().sender == self.own
    }

    /// Whether own messages can be told from others. Until then history, which has both, is not asked.
    pub(super) fn knows_own(&self) -> bool {
        self.options.echo || self.own.is_some()
    }

    pub(super) fn see(&mut self, lane: LaneKey, seq: Option<u64>) {
        if let Some(seq) = seq {
            self.lanes.open(&lane).see(seq);
            self.tidy(&lane);
        }
    }

    pub(super) fn count(&mut self) -> u64 {
        self.counter = self.counter.saturating_add(1);
        self.counter
    }

    /// After any change of a lane: the lists that it stands in. The marks of the conversations that were quiet longest are
    /// forgotten; they anchor anew.
    pub(super) fn tidy(&mut self, key: &LaneKey) {
        let stamp = self.count();
        self.lanes.tidy(key, stamp, &self.options);
        while let Some(forgotten) = self.lanes.forget_quietest() {
            if let LaneKey::Conversation(conversation_id) = forgotten {
                self.events.push_back(Event::MarkForgotten { conversation_id });
            }
        }
    }
}
