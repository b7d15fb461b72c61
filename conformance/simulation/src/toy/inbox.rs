//! What a message goes through in the toy: dedup, order, offers, settling, acks.

use std::time::Duration;

use super::super::client::{Note, Offer, Outcome, Wish};
use super::lane::{Item, Lane};
use super::row::Row;
use super::{Known, Mistake, SECOND, Toy};

/// A seq so far above the mark is not believed.
pub(super) const PLAUSIBLE: u64 = 10_000;

/// How long a gap is waited for.
pub(super) const WINDOW: u64 = 2 * SECOND;

impl Toy {
    pub(super) fn live(&mut self, row: &Row) {
        let Some(conversation) = row.conversation.clone() else {
            // A drain brings it, if there are drains and the platform takes acks.
            if !self.knobs.drain || self.greeted == Some(false) {
                self.stray(row);
            }
            return;
        };
        if self.is_own(row) {
            return row.seq.map_or((), |seq| self.see(&conversation, seq));
        }
        let mark = self.lanes.get(&conversation).and_then(|lane| lane.next);
        let below = row.seq.is_some_and(|seq| mark.is_some_and(|mark| seq < mark));
        if below && self.makes(Mistake::BelowIsDropped) {
            return;
        }
        if self.makes(Mistake::ReadsOnWhenFull) && !self.has_room() {
            self.shed = true;
            return;
        }
        match self.known.get(&row.id) {
            Some(Known::Pending { .. }) => {}
            Some(Known::Done) => self.acknowledge(&row.id, row.has_id),
            Some(Known::GaveUp { last: true, .. }) => {}
            _ => self.admit(&conversation, row),
        }
    }

    /// What cannot be read is delivered by itself.
    pub(super) fn stray(&mut self, row: &Row) {
        match self.known.get(&row.id) {
            Some(Known::Done) => self.acknowledge(&row.id, row.has_id),
            Some(Known::Pending { .. } | Known::GaveUp { last: true, .. }) => {}
            _ => {
                let item = self.enter(row);
                self.lane(&format!("stray {}", row.id)).queue_unordered(item);
            }
        }
    }

    pub(super) fn is_own(&self, row: &Row) -> bool {
        row.own && !self.makes(Mistake::OwnRowsAreMessages)
    }

    pub(super) fn enter(&mut self, row: &Row) -> Item {
        let attempts = match self.known.get(&row.id) {
            Some(Known::GaveUp { attempts, .. }) => *attempts,
            _ => 0,
        };
        self.known.insert(row.id.clone(), Known::Pending { failed: false });
        Item { id: row.id.clone(), has_id: row.has_id, place: row.place.clone(), seq: row.seq, attempts, failures: 0 }
    }

    /// By seq: now, early, or beyond belief.
    pub(super) fn admit(&mut self, conversation: &str, row: &Row) {
        let item = self.enter(row);
        let holding = self.holding && !self.makes(Mistake::BelowIsAcked);
        let now = self.now;
        let (believes, goes_back) = (self.makes(Mistake::FarSeqIsBelieved), self.makes(Mistake::MarkGoesBack));
        let lane = self.lane(conversation);
        match (row.seq, lane.next) {
            (None, _) => lane.queue_unordered(item),
            (Some(seq), Some(next)) if seq > next && seq - next > PLAUSIBLE => {
                if believes {
                    lane.queue(seq, item);
                    lane.pass_to(seq + 1, now, WINDOW);
                } else {
                    lane.queue_unordered(item);
                }
            }
            (Some(seq), next) if next.map_or(!holding, |next| seq <= next) => {
                let anchors = next.is_none();
                lane.queue(seq, item);
                lane.pass_to(seq + 1, now, WINDOW);
                if goes_back {
                    lane.next = Some(seq + 1);
                }
                if !anchors && lane.early.is_empty() && self.makes(Mistake::IdleMarksForgotten) {
                    self.lane(conversation).next = None;
                }
            }
            (Some(seq), _) => {
                let order = lane.order();
                lane.early.insert((seq, order), item);
                if !holding && !lane.filling {
                    lane.open_gap(now + WINDOW);
                }
            }
        }
    }

    pub(super) fn see(&mut self, conversation: &str, seq: u64) {
        let now = self.now;
        let lane = self.lane(conversation);
        lane.seen.insert(seq);
        if let Some(next) = lane.next {
            lane.pass_to(next, now, WINDOW);
        }
    }

    pub(super) fn lane(&mut self, conversation: &str) -> &mut Lane {
        let one_window = self.makes(Mistake::OneWindow);
        let lane = self.lanes.entry(conversation.to_owned()).or_default();
        lane.one_window = one_window;
        lane
    }

