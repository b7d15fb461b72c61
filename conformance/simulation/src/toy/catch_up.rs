//! How the toy catches up: the drain, the cursor, and history.

use std::collections::BTreeSet;

use super::super::client::{Call, Wish};
use super::inbox::{PLAUSIBLE, WINDOW};
use super::row::Row;
use super::{Asked, Known, Mistake, SECOND, Toy};

impl Toy {
    pub(super) fn ask(&mut self, asked: Asked) {
        let request = self.id();
        let call = match &asked {
            Asked::Sync => Call::Sync { limit: self.knobs.drain_page as usize, after: self.after.clone() },
            Asked::SyncAck { cursor } => Call::SyncAck { cursor: cursor.clone() },
            Asked::History { conversation, after } | Asked::Missing { conversation, after } => {
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
        for (conversation, seqs) in self.missing.clone() {
            let asks = |asked: &Asked| matches!(asked, Asked::Missing { conversation: of, .. } if *of == conversation);
            if let (Some(first), false) = (seqs.first(), self.asks(asks)) {
                self.ask(Asked::Missing { conversation, after: first - 1 });
            }
        }
    }

    pub(super) fn retrieved(&mut self, conversation: &str, after: u64, page: Option<Vec<Row>>) {
        let Some(rows) = page else {
            self.retry_at.insert("missing", self.now + SECOND);
            return;
        };
        let reached = rows.iter().filter_map(|row| row.seq).max().unwrap_or(u64::MAX);
        let Some(missing) = self.missing.get_mut(conversation) else { return };
        let left = missing.split_off(&reached.saturating_add(1));
        let answered: BTreeSet<u64> = std::mem::replace(missing, left).into_iter().filter(|seq| *seq > after).collect();
        if missing.is_empty() {
            self.missing.remove(conversation);
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
}
