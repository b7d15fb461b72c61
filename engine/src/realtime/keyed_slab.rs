//! Values in slots, found by a key too.

use core::hash::Hash;
use std::hash::BuildHasher;

use hashbrown::HashTable;
use slab::Slab;

use crate::hash_key::HashKey;

/// A key and its hash, which is computed once for all that is done with it.
#[derive(Clone, Debug)]
pub(in crate::realtime) struct Hashed<K> {
    pub(in crate::realtime) key: K,
    hash: u64,
}

/// Holds each key once. Whoever has a slot needs no hash to find its value; the order of hashes shows nowhere.
#[derive(Debug)]
pub(in crate::realtime) struct KeyedSlab<K, V> {
    slots: HashTable<usize>,
    entries: Slab<(Hashed<K>, V)>,
    hash_key: HashKey,
}

impl<K: Eq + Hash, V> KeyedSlab<K, V> {
    pub(in crate::realtime) fn new(hash_key: HashKey) -> Self {
        Self { slots: HashTable::new(), entries: Slab::new(), hash_key }
    }

    pub(in crate::realtime) fn hashed(&self, key: K) -> Hashed<K> {
        Hashed { hash: self.hash_key.hash_one(&key), key }
    }

    pub(in crate::realtime) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(in crate::realtime) fn clear(&mut self) {
        self.slots.clear();
        self.entries.clear();
    }

    pub(in crate::realtime) fn contains(&self, key: &K) -> bool {
        self.slot(key).is_some()
    }

    /// The slot of a key. An empty table answers without hashing it.
    pub(in crate::realtime) fn slot(&self, key: &K) -> Option<usize> {
        if self.entries.is_empty() {
            return None;
        }
        self.find(self.hash_key.hash_one(key), key)
    }

    pub(in crate::realtime) fn slot_of(&self, hashed: &Hashed<K>) -> Option<usize> {
        self.find(hashed.hash, &hashed.key)
    }

    fn find(&self, hash: u64, key: &K) -> Option<usize> {
        let is_it = |slot: &usize| self.entries.get(*slot).is_some_and(|(hashed, _)| hashed.key == *key);
        self.slots.find(hash, is_it).copied()
    }

    /// The value of a key, which is a new one if there was none, and its slot.
    pub(in crate::realtime) fn get_or_insert(&mut self, key: &K, new: impl FnOnce() -> V) -> (usize, &mut V)
    where
        K: Clone,
    {
        let hash = self.hash_key.hash_one(key);
        let slot = match self.find(hash, key) {
            Some(slot) => slot,
            None => self.insert(Hashed { hash, key: key.clone() }, new()),
        };
        #[expect(clippy::indexing_slicing, reason = "the slot was found or taken above")]
        let (_, value) = &mut self.entries[slot];
        (slot, value)
    }

    /// Adds a value under a key that has none.
    pub(in crate::realtime) fn insert(&mut self, key: Hashed<K>, value: V) -> usize {
        let hash = key.hash;
        let slot = self.entries.insert((key, value));
        let entries = &self.entries;
        let rehash = |slot: &usize| entries.get(*slot).map_or(0, |(hashed, _)| hashed.hash);
        self.slots.insert_unique(hash, slot, rehash);
        slot
    }

    pub(in crate::realtime) fn get(&self, slot: usize) -> Option<&V> {
        self.entries.get(slot).map(|(_, value)| value)
    }

    pub(in crate::realtime) fn get_mut(&mut self, slot: usize) -> Option<&mut V> {
        self.entries.get_mut(slot).map(|(_, value)| value)
    }

    pub(in crate::realtime) fn key(&self, slot: usize) -> Option<&K> {
        self.entries.get(slot).map(|(hashed, _)| &hashed.key)
    }

    pub(in crate::realtime) fn remove(&mut self, slot: usize) -> Option<(K, V)> {
        let (hashed, value) = self.entries.try_remove(slot)?;
        if let Ok(entry) = self.slots.find_entry(hashed.hash, |other| *other == slot) {
            entry.remove();
        }
        Some((hashed.key, value))
    }

    /// All of them, by slot.
    pub(in crate::realtime) fn iter(&self) -> impl Iterator<Item = (usize, &K, &V)> {
        self.entries.iter().map(|(slot, (hashed, value))| (slot, &hashed.key, value))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a tree.
        #[test]
        fn agrees_with_a_tree(steps in proptest::collection::vec((0_u8..12, any::<bool>()), 0..60)) {
            let (mut slab, mut tree) = (KeyedSlab::new(HashKey::new([7; 16])), BTreeMap::new());
            for (step, (key, add)) in steps.into_iter().enumerate() {
                match (add, slab.slot(&key)) {
                    (true, None) => {
                        let slot = slab.insert(slab.hashed(key), step);
                        prop_assert_eq!(slab.key(slot), Some(&key));
                        tree.insert(key, step);
                    }
                    (true, Some(slot)) => {
                        *slab.get_mut(slot).unwrap() = step;
                        tree.insert(key, step);
                    }
                    (false, slot) => prop_assert_eq!(
                        slot.and_then(|slot| slab.remove(slot)),
                        tree.remove_entry(&key)
                    ),
                }
                let mut all: Vec<(u8, usize)> = slab.iter().map(|(_, key, value)| (*key, *value)).collect();
                all.sort_unstable();
                prop_assert_eq!(all, tree.iter().map(|(key, value)| (*key, *value)).collect::<Vec<_>>());
                prop_assert!((0..12).all(|key| slab.slot(&key).and_then(|slot| slab.get(slot)) == tree.get(&key)));
            }
        }
    }
}
