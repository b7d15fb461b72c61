//! How the toy catches up: the drain, the cursor, and history.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::client::{Call, Note, Range, Wish};
use super::inbox::{PLAUSIBLE, WINDOW};
use super::row::Row;
use super::{Asked, Known, Mistake, SECOND, Toy};

impl Toy {
    pub(super) fn ask(&mut self, asked: Asked) {
        let request = self.id();
        let call = match &asked {
            Asked::Sync => Call::Sync { limit: self.knobs.drain_page as usize, after: self.after.clone() },
            Asked::SyncAck { cursor } => Call::SyncAck { cursor: cursor.clone() },
            Asked::History { conversation, after } | Asked::Owed { conversation, after } => {
                Call::History { conversation: conversation.clone(), after: *after, limit: 200 }
            }
            Asked::Me => Call::Me,
        };
        if self.holding && matches!(asked, Asked::Sync) {
            self.hold_until = Some(self.now + 5 * SECOND);
        }
        self.asked.insert(request, asked);
        self.wishes.push_back(Wish::Request { request, call });
    }

    fn asks(&self, kind: impl Fn(&Asked) -> bool) -> bool {
        self.asked.values().any(kind)
    }

    pub(super) fn drain_wanted(&mut self) {
        if self.draining {
            self.drain_again = true;
        } else if self.greeted.is_some() && self.closing.is_none() {
            self.begin_drain();
        }
    }

    pub(super) fn begin_drain(&mut self) {
        self.draining = true;
        self.drain_again = false;
        self.holding = true;
        self.hold_until = Some(self.now + 5 * SECOND);
        self.after = None;
        self.rows.clear();
        self.ask(Asked::Sync);
    }

    pub(super) fn synced(&mut self, page: Option<Vec<Row>>) {
        if !self.draining {
            return;
        }
        let Some(rows) = page else {
            self.retry_at.insert("sync", self.now + SECOND);
            return;
        };
        let full = rows.len() >= self.knobs.drain_page as usize;
        let mut last = None;
        for row in &rows {
            if !self.has_room() {
                // It is asked for again, and so is the rest.
                self.after = last.or(self.after.take());
                return;
            }
            self.drained(row);
            last = row.cursor.clone().or(last);
        }
        if full && last.is_some() && last != self.after {
            self.after = last;
            if self.pages_on() {
                self.ask(Asked::Sync);
            }
            return;
        }
        self.draining = false;
        self.release();
        if self.drain_again {
            self.begin_drain();
        }
    }

    pub(super) fn pages_on(&self) -> bool {
        self.has_half_free() && (!self.makes(Mistake::PagingWaits) || self.rows.is_empty())
    }

    fn drained(&mut self, row: &Row) {
        self.rows.push_back((row.id.clone(), row.cursor.clone()));
        let now = self.now;
        let key = row.conversation.clone().unwrap_or_else(|| format!("stray {}", row.id));
        let next = self.lanes.get(&key).and_then(|lane| lane.next);
        let below = row.seq.is_some_and(|seq| next.is_some_and(|next| seq < next));
        match self.known.get(&row.id) {
            Some(Known::Done) => return self.acknowledge(&row.id, row.has_id),
            Some(Known::GaveUp { last: true, .. }) => return self.advance(),
            Some(Known::Pending { .. }) => {
                let in_flight = self.open.values().any(|(_, item)| item.id == row.id);
                if in_flight && self.makes(Mistake::InFlightIsAcked) {
                    self.rows.pop_back();
                    self.commit = row.cursor.clone();
                }
                let Some(seq) = row.seq else { return };
                let early = self.lane(&key).early.iter().find(|(_, item)| item.id == row.id).map(|(place, _)| *place);
                if early.is_some() {
                    self.lane(&key).pass_to(seq, now, WINDOW);
                }
                return self.advance();
            }
            None if below && self.makes(Mistake::BelowIsAcked) => {
                self.known.insert(row.id.clone(), Known::Done);
                return self.advance();
            }
            Some(Known::GaveUp { last: false, .. }) if self.makes(Mistake::GivenUpIsAcked) => return self.advance(),
            _ => {}
        }
        let item = self.enter(row);
        let (believes, goes_back) = (self.makes(Mistake::FarSeqIsBelieved), self.makes(Mistake::MarkGoesBack));
        let opens_gaps = self.makes(Mistake::RowsOpenGaps);
        let plausible = |seq: u64| believes || next.is_none_or(|n| seq.saturating_sub(n) <= PLAUSIBLE);
        let lane = self.lane(&key);
        match row.seq.filter(|seq| row.conversation.is_some() && plausible(*seq)) {
            Some(seq) if opens_gaps && next.is_some_and(|next| seq > next) => {
                let order = lane.order();
                lane.early.insert((seq, order), item);
                lane.open_gap(now + WINDOW);
            }
            Some(seq) => {
                lane.queue(seq, item);
                // What waits below has its turn as well.
                lane.pass_to(seq + 1, now, WINDOW);
                if goes_back {
                    lane.next = Some(seq + 1);
                }
            }
            None => lane.queue_unordered(item),
        }
        self.advance();
    }

