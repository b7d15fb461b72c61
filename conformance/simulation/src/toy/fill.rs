//! How the toy fills a gap from history.

use std::time::Duration;

use super::super::client::{Note, Range, Wish};
use super::inbox::{PLAUSIBLE, WINDOW};
use super::row::Row;
use super::{Asked, Known, Mistake, SECOND, Toy};

impl Toy {
    /// The window of a gap is over.
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
            _ => self.give_up_gap(conversation, false),
        }
    }

    /// History could not be read: it is asked again.
    fn unanswered(&mut self, conversation: &str) {
        if self.makes(Mistake::OneFailureEndsFill) || self.makes(Mistake::FailureIsRecovered) {
            return self.give_up_gap(conversation, true);
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
            // Nothing waits any more that a gap could be before.
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
            drained: false,
        }));
    }
}
