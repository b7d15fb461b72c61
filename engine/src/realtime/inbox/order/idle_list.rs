//! The idle conversations, in the order in which they became idle: a list whose links are kept beside it, so that one is taken out
//! without a search.

use super::key::Slot;

#[derive(Debug, Default)]
pub(super) struct IdleList {
    /// By slot; `None` where the conversation is not idle.
    links: Vec<Option<Link>>,
    first: Option<Slot>,
    last: Option<Slot>,
    len: usize,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    before: Option<Slot>,
    after: Option<Slot>,
}

impl IdleList {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn contains(&self, slot: Slot) -> bool {
        self.links.get(slot.index()).is_some_and(Option::is_some)
    }

    /// Puts one last, wherever it was before.
    pub(super) fn put_last(&mut self, slot: Slot) {
        self.remove(slot);
        if self.links.len() <= slot.index() {
            self.links.resize(slot.index().saturating_add(1), None);
        }
        if let Some(link) = self.links.get_mut(slot.index()) {
            *link = Some(Link { before: self.last, after: None });
            self.len = self.len.saturating_add(1);
        }
        *self.after(self.last) = Some(slot);
        self.last = Some(slot);
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        let Some(Link { before, after }) = self.links.get_mut(slot.index()).and_then(Option::take) else { return };
        self.len = self.len.saturating_sub(1);
        *self.after(before) = after;
        *self.before(after) = before;
    }

    pub(super) fn pop_first(&mut self) -> Option<Slot> {
        let first = self.first?;
        self.remove(first);
        Some(first)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Slot> {
        core::iter::successors(self.first, |slot| self.links.get(slot.index()).copied().flatten()?.after)
    }

    /// What comes after one; after none, the first.
    fn after(&mut self, slot: Option<Slot>) -> &mut Option<Slot> {
        let link = slot.and_then(|slot| self.links.get_mut(slot.index())?.as_mut());
        link.map_or(&mut self.first, |link| &mut link.after)
    }

    /// What comes before one; before none, the last.
    fn before(&mut self, slot: Option<Slot>) -> &mut Option<Slot> {
        let link = slot.and_then(|slot| self.links.get_mut(slot.index())?.as_mut());
        link.map_or(&mut self.last, |link| &mut link.before)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a plain list.
        #[test]
        fn agrees_with_a_plain_list(steps in proptest::collection::vec((0_usize..6, 0_u8..3), 0..40)) {
            let (mut idle, mut plain) = (IdleList::default(), Vec::<usize>::new());
            for (index, step) in steps {
                let slot = Slot::new(index);
                match step {
                    0 => {
                        plain.retain(|other| *other != index);
                        plain.push(index);
                        idle.put_last(slot);
                    }
                    1 => {
                        plain.retain(|other| *other != index);
                        idle.remove(slot);
                    }
                    _ => {
                        let first = (!plain.is_empty()).then(|| plain.remove(0));
                        prop_assert_eq!(idle.pop_first().map(Slot::index), first);
                    }
                }
                prop_assert_eq!(idle.iter().map(Slot::index).collect::<Vec<_>>(), &*plain);
                prop_assert_eq!(idle.len(), plain.len());
                prop_assert!((0..6).all(|index| idle.contains(Slot::new(index)) == plain.contains(&index)));
            }
        }
    }
}
