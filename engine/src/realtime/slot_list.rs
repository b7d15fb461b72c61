//! Slots in the order in which they were put: a list whose links are kept beside it, so that one is taken out without a search.

use core::num::NonZeroUsize;

#[derive(Debug, Default)]
pub(in crate::realtime) struct SlotList {
    /// By slot.
    links: Vec<Link>,
    first: Option<Listed>,
    last: Option<Listed>,
    len: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Link {
    before: Option<Listed>,
    after: Option<Listed>,
    is_listed: bool,
}

/// A slot, as one more than its number, so that `None` takes no room.
#[derive(Clone, Copy, Debug)]
struct Listed(NonZeroUsize);

impl Listed {
    fn new(slot: usize) -> Self {
        Self(NonZeroUsize::MIN.saturating_add(slot))
    }

    fn slot(self) -> usize {
        self.0.get().saturating_sub(1)
    }
}

impl SlotList {
    pub(in crate::realtime) fn len(&self) -> usize {
        self.len
    }

    pub(in crate::realtime) fn contains(&self, slot: usize) -> bool {
        self.links.get(slot).is_some_and(|link| link.is_listed)
    }

    /// Puts one last, wherever it was before.
    pub(in crate::realtime) fn put_last(&mut self, slot: usize) {
        self.remove(slot);
        if self.links.len() <= slot {
            self.links.resize(slot.saturating_add(1), Link::default());
        }
        if let Some(link) = self.links.get_mut(slot) {
            *link = Link { before: self.last, after: None, is_listed: true };
            self.len = self.len.saturating_add(1);
        }
        *self.after(self.last) = Some(Listed::new(slot));
        self.last = Some(Listed::new(slot));
    }

    pub(in crate::realtime) fn remove(&mut self, slot: usize) {
        let Some(link) = self.links.get_mut(slot).filter(|link| link.is_listed) else { return };
        let Link { before, after, .. } = core::mem::take(link);
        self.len = self.len.saturating_sub(1);
        *self.after(before) = after;
        *self.before(after) = before;
    }

    pub(in crate::realtime) fn pop_first(&mut self) -> Option<usize> {
        let first = self.first?.slot();
        self.remove(first);
        Some(first)
    }

    pub(in crate::realtime) fn iter(&self) -> impl Iterator<Item = usize> {
        self.walk(self.first, |link| link.after)
    }

    /// Those that were put last first.
    pub(in crate::realtime) fn iter_from_last(&self) -> impl Iterator<Item = usize> {
        self.walk(self.last, |link| link.before)
    }

    fn walk(&self, from: Option<Listed>, step: impl Fn(&Link) -> Option<Listed>) -> impl Iterator<Item = usize> {
        let next = move |listed: &Listed| self.links.get(listed.slot()).and_then(&step);
        core::iter::successors(from, next).map(Listed::slot)
    }

    /// What comes after one; after none, the first.
    fn after(&mut self, listed: Option<Listed>) -> &mut Option<Listed> {
        let link = listed.and_then(|listed| self.links.get_mut(listed.slot()));
        link.map_or(&mut self.first, |link| &mut link.after)
    }

    /// What comes before one; before none, the last.
    fn before(&mut self, listed: Option<Listed>) -> &mut Option<Listed> {
        let link = listed.and_then(|listed| self.links.get_mut(listed.slot()));
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
            let (mut list, mut plain) = (SlotList::default(), Vec::<usize>::new());
            for (slot, step) in steps {
                match step {
                    0 => {
                        plain.retain(|other| *other != slot);
                        plain.push(slot);
                        list.put_last(slot);
                    }
                    1 => {
                        plain.retain(|other| *other != slot);
                        list.remove(slot);
                    }
                    _ => {
                        let first = (!plain.is_empty()).then(|| plain.remove(0));
                        prop_assert_eq!(list.pop_first(), first);
                    }
                }
                prop_assert_eq!(list.iter().collect::<Vec<_>>(), &*plain);
                let mut from_last: Vec<usize> = list.iter_from_last().collect();
                from_last.reverse();
                prop_assert_eq!(from_last, &*plain);
                prop_assert_eq!(list.len(), plain.len());
                prop_assert!((0..6).all(|slot| list.contains(slot) == plain.contains(&slot)));
            }
        }
    }
}
