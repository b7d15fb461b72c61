//! From arrival to settlement: dedup before order, order before offer, one offer a conversation at a time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::cursor::CursorLog;
use super::delivery::{Delivery, DeliveryBody, DeliveryToken, Origin};
use super::event::{Event, GapReason};
use super::history::{Purpose, Question};
use super::lane::{self, Admitted, Entry, Hole, Lane, bytes};
use super::ledger::{Key, Known, Ledger};
use super::load::Load;
use super::options::SessionOptions;
use super::outbox::Outbox;
use super::schedule::Schedule;
use crate::limits;
use crate::time::Mono;
use crate::types::{ConversationId, Handle, MessageId, Row, SyncRow, Unreadable};

/// What is ordered together: a conversation, or a row that has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LaneKey {
    Conversation(ConversationId),
    Stray(Key),
}

/// Everything between the wire and the application that does not care which connection is up.
#[derive(Debug)]
pub(super) struct Inbox {
    pub(super) lanes: BTreeMap<LaneKey, Lane>,
    pub(super) idle: BTreeMap<u64, LaneKey>,
    pub(super) ready: VecDeque<LaneKey>,
    pub(super) in_flight: BTreeMap<DeliveryToken, (LaneKey, Entry)>,
    pub(super) gaps: Schedule<LaneKey>,
    pub(super) redeliveries: Schedule<LaneKey>,
    pub(super) held: BTreeSet<LaneKey>,
    pub(super) holding: bool,
    /// Questions to history.
    pub(super) wanted: VecDeque<Question>,
    /// Lanes that have something owed.
    pub(super) owing: BTreeSet<LaneKey>,
    /// Whether a connection of this session, or of the one it goes on from, took no acks: what was pushed counts as
    /// delivered, whatever became of it.
    pub(super) legacy: bool,
    /// Drains that have begun.
    pub(super) drains: u64,
    pub(super) ledger: Ledger,
    pub(super) cursor: CursorLog,
    pub(super) acks: Outbox,
    pub(super) events: VecDeque<Event>,
    pub(super) own: Option<Handle>,
    /// Counts arrivals, offers and idle stamps alike.
    pub(super) counter: u64,
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
            lanes: BTreeMap::new(),
            idle: BTreeMap::new(),
            ready: VecDeque::new(),
            in_flight: BTreeMap::new(),
            gaps: Schedule::new(),
            redeliveries: Schedule::new(),
            held: BTreeSet::new(),
            holding: false,
            wanted: VecDeque::new(),
            owing: BTreeSet::new(),
            legacy: false,
            drains: 0,
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

    /// A message that came over the socket.
    pub(super) fn live(&mut self, now: Mono, row: Row) {
        let lane = LaneKey::Conversation(row.header().conversation_id.clone());
        if self.is_own(&row) {
            return self.see(lane, row.header().seq);
        }
        let body = DeliveryBody::Message(row);
        let key = Key::of(&body);
        match self.ledger.look(&key) {
            Some(Known::Pending) => return,
            Some(Known::Done) => return self.acknowledge(&key),
            Some(Known::GaveUp { last: true, .. }) => return,
            Some(Known::GaveUp { last: false, .. }) | None => {}
        }
        let crowded = self.holding
            && self.lanes.get(&lane).is_some_and(|lane| lane.early_len() >= limits::EARLY_PER_CONVERSATION);
        if crowded || !self.load.fits(bytes(&body)) {
            return self.shed(&lane, &body);
        }
        let (holding, arrival) = (self.holding, self.count());
        let entry = self.enter(key, body, Origin::Live);
        let (message_id, seq) = (entry.key.message_id().cloned(), entry.seq());
        match self.lanes.entry(lane.clone()).or_default().admit(entry, arrival, now, holding) {
            Admitted::Queued => {}
            Admitted::Early if holding => {
                self.held.insert(lane.clone());
            }
            Admitted::Early => self.relieve(now, &lane),
            Admitted::Implausible { expected } => self.implausible(&lane, message_id, seq, expected),
        }
        self.tidy(&lane);
    }

