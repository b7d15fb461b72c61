//! Times at which something is due for a key: as many as there are keys, the earliest at once.

use std::collections::BTreeSet;

use crate::time::Mono;

#[derive(Debug)]
pub(super) struct Schedule<K>(BTreeSet<(Mono, K)>);

impl<K: Ord + Clone> Schedule<K> {
    pub(super) fn new() -> Self {
        Self(BTreeSet::new())
    }

    pub(super) fn add(&mut self, at: Mono, key: K) {
        self.0.insert((at, key));
    }

    pub(super) fn remove(&mut self, at: Mono, key: &K) {
        self.0.remove(&(at, key.clone()));
    }

    /// The earliest time; the end of time never comes.
    pub(super) fn next(&self) -> Option<Mono> {
        self.0.first().map(|(at, _)| *at).filter(|at| !at.is_never())
    }

    /// All keys, by their time.
    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(_, key)| key)
    }

    /// Takes a key whose time has come.
    pub(super) fn take_due(&mut self, now: Mono) -> Option<K> {
        if self.next()? > now {
            return None;
        }
        self.0.pop_first().map(|(_, key)| key)
    }
}
