//! A small set of seqs, kept as ranges and bounded in how many it keeps.

use std::collections::BTreeMap;

use super::event::SeqRange;

/// Ranges by their first seq; never touching, never overlapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SeqSet(BTreeMap<u64, u64>);

impl SeqSet {
    /// Adds a seq; over `max_ranges`, the highest range is forgotten, which is the one that is needed last.
    pub(super) fn insert(&mut self, seq: u64, max_ranges: usize) {
        self.insert_range(SeqRange { first: seq, last: seq }, max_ranges);
    }

    /// Adds consecutive seqs; over `max_ranges`, the highest range is forgotten.
    pub(super) fn insert_range(&mut self, range: SeqRange, max_ranges: usize) {
        let (mut first, mut last) = (range.first, range.last);
        if first > last {
            return;
        }
        // Whatever overlaps or touches becomes one range.
        while let Some((&from, &to)) = self.0.range(..=last.saturating_add(1)).next_back() {
            if to.saturating_add(1) < first {
                break;
            }
            (first, last) = (first.min(from), last.max(to));
            self.0.remove(&from);
        }
        self.0.insert(first, last);
        self.keep_lowest(max_ranges);
    }

    /// Forgets the highest ranges over so many.
    pub(super) fn keep_lowest(&mut self, max_ranges: usize) {
        while self.0.len() > max_ranges {
            self.0.pop_last();
        }
    }

    /// Adds consecutive seqs; over `max_ranges`, the two lowest ranges become one: the set then covers more than was
    /// added, and nothing of it is forgotten.
    pub(super) fn cover(&mut self, range: SeqRange, max_ranges: usize) {
        self.insert_range(range, usize::MAX);
        while self.0.len() > max_ranges.max(1) {
            let Some((first, _)) = self.0.pop_first() else { break };
            let Some((_, last)) = self.0.pop_first() else { break };
            self.0.insert(first, last);
        }
    }

    /// Takes out everything up to `last`, and gives it.
    pub(super) fn take_through(&mut self, last: u64) -> Vec<SeqRange> {
        let mut taken = Vec::new();
        while let Some(range) = self.0.first_entry().filter(|range| *range.key() <= last) {
            let (first, end) = range.remove_entry();
            taken.push(SeqRange { first, last: end.min(last) });
            if end > last {
                self.0.insert(last.saturating_add(1), end);
            }
        }
        taken
    }

    /// Takes out everything in a range.
    pub(super) fn remove(&mut self, range: SeqRange) {
        let below = range.first.checked_sub(1).map(|below| self.take_through(below)).unwrap_or_default();
        self.take_through(range.last);
        for kept in below {
            self.0.insert(kept.first, kept.last);
        }
    }

    /// The highest seq.
    pub(super) fn last(&self) -> Option<u64> {
        self.0.last_key_value().map(|(_, &last)| last)
    }

    /// The lowest seq.
    pub(super) fn first(&self) -> Option<u64> {
        self.0.first_key_value().map(|(&first, _)| first)
    }

    /// The ranges, lowest first.
    pub(super) fn ranges(&self) -> Vec<SeqRange> {
        self.0.iter().map(|(&first, &last)| SeqRange { first, last }).collect()
    }

    pub(super) fn contains(&self, seq: u64) -> bool {
        self.0.range(..=seq).next_back().is_some_and(|(_, &last)| last >= seq)
    }

    /// Takes out everything below `seq` and the range that `seq` is in; gives the first seq after that range.
    pub(super) fn pass(&mut self, seq: u64) -> u64 {
        let mut next = seq;
        while let Some((&first, &last)) = self.0.first_key_value() {
            if first > next {
                break;
            }
            next = next.max(last.saturating_add(1));
            self.0.pop_first();
        }
        next
    }

    /// The ranges from `first` to `last` that are not in the set.
    pub(super) fn missing(&self, first: u64, last: u64) -> Vec<SeqRange> {
        let mut missing = Vec::new();
        let mut at = first;
        let before = self.0.range(..first).next_back();
        for (&from, &to) in before.into_iter().chain(self.0.range(first..=last.max(first))) {
            if to < at {
                continue;
            }
            if from > at {
                missing.push(SeqRange { first: at, last: from.saturating_sub(1) });
            }
            at = to.saturating_add(1);
        }
        if at <= last {
            missing.push(SeqRange { first: at, last });
        }
        missing
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    use super::*;

    proptest! {
        /// Against a plain set of numbers.
        #[test]
        fn agrees_with_a_plain_set(seqs in proptest::collection::vec(0_u64..40, 0..60), first in 0_u64..40, width in 0_u64..40, at in 0_u64..45) {
            let mut set = SeqSet::default();
            let plain: BTreeSet<u64> = seqs.iter().copied().chain(first..first + width / 4).collect();
            for seq in seqs { set.insert(seq, usize::MAX); }
            if let Some(last) = (first + width / 4).checked_sub(1) {
                set.insert_range(SeqRange { first, last }, usize::MAX);
            }
            let listed: BTreeSet<u64> = set.ranges().iter().flat_map(|r| r.first..=r.last).collect();
            prop_assert_eq!(&listed, &plain);
            for seq in 0..50 { prop_assert_eq!(set.contains(seq), plain.contains(&seq)); }
            let last = first + width;
            let missing: BTreeSet<u64> = set.missing(first, last).iter().flat_map(|r| r.first..=r.last).collect();
            let expected: BTreeSet<u64> = (first..=last).filter(|s| !plain.contains(s)).collect();
            prop_assert_eq!(missing, expected);
            let mut rest = set.clone();
            let taken: BTreeSet<u64> = rest.take_through(at).iter().flat_map(|r| r.first..=r.last).collect();
            prop_assert!(taken.iter().eq(plain.range(..=at)));
            prop_assert!((0..50).all(|seq| rest.contains(seq) == (seq > at && plain.contains(&seq))));
            let mut rest = set.clone();
            rest.remove(SeqRange { first, last });
            prop_assert!((0..90).all(|seq| rest.contains(seq) == (plain.contains(&seq) && !(first..=last).contains(&seq))));
            prop_assert_eq!((set.first(), set.last()), (plain.first().copied(), plain.last().copied()));
            let mut next = at;
            while plain.contains(&next) { next += 1; }
            prop_assert_eq!(set.pass(at), next);
            prop_assert!((0..next).all(|seq| !set.contains(seq)));
        }
    }

    #[test]
    fn covering_forgets_nothing() {
        let mut set = SeqSet::default();
        for seq in [10, 20, 30, 40] {
            set.cover(SeqRange { first: seq, last: seq }, 2);
        }
        assert_eq!(set.ranges(), [SeqRange { first: 10, last: 30 }, SeqRange { first: 40, last: 40 }]);
        assert_eq!(set.first(), Some(10));
    }

    #[test]
    fn the_highest_ranges_are_forgotten() {
        let mut set = SeqSet::default();
        for seq in [30, 10, 20] {
            set.insert(seq, 2);
        }
        assert!(set.contains(10) && set.contains(20) && !set.contains(30));
    }
}