    /// A row of the drain; how many bytes it needs if there is no room for it, and then nothing has changed.
    pub(super) fn drained(&mut self, row: SyncRow) -> Result<(), usize> {
        let delivery_id = row.delivery_id().cloned();
        let (lane, body) = match row {
            SyncRow::Message(row) => {
                let lane = LaneKey::Conversation(row.header().conversation_id.clone());
                if self.is_own(&row) {
                    self.cursor.push(None, delivery_id);
                    self.cursor.advance(&self.ledger);
                    self.see(lane, row.header().seq);
                    return Ok(());
                }
                (lane, DeliveryBody::Message(row))
            }
            SyncRow::Unreadable(unreadable) => {
                let body = DeliveryBody::Unreadable(unreadable);
                (LaneKey::Stray(Key::of(&body)), body)
            }
        };
        let key = Key::of(&body);
        let (seq, bytes) = (lane::seq(&body), bytes(&body));
        let known = self.ledger.look(&key);
        if matches!(known, None | Some(Known::GaveUp { last: false, .. })) && !self.load.fits(bytes) {
            return Err(bytes);
        }
        self.cursor.push(Some(key.clone()), delivery_id);
        match known {
            Some(Known::Pending) => self.lanes.entry(lane.clone()).or_default().reached_by_drain(&key, seq),
            Some(Known::Done) => {
                self.acknowledge(&key);
                self.lanes.entry(lane.clone()).or_default().settled_by_drain(seq);
            }
            Some(Known::GaveUp { last: true, .. }) => {}
            Some(Known::GaveUp { last: false, .. }) | None => {
                let arrival = self.count();
                let entry = self.enter(key, body, Origin::Drain);
                let (message_id, seq) = (entry.key.message_id().cloned(), entry.seq());
                let admitted = self.lanes.entry(lane.clone()).or_default().admit_drained(entry, arrival);
                if let Admitted::Implausible { expected } = admitted {
                    self.implausible(&lane, message_id, seq, expected);
                }
            }
        }
        self.tidy(&lane);
        Ok(())
    }

    /// A live message that cannot be read, from a platform that will not bring it again.
    pub(super) fn live_unreadable(&mut self, unreadable: Unreadable) {
        let body = DeliveryBody::Unreadable(unreadable);
        let key = Key::of(&body);
        let lane = LaneKey::Stray(key.clone());
        if self.ledger.look(&key).is_some() {
            return;
        }
        if !self.load.fits(bytes(&body)) {
            return self.shed(&lane, &body);
        }
        let arrival = self.count();
        let entry = self.enter(key, body, Origin::Live);
        self.lanes.entry(lane.clone()).or_default().admit_drained(entry, arrival);
        self.tidy(&lane);
    }

    fn implausible(&mut self, lane: &LaneKey, message_id: Option<MessageId>, seq: Option<u64>, expected: u64) {
        if let (Some(message_id), Some(seq), LaneKey::Conversation(conversation_id)) = (message_id, seq, lane) {
            let conversation_id = conversation_id.clone();
            self.events.push_back(Event::ImplausibleSeq { message_id, conversation_id, seq, expected });
        }
    }

    /// A message of our own was stored.
    pub(super) fn sent(&mut self, conversation_id: ConversationId, seq: u64) {
        self.see(LaneKey::Conversation(conversation_id), Some(seq));
    }

    /// From now on live messages that are ahead wait for the drain.
    pub(super) fn hold(&mut self) {
        self.holding = true;
    }

    /// The drain has ended or taken too long: what was held goes out in order.
    pub(super) fn release(&mut self, now: Mono) {
        self.holding = false;
        for lane in core::mem::take(&mut self.held) {
            let far = self.lanes.get_mut(&lane).map(|held| held.release_held(now)).unwrap_or_default();
            for (message_id, seq, expected) in far {
                self.implausible(&lane, message_id, Some(seq), expected);
            }
            self.relieve(now, &lane);
            self.tidy(&lane);
        }
    }

    /// A new drain begins.
    pub(super) fn restart_drain(&mut self) {
        self.cursor.restart();
        self.drains = self.drains.saturating_add(1);
    }