    pub(super) fn release(&mut self) {
        self.holding = false;
        self.hold_until = None;
        let now = self.now;
        for lane in self.lanes.values_mut().filter(|lane| !lane.early.is_empty()) {
            let next = lane.next.or(lane.lowest_early()).unwrap_or(0);
            lane.pass_to(next, now, WINDOW);
            let believed = lane.next.unwrap_or(0) + PLAUSIBLE + 1;
            for item in lane.early.split_off(&(believed, 0)).into_values() {
                lane.queue_unordered(item);
            }
            if !lane.early.is_empty() && !lane.filling {
                lane.open_gap(now + WINDOW);
            }
        }
    }

    pub(super) fn committed(&mut self, cursor: String, done: bool) {
        if !done {
            self.commit.get_or_insert(cursor);
            self.retry_at.insert("ack", self.now + SECOND);
        }
    }

    /// What can be asked now.
    pub(super) fn ask_what_is_due(&mut self) {
        if !self.handle_known && !self.retry_at.contains_key("me") && !self.asks(|asked| matches!(asked, Asked::Me)) {
            self.ask(Asked::Me);
        }
        let committing = self.asks(|asked| matches!(asked, Asked::SyncAck { .. }));
        if !committing
            && !self.retry_at.contains_key("ack")
            && let Some(cursor) = self.commit.take()
        {
            self.ask(Asked::SyncAck { cursor });
        }
        if self.draining
            && self.pages_on()
            && !self.retry_at.contains_key("sync")
            && !self.asks(|asked| matches!(asked, Asked::Sync))
        {
            self.ask(Asked::Sync);
        }
    }

    /// Asks history for what was given up, where no drain brings it again.
    pub(super) fn retrieve(&mut self) {
        let brought = self.knobs.drain || !self.knobs.fill;
        if self.greeted.is_none_or(|acks| acks && brought) {
            return;
        }
        for (conversation, seqs) in self.owed.clone() {
            let asks = |asked: &Asked| matches!(asked, Asked::Owed { conversation: of, .. } if *of == conversation);
            if let (Some(first), false) = (seqs.first(), self.asks(asks)) {
                self.ask(Asked::Owed { conversation, after: first - 1 });
            }
        }
    }

    pub(super) fn retrieved(&mut self, conversation: &str, after: u64, page: Option<Vec<Row>>) {
        let Some(rows) = page else {
            self.retry_at.insert("owed", self.now + SECOND);
            return;
        };
        let reached = rows.iter().filter_map(|row| row.seq).max().unwrap_or(u64::MAX);
        let Some(owed) = self.owed.get_mut(conversation) else { return };
        let left = owed.split_off(&reached.saturating_add(1));
        let answered: BTreeSet<u64> = std::mem::replace(owed, left).into_iter().filter(|seq| *seq > after).collect();
        if owed.is_empty() {
            self.owed.remove(conversation);
        }
        for row in rows.iter().filter(|row| row.seq.is_some_and(|seq| answered.contains(&seq))) {
            match (self.known.get(&row.id), &row.conversation) {
                (Some(Known::Pending { .. } | Known::Done | Known::GaveUp { last: true, .. }), _) => {}
                _ if self.is_own(row) => {}
                (_, Some(_)) => self.admit(conversation, row),
                (_, None) => self.stray(row),
            }
        }
        self.retrieve();
    }

