//! What nobody has, although it came or its place was seen: shed, given up, missing, or lost with a process. A platform that
//! takes acks still has it stored, and a drain brings it. One that does not counts it as delivered, also what was stored
//! before, as soon as it has written it to a socket: then only history has it.

use super::delivery::{DeliveryBody, Origin};
use super::entry::{bytes, seq};
use super::event::{Event, SeqRange};
use super::history::{Placed, Purpose, Question, in_order};
use super::inbox::Inbox;
use super::lane::Lane;
use super::lanes::LaneKey;
use super::ledger::{Key, Known};
use super::seq_set::SeqSet;
use crate::limits;
use crate::time::Mono;
use crate::types::{ConversationId, Row, SyncRow};

impl Inbox {
    /// There is no room for a live message. It is not acked, so the platform brings it again, if it takes acks.
    pub(super) fn shed(&mut self, lane: &LaneKey, body: &DeliveryBody) {
        self.events.extend(self.load.shed(bytes(body)).map(|dropped| Event::Shed { dropped }));
        let Some(seq) = seq(body) else { return };
        let holding = self.holding;
        let shed = self.lanes.open(lane);
        if !holding {
            // What follows it has to wait for it.
            shed.next.get_or_insert(seq);
        }
        self.owe_seq(lane, Some(seq));
    }

    /// One message may not come again by itself; without a seq that cannot be remembered.
    pub(super) fn owe_seq(&mut self, lane: &LaneKey, seq: Option<u64>) {
        if let Some(seq) = seq {
            self.owe(lane, &[SeqRange { first: seq, last: seq }]);
        }
        self.tidy(lane);
    }

    /// These may not come again by themselves.
    pub(super) fn owe(&mut self, lane: &LaneKey, ranges: &[SeqRange]) {
        if ranges.is_empty() {
            return;
        }
        let (drains, by_history) = (self.drains, self.heals_by_history());
        let Some(owing) = self.lanes.get_mut(lane) else { return };
        owing.owed_since = drains;
        for range in ranges {
            owing.owe(*range, by_history);
        }
        self.tidy(lane);
    }

    /// Only history can have these: it is asked at once.
    pub(super) fn fetch(&mut self, lane: &LaneKey, ranges: &[SeqRange]) {
        if ranges.is_empty() {
            return;
        }
        self.owe(lane, ranges);
        // Without the own handle: when it is known.
        if !self.knows_own() {
            return;
        }
        if let (Some(owing), LaneKey::Conversation(id)) = (self.lanes.get_mut(lane), lane) {
            self.wanted.extend(owing.retrieve(id));
        }
    }

    /// A drain has brought all that is stored. Of what was owed when it began nothing is left, unless the platform counts it
    /// as delivered.
    pub(super) fn drained_all(&mut self, now: Mono) {
        if self.legacy {
            return;
        }
        self.close_drained_gaps(now);
        for key in self.lanes.owing() {
            if let Some(lane) = self.lanes.get_mut(&key).filter(|lane| lane.owed_since < self.drains) {
                lane.owed = SeqSet::default();
                self.tidy(&key);
            }
        }
    }

    /// Whether what is missing has to be asked of history, because no drain brings it.
    pub(super) fn heals_by_history(&self) -> bool {
        self.legacy || !self.options.drain && self.options.fill
    }

    /// Asks history for all that is owed, unless a drain brings it.
    pub(super) fn retrieve(&mut self) {
        if !self.heals_by_history() || !self.knows_own() {
            return;
        }
        for key in self.lanes.owing() {
            if let (Some(lane), LaneKey::Conversation(id)) = (self.lanes.get_mut(&key), &key) {
                self.wanted.extend(lane.retrieve(id));
            }
        }
    }

