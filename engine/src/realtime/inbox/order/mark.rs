//! How a conversation's mark moves, and what gets its turn thereby.

use super::conversation::Conversation;
use super::gap::Gap;

impl Conversation {
    /// Early messages below `seq` get their turn.
    pub(super) fn release_below(&mut self, seq: u64) {
        while let Some(first) = self.early.first_entry() {
            if first.key().0 >= seq {
                break;
            }
            let ((_, arrival), (entry, _)) = first.remove_entry();
            self.queue.push(entry, arrival);
        }
    }

    /// The mark goes to behind `seq`, never back.
    pub(super) fn raise(&mut self, seq: u64) {
        self.pass_to(self.next_seq.unwrap_or(0).max(seq.saturating_add(1)));
    }

    /// `seq` is dealt with: the mark goes behind it.
    pub(super) fn pass(&mut self, seq: u64) {
        self.pass_to(seq.saturating_add(1));
    }

    /// The mark goes to `to` and on over what is seen or here already; the gap is looked at anew.
    pub(super) fn pass_to(&mut self, to: u64) {
        let before = self.next_seq;
        let mut next = to;
        loop {
            next = self.skip.pass(next);
            match self.early.first_entry() {
                Some(first) if first.key().0 <= next => {
                    let ((seq, arrival), (entry, _)) = first.remove_entry();
                    next = next.max(seq.saturating_add(1));
                    self.queue.push(entry, arrival);
                }
                _ => break,
            }
        }
        self.next_seq = Some(next);
        if let Some(gap) = self.gap.filter(|_| before != Some(next) || self.early.is_empty()) {
            let noticed = self.early.first_key_value().map(|(_, (_, noticed))| *noticed);
            // What is left of a gap is still that gap.
            self.gap = noticed.map(|noticed| if noticed == gap.noticed { gap } else { Gap::new(noticed) });
        }
    }
}
