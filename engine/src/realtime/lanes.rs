//! All lanes, and the lists that each stands in: has something to offer, waits behind a hole, waits after a failure, is owed
//! something, is idle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::entry::Entry;
use super::lane::Lane;
use super::ledger::Key;
use super::options::SessionOptions;
use super::schedule::Schedule;
use crate::limits;
use crate::time::Mono;
use crate::types::ConversationId;

/// What is ordered together: a conversation, or a row that has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LaneKey {
    Conversation(ConversationId),
    Stray(Key),
}

/// A lane, and where it stands.
#[derive(Debug, Default)]
struct Standing {
    lane: Lane,
    ready: bool,
    /// The gap's deadline as it stands in the schedule.
    gap: Option<Mono>,
    /// Its place in the order of idle lanes.
    idle: Option<u64>,
}

/// After a change of a lane, [`tidy`](Self::tidy) puts the lists right.
#[derive(Debug)]
pub(super) struct Lanes {
    all: BTreeMap<LaneKey, Standing>,
    ready: VecDeque<LaneKey>,
    gaps: Schedule<LaneKey>,
    redeliveries: Schedule<LaneKey>,
    owing: BTreeSet<LaneKey>,
    /// Those in which nearly as many messages wait as may.
    crowds: BTreeSet<LaneKey>,
    /// Those whose hole has closed after a question about it had failed.
    idle_fills: BTreeSet<LaneKey>,
    /// By the time since which they are idle.
    idle: BTreeMap<u64, LaneKey>,
}

impl Lanes {
    pub(super) fn new() -> Self {
        Self {
            all: BTreeMap::new(),
            ready: VecDeque::new(),
            gaps: Schedule::new(),
            redeliveries: Schedule::new(),
            owing: BTreeSet::new(),
            crowds: BTreeSet::new(),
            idle_fills: BTreeSet::new(),
            idle: BTreeMap::new(),
        }
    }

    pub(super) fn get(&self, key: &LaneKey) -> Option<&Lane> {
        self.all.get(key).map(|standing| &standing.lane)
    }

    pub(super) fn get_mut(&mut self, key: &LaneKey) -> Option<&mut Lane> {
        self.all.get_mut(key).map(|standing| &mut standing.lane)
    }

    /// The lane, which is a new one if there was none.
    pub(super) fn open(&mut self, key: &LaneKey) -> &mut Lane {
        &mut self.all.entry(key.clone()).or_default().lane
    }

    /// All of them, those that were idle longest first, and those that are not idle last.
    pub(super) fn quietest_first(&self) -> impl Iterator<Item = (&LaneKey, &Lane)> {
        let idle = self.idle.values().filter_map(|key| self.all.get_key_value(key));
        let busy = self.all.iter().filter(|(_, standing)| standing.idle.is_none());
        idle.chain(busy).map(|(key, standing)| (key, &standing.lane))
    }

    /// Those that something is owed in.
    pub(super) fn owing(&self) -> Vec<LaneKey> {
        self.owing.iter().cloned().collect()
    }

    /// Those with a hole.
    pub(super) fn with_gaps(&self) -> Vec<LaneKey> {
        self.gaps.keys().cloned().collect()
    }

    /// Whether one has hardly any room left and can expect to be relieved soon.
    pub(super) fn is_crowded(&self, holding: bool) -> bool {
        self.crowds.iter().filter_map(|key| self.get(key)).any(|lane| lane.is_crowded(holding))
    }

    /// One whose hole has closed after a question about it had failed.
    pub(super) fn take_idle_fill(&mut self) -> Option<LaneKey> {
        self.idle_fills.pop_first()
    }

    /// The lane whose turn it is to offer something.
    pub(super) fn take_ready(&mut self) -> Option<LaneKey> {
        let key = self.ready.pop_front()?;
        if let Some(standing) = self.all.get_mut(&key) {
            standing.ready = false;
        }
        Some(key)
    }

    /// A lane whose hole, or whose question to history, has lasted long enough.
    pub(super) fn take_gap_due(&mut self, now: Mono) -> Option<LaneKey> {
        let key = self.gaps.take_due(now)?;
        if let Some(standing) = self.all.get_mut(&key) {
            standing.gap = None;
        }
        Some(key)
    }

    /// When [`take_gap_due`](Self::take_gap_due) has something.
    pub(super) fn next_gap(&self) -> Option<Mono> {
        self.gaps.next()
    }

    /// A failed message is offered again, in place, from `at` on.
    pub(super) fn redeliver(&mut self, key: &LaneKey, entry: Entry, at: Mono) {
        if let Some(lane) = self.get_mut(key) {
            lane.queue.wait(entry, at);
        }
        self.redeliveries.add(at, key.clone());
    }

    /// A lane whose failed message has waited long enough.
    pub(super) fn take_redelivery_due(&mut self, now: Mono) -> Option<LaneKey> {
        let key = self.redeliveries.take_due(now)?;
        if let Some(lane) = self.get_mut(&key) {
            lane.queue.waited();
        }
        Some(key)
    }

    /// When [`take_redelivery_due`](Self::take_redelivery_due) has something.
    pub(super) fn next_redelivery(&self) -> Option<Mono> {
        self.redeliveries.next()
    }

    /// After any change of a lane: the lists that it stands in. `stamp` is later than all before it.
    pub(super) fn tidy(&mut self, key: &LaneKey, stamp: u64, options: &SessionOptions) {
        let Some(standing) = self.all.get_mut(key) else { return };
        let lane = &standing.lane;
        if lane.queue.may_offer() && !standing.ready {
            standing.ready = true;
            self.ready.push_back(key.clone());
        }
        let deadline = lane.gap_due(options);
        if deadline != standing.gap {
            if let Some(old) = standing.gap {
                self.gaps.remove(old, key);
            }
            if let Some(new) = deadline {
                self.gaps.add(new, key.clone());
            }
            standing.gap = deadline;
        }
        if lane.owed.is_empty() {
            self.owing.remove(key);
        } else {
            self.owing.insert(key.clone());
        }
        if lane.early_len() >= limits::EARLY_CROWD {
            self.crowds.insert(key.clone());
        } else {
            self.crowds.remove(key);
        }
        if lane.has_idle_fill() {
            self.idle_fills.insert(key.clone());
        }
        if let Some(old) = standing.idle.take() {
            self.idle.remove(&old);
        }
        if lane.is_blank() {
            self.all.remove(key);
        } else if lane.is_idle() {
            standing.idle = Some(stamp);
            self.idle.insert(stamp, key.clone());
        }
    }

    /// Forgets the lane that was idle longest, if there are more than are kept.
    pub(super) fn forget_quietest(&mut self) -> Option<LaneKey> {
        if self.idle.len() <= limits::MARKS {
            return None;
        }
        let (_, key) = self.idle.pop_first()?;
        self.all.remove(&key);
        self.owing.remove(&key);
        Some(key)
    }
}