    /// The next delivery, if one may be made.
    pub(super) fn offer(&mut self) -> Option<Delivery> {
        while self.in_flight.len() < self.options.max_in_flight {
            let key = self.ready.pop_front()?;
            let Some(lane) = self.lanes.get_mut(&key) else { continue };
            lane.listed = false;
            let Some((mut entry, late)) = lane.offer() else { continue };
            if matches!(&entry.body, DeliveryBody::Message(row) if self.is_own(row)) {
                self.drop_own(&key, entry);
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
        while let Some(lane) = self.redeliveries.take_due(now) {
            if let Some(waiting) = self.lanes.get_mut(&lane) {
                waiting.waiting = None;
            }
            self.tidy(&lane);
        }
        // While a drain may still bring what is missing, no hole is given up.
        while !self.holding
            && let Some(key) = self.gaps.take_due(now)
        {
            let Some(lane) = self.lanes.get_mut(&key) else { continue };
            lane.scheduled = None;
            if lane.filling.is_some() {
                // History takes too long: the others have waited for its answer long enough.
                self.tidy(&key);
                if let LaneKey::Conversation(id) = key {
                    self.fill_gave_up(now, id, GapReason::FillFailed);
                }
                continue;
            }
            let asks = self.options.fill && (self.options.echo || self.own.is_some());
            match (&key, asks) {
                (_, true) if lane.unanswered => {
                    let hole = lane.give_up_hole();
                    self.gave_up_hole(now, &key, hole, GapReason::FillFailed);
                }
                (LaneKey::Conversation(id), true) if self.load.fits(0) => {
                    let question = |after| Question { conversation_id: id.clone(), purpose: Purpose::Gap, after };
                    self.wanted.extend(lane.begin_fill(now).map(question));
                }
                (_, true) => {
                    let hole = lane.give_up_hole();
                    self.load.fetch_later(0);
                    self.gave_up_hole(now, &key, hole, GapReason::Overflow);
                }
                _ => {
                    let hole = lane.give_up_hole();
                    self.gave_up_hole(now, &key, hole, GapReason::FillUnavailable);
                }
            }
            self.tidy(&key);
        }
    }

    /// When [`timeout`](Self::timeout) has something to do.
    pub(super) fn wake(&self) -> Option<Mono> {
        let gap = self.gaps.next().filter(|_| !self.holding);
        gap.into_iter().chain(self.redeliveries.next()).min()
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
            self.lanes.entry(lane.clone()).or_default().see(seq);
            self.tidy(&lane);
        }
    }

    pub(super) fn count(&mut self) -> u64 {
        self.counter = self.counter.saturating_add(1);
        self.counter
    }

    pub(super) fn enter(&mut self, key: Key, body: DeliveryBody, origin: Origin) -> Entry {
        let mut attempts = 0;
        if let Some(Known::GaveUp { attempts: before, .. }) = self.ledger.look(&key) {
            attempts = before;
        }
        let entry = Entry { key: key.clone(), body, origin, attempts, failures: 0 };
        self.ledger.note(key, Known::Pending);
        self.load.enter(entry.bytes());
        entry
    }

    /// Too many early messages in one conversation: its holes are given up.
    pub(super) fn relieve(&mut self, now: Mono, lane: &LaneKey) {
        while self.lanes.get(lane).is_some_and(|l| l.early_len() > limits::EARLY_PER_CONVERSATION) {
            let hole = self.lanes.get_mut(lane).and_then(Lane::give_up_hole);
            if hole.is_none() {
                break;
            }
            self.gave_up_hole(now, lane, hole, GapReason::Overflow);
        }
    }

    pub(super) fn gave_up_hole(&mut self, now: Mono, lane: &LaneKey, hole: Option<Hole>, reason: GapReason) {
        let (Some(hole), LaneKey::Conversation(conversation_id)) = (hole, lane) else { return };
        self.owe(lane, &hole.missing);
        self.events.push_back(Event::SequenceGap {
            conversation_id: conversation_id.clone(),
            expected: hole.expected,
            filled: Vec::new(),
            absent: Vec::new(),
            recovered: hole.missing.is_empty(),
            missing: hole.missing,
            waited: now.saturating_since(hole.noticed),
            reason,
        });
    }

    /// After any change of a lane: the lists that it stands in.
    pub(super) fn tidy(&mut self, key: &LaneKey) {
        let stamp = self.count();
        let Some(lane) = self.lanes.get_mut(key) else { return };
        if lane.may_offer() && !lane.listed {
            lane.listed = true;
            self.ready.push_back(key.clone());
        }
        let window = if lane.unanswered { self.options.gap_window } else { self.options.fill_window() };
        let asked = lane.filling.as_ref().map(|filling| filling.began + limits::FILL_PATIENCE);
        let deadline = asked.or_else(|| lane.gap().map(|noticed| noticed + window));
        if deadline != lane.scheduled {
            if let Some(old) = lane.scheduled {
                self.gaps.remove(old, key);
            }
            if let Some(new) = deadline {
                self.gaps.add(new, key.clone());
            }
            lane.scheduled = deadline;
        }
        if lane.owed.is_empty() {
            self.owing.remove(key);
        } else {
            self.owing.insert(key.clone());
        }
        if let Some(old) = lane.idle_stamp.take() {
            self.idle.remove(&old);
        }
        if lane.is_blank() {
            self.lanes.remove(key);
        } else if lane.is_idle() {
            lane.idle_stamp = Some(stamp);
            self.idle.insert(stamp, key.clone());
            self.forget_marks();
        }
    }

    /// The marks of the conversations that were quiet longest are forgotten; they anchor anew.
    fn forget_marks(&mut self) {
        while self.idle.len() > limits::MARKS {
            let Some((_, key)) = self.idle.pop_first() else { break };
            self.lanes.remove(&key);
            self.owing.remove(&key);
            if let LaneKey::Conversation(conversation_id) = key {
                self.events.push_back(Event::MarkForgotten { conversation_id });
            }
        }
    }
}
