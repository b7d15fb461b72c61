//! The rows of one conversation, by their numbers (contract 4.2). Old rows go; numbers are never given twice.

use std::collections::{VecDeque, vec_deque};

use super::id::MessageId;

/// Messages in the order of their seqs, without gaps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Transcript {
    kept: VecDeque<MessageId>,
    /// How many rows there were before the kept ones: the first kept one has the next seq.
    forgotten: u64,
}

impl Transcript {
    pub(crate) fn push(&mut self, id: MessageId) {
        self.kept.push_back(id);
    }

    /// Drops the oldest row.
    pub(crate) fn forget_first(&mut self) {
        if self.kept.pop_front().is_some() {
            self.forgotten += 1;
        }
    }

    pub(crate) fn last_seq(&self) -> u64 {
        self.forgotten + self.kept.len() as u64
    }

    pub(crate) fn iter(&self) -> vec_deque::Iter<'_, MessageId> {
        self.kept.iter()
    }

    pub(crate) fn first(&self) -> Option<&MessageId> {
        self.kept.front()
    }

    pub(crate) fn last(&self) -> Option<&MessageId> {
        self.kept.back()
    }

    /// The rows above one seq, up to and including another.
    pub(crate) fn range(&self, above: u64, through: u64) -> vec_deque::Iter<'_, MessageId> {
        let place = |seq: u64| usize::try_from(seq.saturating_sub(self.forgotten)).unwrap_or(usize::MAX);
        let end = place(through).min(self.kept.len());
        self.kept.range(place(above).min(end)..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(rows: u64, forgotten: u64) -> Transcript {
        let mut transcript = Transcript::default();
        (1..=rows).for_each(|seq| transcript.push(seq.to_string()));
        (0..forgotten).for_each(|_| transcript.forget_first());
        transcript
    }

    #[test]
    fn rows_keep_their_numbers_when_older_ones_go() {
        let transcript = transcript(5, 2);
        assert_eq!(transcript.last_seq(), 5);
        let range = |above, through| transcript.range(above, through).map(String::as_str).collect::<Vec<_>>();
        assert_eq!(range(0, u64::MAX), ["3", "4", "5"]);
        assert_eq!(range(3, 4), ["4"]);
        assert!(range(0, 2).is_empty() && range(4, 3).is_empty() && range(5, 9).is_empty());
    }

    #[test]
    fn a_number_is_never_given_twice() {
        let mut empty = transcript(2, 3);
        assert_eq!((empty.last_seq(), empty.last()), (2, None));
        empty.push("3".into());
        assert_eq!((empty.last_seq(), empty.range(2, 3).count()), (3, 1));
    }
}
