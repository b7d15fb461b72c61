//! All conversations, and the lists that each stands in: has something to offer, waits behind a hole, waits after a failure, misses
//! something, is idle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::buffered_message::BufferedMessage;
use super::conversation::Conversation;
use super::schedule::Schedule;
use crate::limits;
use crate::realtime::message_key::MessageKey;
use crate::realtime::options::SessionOptions;
use crate::time::Mono;
use crate::types::ConversationId;

/// What is ordered together: a conversation, or a row that has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::realtime) enum OrderKey {
    Conversation(ConversationId),
    Unplaced(MessageKey),
}

/// A conversation, and where it stands.
#[derive(Debug, Default)]
struct Standing {
    conversation: Conversation,
    ready: bool,
    /// The gap's deadline as it stands in the schedule.
    gap: Option<Mono>,
    /// Its place in the order of idle conversations.
    idle: Option<u64>,
}

/// After a change of a conversation, [`tidy`](Self::tidy) puts the lists right.
#[derive(Debug)]
pub(in crate::realtime) struct Conversations {
    all: BTreeMap<OrderKey, Standing>,
    ready: VecDeque<OrderKey>,
    gaps: Schedule<OrderKey>,
    redeliveries: Schedule<OrderKey>,
    with_missing: BTreeSet<OrderKey>,
    /// Those in which nearly as many messages wait as may.
    crowds: BTreeSet<OrderKey>,
    /// Those whose hole has closed after a question about it had failed.
    idle_fills: BTreeSet<OrderKey>,
    /// By the time since which they are idle.
    idle: BTreeMap<u64, OrderKey>,
}

impl Conversations {
    pub(in crate::realtime::inbox) fn new() -> Self {
        Self {
            all: BTreeMap::new(),
            ready: VecDeque::new(),
            gaps: Schedule::new(),
            redeliveries: Schedule::new(),
            with_missing: BTreeSet::new(),
            crowds: BTreeSet::new(),
            idle_fills: BTreeSet::new(),
            idle: BTreeMap::new(),
        }
    }

    pub(in crate::realtime::inbox) fn get(&self, key: &OrderKey) -> Option<&Conversation> {
        self.all.get(key).map(|standing| &standing.conversation)
    }

    pub(in crate::realtime::inbox) fn get_mut(&mut self, key: &OrderKey) -> Option<&mut Conversation> {
        self.all.get_mut(key).map(|standing| &mut standing.conversation)
    }

    /// The conversation, which is a new one if there was none.
    pub(in crate::realtime::inbox) fn open(&mut self, key: &OrderKey) -> &mut Conversation {
        &mut self.all.entry(key.clone()).or_default().conversation
    }

    /// All of them, those that were idle longest first, and those that are not idle last.
    pub(in crate::realtime::inbox) fn quietest_first(&self) -> impl Iterator<Item = (&OrderKey, &Conversation)> {
        let idle = self.idle.values().filter_map(|key| self.all.get_key_value(key));
        let busy = self.all.iter().filter(|(_, standing)| standing.idle.is_none());
        idle.chain(busy).map(|(key, standing)| (key, &standing.conversation))
    }

    /// Those in which something is missing.
    pub(in crate::realtime::inbox) fn with_missing(&self) -> Vec<OrderKey> {
        self.with_missing.iter().cloned().collect()
    }

    /// Those with a hole.
    pub(in crate::realtime::inbox) fn with_gaps(&self) -> Vec<OrderKey> {
        self.gaps.keys().cloned().collect()
    }

    /// Whether one has hardly any room left and can expect to be relieved soon.
    pub(in crate::realtime::inbox) fn is_crowded(&self, holding: bool) -> bool {
        self.crowds.iter().filter_map(|key| self.get(key)).any(|conversation| conversation.is_crowded(holding))
    }

    /// One whose hole has closed after a question about it had failed.
    pub(in crate::realtime::inbox) fn take_idle_fill(&mut self) -> Option<OrderKey> {
        self.idle_fills.pop_first()
    }

    /// The conversation whose turn it is to offer something.
    pub(in crate::realtime::inbox) fn take_ready(&mut self) -> Option<OrderKey> {
        let key = self.ready.pop_front()?;
        if let Some(standing) = self.all.get_mut(&key) {
            standing.ready = false;
        }
        Some(key)
    }

    /// A conversation whose hole, or whose question to history, has lasted long enough.
    pub(in crate::realtime::inbox) fn take_gap_due(&mut self, now: Mono) -> Option<OrderKey> {
        let key = self.gaps.take_due(now)?;
        if let Some(standing) = self.all.get_mut(&key) {
            standing.gap = None;
        }
        Some(key)
    }

    /// When [`take_gap_due`](Self::take_gap_due) has something.
    pub(in crate::realtime::inbox) fn next_gap(&self) -> Option<Mono> {
        self.gaps.next()
    }

    /// A failed message is offered again, in place, from `at` on.
    pub(in crate::realtime::inbox) fn redeliver(&mut self, key: &OrderKey, entry: BufferedMessage, at: Mono) {
        if let Some(conversation) = self.get_mut(key) {
            conversation.queue.wait(entry, at);
        }
        self.redeliveries.add(at, key.clone());
    }

    /// A conversation whose failed message has waited long enough.
    pub(in crate::realtime::inbox) fn take_redelivery_due(&mut self, now: Mono) -> Option<OrderKey> {
        let key = self.redeliveries.take_due(now)?;
        if let Some(conversation) = self.get_mut(&key) {
            conversation.queue.waited();
        }
        Some(key)
    }

    /// When [`take_redelivery_due`](Self::take_redelivery_due) has something.
    pub(in crate::realtime::inbox) fn next_redelivery(&self) -> Option<Mono> {
        self.redeliveries.next()
    }

    /// After any change of a conversation: the lists that it stands in. `stamp` is later than all before it.
    pub(in crate::realtime::inbox) fn tidy(&mut self, key: &OrderKey, stamp: u64, options: &SessionOptions) {
        let Some(standing) = self.all.get_mut(key) else { return };
        let conversation = &standing.conversation;
        if conversation.queue.may_offer() && !standing.ready {
            standing.ready = true;
            self.ready.push_back(key.clone());
        }
        let deadline = conversation.gap_due(options);
        if deadline != standing.gap {
            if let Some(old) = standing.gap {
                self.gaps.remove(old, key);
            }
            if let Some(new) = deadline {
                self.gaps.add(new, key.clone());
            }
            standing.gap = deadline;
        }
        if conversation.missing.is_empty() {
            self.with_missing.remove(key);
        } else {
            self.with_missing.insert(key.clone());
        }
        if conversation.early_len() >= limits::EARLY_CROWD {
            self.crowds.insert(key.clone());
        } else {
            self.crowds.remove(key);
        }
        if conversation.has_idle_fill() {
            self.idle_fills.insert(key.clone());
        }
        if let Some(old) = standing.idle.take() {
            self.idle.remove(&old);
        }
        if conversation.is_blank() {
            self.all.remove(key);
        } else if conversation.is_idle() {
            standing.idle = Some(stamp);
            self.idle.insert(stamp, key.clone());
        }
    }

    /// Forgets the conversation that was idle longest, if there are more than are kept.
    pub(in crate::realtime::inbox) fn forget_quietest(&mut self) -> Option<OrderKey> {
        if self.idle.len() <= limits::MARKS {
            return None;
        }
        let (_, key) = self.idle.pop_first()?;
        self.all.remove(&key);
        self.with_missing.remove(&key);
        Some(key)
    }
}
