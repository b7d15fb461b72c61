//! The lists that a conversation stands in: has something to offer, waits behind a gap, waits after a failure, misses something, is
//! idle.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::conversation::Conversation;
use super::key::Slot;
use super::schedule::Schedule;
use crate::limits;
use crate::realtime::options::SessionOptions;
use crate::realtime::slot_list::SlotList;
use crate::time::Mono;

/// A conversation, and where it stands.
#[derive(Debug, Default)]
pub(super) struct Standing {
    pub(super) conversation: Conversation,
    pub(super) is_ready: bool,
    /// The gap's deadline as it stands in the schedule.
    pub(super) gap_due: Option<Mono>,
}

#[derive(Debug)]
pub(super) struct Lists {
    pub(super) ready: VecDeque<Slot>,
    pub(super) gaps: Schedule<Slot>,
    pub(super) redeliveries: Schedule<Slot>,
    pub(super) with_missing: BTreeSet<Slot>,
    /// Those in which nearly as many messages wait as may.
    pub(super) crowds: BTreeSet<Slot>,
    /// Those whose gap has closed after a question about it had failed.
    pub(super) idle_fills: BTreeSet<Slot>,
    /// Those that were idle longest first.
    pub(super) idle: SlotList,
    /// One that nothing is known of any more.
    pub(super) blank: Option<Slot>,
    options: Arc<SessionOptions>,
}

impl Lists {
    pub(super) fn new(options: &Arc<SessionOptions>) -> Self {
        Self {
            ready: VecDeque::new(),
            gaps: Schedule::new(),
            redeliveries: Schedule::new(),
            with_missing: BTreeSet::new(),
            crowds: BTreeSet::new(),
            idle_fills: BTreeSet::new(),
            idle: SlotList::default(),
            blank: None,
            options: Arc::clone(options),
        }
    }

    /// A conversation has changed: it stands where it belongs.
    pub(super) fn update(&mut self, slot: Slot, standing: &mut Standing) {
        let conversation = &standing.conversation;
        if !standing.is_ready && conversation.queue.may_offer(self.options.max_in_flight_per_conversation) {
            standing.is_ready = true;
            self.ready.push_back(slot);
        }
        let gap_due = conversation.gap_due(&self.options);
        if gap_due != standing.gap_due {
            if let Some(old) = standing.gap_due {
                self.gaps.remove(old, &slot);
            }
            if let Some(new) = gap_due {
                self.gaps.add(new, slot);
            }
            standing.gap_due = gap_due;
        }
        list(&mut self.with_missing, slot, !conversation.missing.is_empty());
        list(&mut self.crowds, slot, conversation.early_len() >= limits::EARLY_CROWD);
        if conversation.has_idle_fill() {
            self.idle_fills.insert(slot);
        }
        if conversation.is_blank() {
            self.idle.remove(slot.index());
            self.blank = Some(slot);
        } else if conversation.is_idle() {
            // The one that became idle last is the last to be forgotten.
            self.idle.put_last(slot.index());
        } else {
            self.idle.remove(slot.index());
        }
    }

    /// Whether [`take_forgotten`](Self::take_forgotten) has one.
    pub(super) fn has_forgotten(&self) -> bool {
        self.blank.is_some() || self.idle.len() > limits::REMEMBERED_CONVERSATIONS
    }

    /// A conversation that is to be forgotten: nothing is known of it, or more are idle than are kept, and it was idle longest.
    /// True for the latter.
    pub(super) fn take_forgotten(&mut self) -> Option<(Slot, bool)> {
        if let Some(blank) = self.blank.take() {
            return Some((blank, false));
        }
        if !self.has_forgotten() {
            return None;
        }
        let slot = Slot::new(self.idle.pop_first()?);
        self.with_missing.remove(&slot);
        Some((slot, true))
    }
}

fn list(list: &mut BTreeSet<Slot>, slot: Slot, stands: bool) {
    if stands {
        list.insert(slot);
    } else {
        list.remove(&slot);
    }
}
