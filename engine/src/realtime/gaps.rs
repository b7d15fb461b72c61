//! How holes end that do not close by themselves: held open for the drain, asked history for, or given up.

use super::event::{Event, GapReason};
use super::history::{Purpose, Question};
use super::inbox::Inbox;
use super::lane::{Hole, Lane};
use super::lanes::LaneKey;
use crate::limits;
use crate::time::Mono;

impl Inbox {
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

    /// Gap windows that are over, and questions to history that take too long.
    pub(super) fn time_out_gaps(&mut self, now: Mono) {
        // While a drain may still bring what is missing, no hole is given up.
        while !self.holding
            && let Some(key) = self.lanes.take_gap_due(now)
        {
            let Some(lane) = self.lanes.get_mut(&key) else { continue };
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

    fn gave_up_hole(&mut self, now: Mono, lane: &LaneKey, hole: Option<Hole>, reason: GapReason) {
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
}