    /// The window of a hole is over.
    pub(super) fn gap_due(&mut self, conversation: &str) {
        let now = self.now;
        let (fill, known) = (self.knobs.fill, self.handle_known);
        let lane = self.lane(conversation);
        lane.gap_at = None;
        if lane.filling || lane.early.is_empty() {
            return;
        }
        match lane.next {
            Some(next) if fill && known => {
                lane.filling = true;
                let (conversation, after) = (conversation.to_owned(), next - 1);
                self.ask(Asked::History { conversation, after });
            }
            // Our own rows could not be told from others.
            _ if fill && !known => lane.gap_at = Some(now + SECOND),
            _ => self.give_up_hole(conversation, false),
        }
    }

    /// History could not be read: it is asked again.
    fn unanswered(&mut self, conversation: &str) {
        if self.makes(Mistake::OneFailureEndsFill) || self.makes(Mistake::FailureIsRecovered) {
            return self.give_up_hole(conversation, true);
        }
        let again = self.now + SECOND;
        let lane = self.lane(conversation);
        if !lane.early.is_empty() {
            lane.gap_at = Some(again);
        }
    }

    pub(super) fn filled(&mut self, conversation: &str, after: u64, page: Option<Vec<Row>>) {
        let now = self.now;
        self.lane(conversation).filling = false;
        let next = self.lane(conversation).next.unwrap_or(0).max(after + 1);
        let Some(rows) = page else { return self.unanswered(conversation) };
        let empty = rows.is_empty();
        let mut reached = None;
        let mut filled: Vec<Range> = Vec::new();
        for row in rows {
            let Some(seq) = row.seq.filter(|seq| row.conversation.is_some() && seq.saturating_sub(next) <= PLAUSIBLE)
            else {
                continue;
            };
            reached = reached.max(Some(seq));
            let known = self.known.get(&row.id).copied();
            let forgets = self.makes(Mistake::FillForgetsArrivals)
                && !self.lane(conversation).early.keys().any(|(early, _)| *early == seq);
            if self.is_own(&row) || !forgets && matches!(known, Some(Known::Done | Known::GaveUp { last: true, .. })) {
                self.lane(conversation).seen.insert(seq);
            } else if forgets || !matches!(known, Some(Known::Pending { .. })) {
                let item = self.enter(&row);
                let lane = self.lane(conversation);
                let order = lane.order();
                lane.early.insert((seq, order), item);
                filled.push((seq, seq));
            }
        }
        let (one_page, one_window) = (self.makes(Mistake::OnePageFill), self.makes(Mistake::OneWindow));
        let lane = self.lane(conversation);
        let waits = |seq: &u64| Some(*seq) > reached && seq.saturating_sub(next) <= PLAUSIBLE;
        let Some(lowest) = lane.early.keys().map(|(seq, _)| *seq).filter(waits).min() else {
            // Nothing waits any more that a hole could be before.
            lane.pass_to(reached.map_or(next, |reached| reached + 1), now, WINDOW);
            return;
        };
        if reached.is_none() && !empty {
            return self.unanswered(conversation);
        }
        let ends = empty || one_page;
        let known = if ends { lowest - 1 } else { reached.unwrap_or(lowest - 1) };
        let here: Vec<u64> = lane.early.keys().map(|(seq, _)| *seq).chain(lane.seen.iter().copied()).collect();
        let from = lane.next.unwrap_or(0).max(after + 1);
        let absent = (from..=known).filter(|seq| !here.contains(seq)).map(|seq| (seq, seq)).collect();
        lane.pass_to(known + 1, now, WINDOW);
        let expected = if one_window { lane.expected } else { after + 1 };
        if let Some(next) = lane.next.filter(|next| *next < lowest) {
            lane.gap_at = None;
            lane.filling = true;
            self.ask(Asked::History { conversation: conversation.to_owned(), after: next - 1 });
        }
        let lane = self.lane(conversation);
        if !lane.early.is_empty() && !lane.filling {
            lane.open_gap(now + WINDOW);
        }
        let conversation = conversation.to_owned();
        self.wishes.push_back(Wish::Note(Note::Gap {
            conversation,
            expected,
            filled,
            absent,
            missing: Vec::new(),
            recovered: true,
            waited: Duration::ZERO,
            failed: false,
        }));
    }
}