    /// An answer of history. Of its rows only those that are owed are taken: the others were here before, or are coming.
    pub(super) fn retrieved(&mut self, now: Mono, conversation_id: ConversationId, rows: Vec<SyncRow>) {
        let key = LaneKey::Conversation(conversation_id.clone());
        let Some(asked) = self.lanes.get_mut(&key).and_then(|lane| lane.retrieving.take()) else { return };
        let empty = rows.is_empty();
        let Placed { messages: rows, unreadable } = in_order(rows, &conversation_id);
        let reached = reach(asked.first, &rows);
        // The first one that there is no room for: it and the rest stay owed, and are asked for when there is.
        let mut no_room: Option<u64> = None;
        for (seq, row) in unreadable {
            let owed = self.lanes.get(&key).is_some_and(|lane| lane.owed.contains(seq));
            if owed && !self.unreadable_in_history(row) {
                no_room = Some(no_room.map_or(seq, |first| first.min(seq)));
            } else if let Some(lane) = self.lanes.get_mut(&key) {
                lane.came(seq);
            }
        }
        if reached.is_none() && !empty {
            // No place to go on from: what is still owed is asked again with the next drain.
            return self.tidy(&key);
        }
        // An empty page, or one that leads nowhere, says that nothing of what was asked for is left. What has become owed
        // meanwhile stays so.
        let reached = reached.filter(|reached| *reached >= asked.first);
        let last = reached.map_or(asked.last, |reached| reached.min(asked.last));
        let answered = SeqRange { last: no_room.map_or(last, |seq| last.min(seq.saturating_sub(1))), ..asked };
        for (seq, row) in rows {
            let (own, holding) = (self.is_own(&row), self.holding);
            let Some(lane) = self.lanes.get_mut(&key) else { return };
            if !lane.owed.contains(seq) || !(answered.first..=answered.last).contains(&seq) {
                continue;
            }
            let body = DeliveryBody::Message(row);
            let id = Key::of(&body);
            match self.ledger.look(&id) {
                _ if own => lane.see(seq),
                Some(Known::Done) => lane.see(seq),
                Some(Known::Pending | Known::GaveUp { last: true, .. }) => {}
                Some(Known::GaveUp { last: false, .. }) | None if !self.load.fits(bytes(&body)) => {
                    // The rest stays owed, and is asked for when there is room.
                    self.load.fetch_later(bytes(&body));
                    lane.owed.remove(SeqRange { last: seq.saturating_sub(1), ..answered });
                    return self.tidy(&key);
                }
                Some(Known::GaveUp { last: false, .. }) | None => {
                    let arrival = self.count();
                    let entry = self.enter(id, body, Origin::Fill);
                    let Some(lane) = self.lanes.get_mut(&key) else { return };
                    lane.admit(entry, arrival, now, holding);
                    if holding {
                        self.held.insert(key.clone());
                    }
                }
            }
        }
        if let Some(lane) = self.lanes.get_mut(&key) {
            lane.owed.remove(answered);
            if no_room.is_none() {
                self.wanted.extend(lane.retrieve(&conversation_id));
            }
        }
        self.relieve(now, &key);
        self.tidy(&key);
    }

    /// The platform refuses the conversation's history: nothing is owed there any more.
    pub(super) fn retrieval_refused(&mut self, conversation_id: &ConversationId) {
        let key = LaneKey::Conversation(conversation_id.clone());
        if let Some(lane) = self.lanes.get_mut(&key) {
            lane.retrieving = None;
            lane.owed = SeqSet::default();
            self.tidy(&key);
        }
    }

    /// A question is over, whatever came of it.
    pub(super) fn retrieval_ended(&mut self, conversation_id: &ConversationId) {
        if let Some(lane) = self.lanes.get_mut(&LaneKey::Conversation(conversation_id.clone())) {
            lane.retrieving = None;
        }
    }
}

/// How far rows reach from a seq on. One beyond belief would speak for all that is below it, and may itself be owed: it
/// is asked for when nothing else is.
fn reach(from: u64, rows: &[(u64, Row)]) -> Option<u64> {
    let reached = rows.iter().scan(from, |reached, (seq, _)| {
        let believed = seq.saturating_sub(*reached) <= limits::PLAUSIBLE_JUMP;
        *reached = (*reached).max(*seq);
        believed.then_some(*seq)
    });
    reached.last()
}

impl Lane {
    /// A message is not here and may not come again. What only history has is never forgotten: over the bound, more is asked
    /// for. What the platform has stored may be.
    pub(super) fn owe(&mut self, range: SeqRange, by_history: bool) {
        if by_history {
            self.owed.cover(range, limits::SEQ_RANGES);
        } else {
            self.owed.insert_range(range, limits::SEQ_RANGES);
        }
    }

    /// Whether it is known of all of these that they may not come again by themselves.
    pub(super) fn is_all_owed(&self, ranges: &[SeqRange]) -> bool {
        ranges.iter().all(|range| self.owed.missing(range.first, range.last).is_empty())
    }

    /// A message is here.
    pub(super) fn came(&mut self, seq: u64) {
        self.owed.remove(SeqRange { first: seq, last: seq });
    }

    /// The question for what is owed, unless it is being asked.
    fn retrieve(&mut self, id: &ConversationId) -> Option<Question> {
        let asked = SeqRange { first: self.owed.first()?, last: self.owed.last()? };
        if self.retrieving.is_some() {
            return None;
        }
        self.retrieving = Some(asked);
        let (conversation_id, after) = (id.clone(), asked.first.saturating_sub(1));
        Some(Question { conversation_id, purpose: Purpose::Owed, after })
    }
}
