//! All conversations, and whose turn it is among them.

use core::ops::{Deref, DerefMut};
use std::collections::VecDeque;
use std::sync::Arc;

use super::buffered_message::BufferedMessage;
use super::conversation::Conversation;
use super::key::{OrderKey, Slot};
use super::lists::{Lists, Standing};
use crate::hash_key::HashKey;
use crate::realtime::keyed_slab::KeyedSlab;
use crate::realtime::options::SessionOptions;
use crate::time::Mono;
use crate::types::ConversationId;

/// The conversations. One is changed through a [`ConversationMut`] only, which puts it on the right lists.
#[derive(Debug)]
pub(in crate::realtime) struct Conversations {
    all: KeyedSlab<OrderKey, Standing>,
    lists: Lists,
    forgotten: VecDeque<ConversationId>,
}

/// A conversation to be changed. When this is dropped, the conversation stands on the lists where it belongs, and is forgotten if
/// nothing is known of it.
#[derive(Debug)]
pub(in crate::realtime::inbox) struct ConversationMut<'a> {
    slot: Slot,
    standing: &'a mut Standing,
    lists: &'a mut Lists,
}

impl Deref for ConversationMut<'_> {
    type Target = Conversation;

    fn deref(&self) -> &Conversation {
        &self.standing.conversation
    }
}

impl DerefMut for ConversationMut<'_> {
    fn deref_mut(&mut self) -> &mut Conversation {
        &mut self.standing.conversation
    }
}

impl Drop for ConversationMut<'_> {
    fn drop(&mut self) {
        self.lists.update(self.slot, self.standing);
    }
}

impl ConversationMut<'_> {
    /// The failed message in flight is offered again, in place, from `at` on.
    pub(in crate::realtime::inbox) fn redeliver(&mut self, entry: BufferedMessage, at: Mono) {
        self.standing.conversation.queue.settled();
        self.standing.conversation.queue.wait(entry, at);
        self.lists.redeliveries.add(at, self.slot);
    }
}

impl Conversations {
    pub(in crate::realtime::inbox) fn new(options: &Arc<SessionOptions>, hash_key: HashKey) -> Self {
        Self { all: KeyedSlab::new(hash_key), lists: Lists::new(options), forgotten: VecDeque::new() }
    }

    pub(in crate::realtime::inbox) fn get(&self, key: &OrderKey) -> Option<&Conversation> {
        self.get_slot(Slot::new(self.all.slot(key)?))
    }

    fn get_slot(&self, slot: Slot) -> Option<&Conversation> {
        self.all.get(slot.index()).map(|standing| &standing.conversation)
    }

    pub(in crate::realtime::inbox) fn get_mut(&mut self, key: &OrderKey) -> Option<ConversationMut<'_>> {
        self.at(Slot::new(self.all.slot(key)?))
    }

    /// The conversation, which is a new one if there was none.
    pub(in crate::realtime::inbox) fn open(&mut self, key: &OrderKey) -> ConversationMut<'_> {
        self.forget();
        let (slot, standing) = self.all.get_or_insert(key, Standing::default);
        ConversationMut { slot: Slot::new(slot), standing, lists: &mut self.lists }
    }

    /// The conversation that is kept there.
    pub(in crate::realtime::inbox) fn at(&mut self, slot: Slot) -> Option<ConversationMut<'_>> {
        self.forget();
        let standing = self.all.get_mut(slot.index())?;
        Some(ConversationMut { slot, standing, lists: &mut self.lists })
    }

    pub(in crate::realtime::inbox) fn key(&self, slot: Slot) -> Option<&OrderKey> {
        self.all.key(slot.index())
    }

    /// All of them, those that were idle longest first, and those that are not idle last.
    pub(in crate::realtime::inbox) fn quietest_first(&self) -> impl Iterator<Item = (Slot, &OrderKey, &Conversation)> {
        let idle = self.lists.idle.iter().filter_map(|slot| Some((slot, self.all.key(slot)?, self.all.get(slot)?)));
        let busy = self.all.iter().filter(|(slot, ..)| !self.lists.idle.contains(*slot));
        idle.chain(busy).map(|(slot, key, standing)| (Slot::new(slot), key, &standing.conversation))
    }

    /// Those in which something is missing.
    pub(in crate::realtime::inbox) fn with_missing(&self) -> Vec<OrderKey> {
        self.lists.with_missing.iter().filter_map(|slot| self.key(*slot).cloned()).collect()
    }

    /// Those with a gap.
    pub(in crate::realtime::inbox) fn with_gaps(&self) -> Vec<OrderKey> {
        self.lists.gaps.keys().filter_map(|slot| self.key(*slot).cloned()).collect()
    }

    /// Whether one has hardly any room left and can expect to be relieved soon.
    pub(in crate::realtime::inbox) fn is_crowded(&self, holding: bool) -> bool {
        let mut crowds = self.lists.crowds.iter().filter_map(|slot| self.get_slot(*slot));
        crowds.any(|conversation| conversation.is_crowded(holding))
    }

    /// One whose gap has closed after a question about it had failed.
    pub(in crate::realtime::inbox) fn take_idle_fill(&mut self) -> Option<OrderKey> {
        let slot = self.lists.idle_fills.pop_first()?;
        self.key(slot).cloned()
    }

    /// The conversation whose turn it is to offer something.
    pub(in crate::realtime::inbox) fn take_ready(&mut self) -> Option<Slot> {
        let slot = self.lists.ready.pop_front()?;
        if let Some(standing) = self.all.get_mut(slot.index()) {
            standing.is_ready = false;
        }
        Some(slot)
    }

    /// A conversation whose gap, or whose question to history, has lasted long enough.
    pub(in crate::realtime::inbox) fn take_gap_due(&mut self, now: Mono) -> Option<OrderKey> {
        let slot = self.lists.gaps.take_due(now)?;
        self.all.get_mut(slot.index())?.gap_due = None;
        self.key(slot).cloned()
    }

    /// When [`take_gap_due`](Self::take_gap_due) has something.
    pub(in crate::realtime::inbox) fn next_gap(&self) -> Option<Mono> {
        self.lists.gaps.next()
    }

    /// Failed messages that have waited long enough have their turn.
    pub(in crate::realtime::inbox) fn redeliver_due(&mut self, now: Mono) {
        while let Some(slot) = self.lists.redeliveries.take_due(now) {
            if let Some(mut conversation) = self.at(slot) {
                conversation.queue.waited(now);
            }
        }
    }

    /// When [`redeliver_due`](Self::redeliver_due) has something to do.
    pub(in crate::realtime::inbox) fn next_redelivery(&self) -> Option<Mono> {
        self.lists.redeliveries.next()
    }

    /// A conversation whose mark was forgotten, because more are idle than are kept. It anchors anew.
    pub(in crate::realtime::inbox) fn take_forgotten(&mut self) -> Option<ConversationId> {
        self.forget();
        self.forgotten.pop_front()
    }

    fn forget(&mut self) {
        if self.lists.has_forgotten() {
            self.forget_all();
        }
    }

    #[cold]
    fn forget_all(&mut self) {
        while let Some((slot, had_mark)) = self.lists.take_forgotten() {
            if let (Some((OrderKey::Conversation(id), _)), true) = (self.all.remove(slot.index()), had_mark) {
                self.forgotten.push_back(id);
            }
        }
    }
}