    /// What was early and has a gap before it no longer waits.
    pub(super) fn give_up_gap(&mut self, conversation: &str, failed: bool) {
        let now = self.now;
        let (one_window, recovers) = (self.makes(Mistake::OneWindow), self.makes(Mistake::FailureIsRecovered));
        let lane = self.lane(conversation);
        let (Some(next), Some(first)) = (lane.next, lane.lowest_early()) else { return };
        let expected = if one_window { lane.expected } else { next };
        let mut missing =
            (next..first).filter(|seq| !lane.seen.contains(seq)).map(|seq| (seq, seq)).collect::<Vec<_>>();
        lane.pass_to(first, now, WINDOW);
        if recovers {
            missing.clear();
        }
        let recovered = missing.is_empty();
        let conversation = conversation.to_owned();
        if !self.makes(Mistake::GivenUpIsForgotten) && !recovered {
            self.missing.entry(conversation.clone()).or_default().extend(missing.iter().map(|(seq, _)| *seq));
            self.retrieve();
        }
        self.wishes.push_back(Wish::Note(Note::Gap {
            conversation,
            expected,
            filled: Vec::new(),
            absent: Vec::new(),
            missing,
            recovered,
            waited: Duration::ZERO,
            failed,
            drained: false,
        }));
        if !self.makes(Mistake::GivenUpIsForgotten) && self.knobs.drain {
            self.drain_wanted();
        }
    }

    /// All that may be offered now.
    pub(super) fn offer(&mut self) {
        if self.closing.is_some() {
            return;
        }
        let keys: Vec<String> = self.lanes.keys().cloned().collect();
        for key in keys {
            let room = self.open.len() < self.knobs.max_in_flight;
            let overlap = self.makes(Mistake::HandlersOverlap);
            let token = self.id();
            let lane = self.lane(&key);
            if !room || lane.waiting.is_some() || (lane.in_flight > 0 && !overlap) {
                continue;
            }
            let Some(mut item) = lane.head.take().or_else(|| lane.queue.pop_first().map(|(_, item)| item)) else {
                continue;
            };
            let seq = item.seq.unwrap_or(0);
            let late = seq > 0 && seq < lane.offered;
            if lane.next.is_some_and(|next| seq < next) {
                lane.offered = lane.offered.max(seq);
            }
            lane.in_flight += 1;
            item.attempts += 1;
            let (id, attempt) = (item.id.clone(), item.attempts);
            self.open.insert(token, (key, item));
            self.wishes.push_back(Wish::Deliver(Offer { token, id, attempt, late }));
        }
    }

    /// W-15: messages that nobody takes count as handled.
    pub(super) fn swallow(&mut self) {
        let lanes = self.lanes.values_mut();
        let swallowed: Vec<Item> = lanes.flat_map(|lane| std::mem::take(&mut lane.queue).into_values()).collect();
        for item in swallowed {
            self.finish(&item);
        }
    }

    pub(super) fn settled(&mut self, token: u64, outcome: Outcome) {
        let Some((key, mut item)) = self.open.remove(&token) else { return };
        let now = self.now;
        self.lane(&key).in_flight -= 1;
        let Outcome::Failed { retry_after } = outcome else { return self.finish(&item) };
        let planned = self.knobs.redelivery.get(item.failures as usize).copied();
        item.failures += 1;
        if let Some(planned) = planned {
            self.known.insert(item.id.clone(), Known::Pending { failed: true });
            let wait = u64::try_from(retry_after.unwrap_or(planned).as_micros()).unwrap_or(u64::MAX);
            let lane = self.lane(&key);
            lane.head = Some(item);
            lane.waiting = Some(now + wait);
            return;
        }
        let (attempts, last) = (item.attempts, item.attempts >= item.failures * (self.knobs.reoffers + 1));
        self.known.insert(item.id.clone(), Known::GaveUp { attempts, last });
        if let (Some(seq), Some(place), false) = (item.seq, item.place, last || self.makes(Mistake::GivenUpForGood)) {
            self.missing.entry(place).or_default().insert(seq);
        }
        self.wishes.push_back(Wish::Note(Note::GaveUp { id: Some(item.id), place: None, last }));
    }

    fn finish(&mut self, item: &Item) {
        self.known.insert(item.id.clone(), Known::Done);
        self.acknowledge(&item.id, item.has_id);
    }

    /// By cursor where it reaches, else by frame.
    pub(super) fn acknowledge(&mut self, id: &str, has_id: bool) {
        let drained = self.rows.iter().any(|(row, _)| row == id);
        self.advance();
        let stuck = self.rows.iter().any(|(row, _)| row == id);
        let covered = drained && (!stuck || self.makes(Mistake::StuckRowsAreNotAcked));
        let lost = self.makes(Mistake::AckNotKept) && self.greeted.is_none();
        if !covered && has_id && !lost {
            self.outbox.push_back(id.to_owned());
        }
    }

    /// The cursor goes over what is settled for good.
    pub(super) fn advance(&mut self) {
        while let Some((id, cursor)) = self.rows.front() {
            let passes = match self.known.get(id) {
                Some(Known::Done) => true,
                Some(Known::Pending { failed }) => {
                    self.makes(Mistake::ArrivedIsAcked) || *failed && self.makes(Mistake::FailedIsAcked)
                }
                Some(Known::GaveUp { .. }) => self.makes(Mistake::GivenUpIsAcked),
                None => false,
            };
            if !passes {
                break;
            }
            self.commit = cursor.clone().or(self.commit.take());
            self.rows.pop_front();
        }
    }
}
