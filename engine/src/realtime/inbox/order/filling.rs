//! What history has answered about a gap, and how asking ended.

use crate::realtime::event::SeqRange;
use crate::realtime::seq_set::SeqSet;
use crate::time::Mono;

/// What history has answered so far about a gap.
#[derive(Debug)]
pub(super) struct Filling {
    /// The first seq that was missing when it was asked first.
    pub(super) expected: u64,
    pub(super) noticed: Mono,
    /// Whether a question is under way or waits for its turn; otherwise the last one failed.
    pub(super) asking: bool,
    /// History was asked for what comes after this.
    pub(super) after: u64,
    pub(super) filled: SeqSet,
    pub(super) absent: SeqSet,
    pub(super) unreadable: SeqSet,
    /// Whether messages of our own were found.
    pub(super) own: bool,
}

/// What has come of a fill.
#[derive(Debug)]
pub(in crate::realtime) struct Filled {
    pub(in crate::realtime::inbox) expected: u64,
    pub(in crate::realtime::inbox) noticed: Mono,
    pub(in crate::realtime::inbox) filled: Vec<SeqRange>,
    pub(in crate::realtime::inbox) absent: Vec<SeqRange>,
    /// History has it, and it cannot be read.
    pub(in crate::realtime::inbox) unreadable: Vec<SeqRange>,
}

impl Filling {
    pub(super) fn is_empty(&self) -> bool {
        self.filled.is_empty() && self.absent.is_empty() && self.unreadable.is_empty()
    }

    pub(super) fn result(self) -> Filled {
        Filled {
            expected: self.expected,
            noticed: self.noticed,
            filled: self.filled.ranges(),
            absent: self.absent.ranges(),
            unreadable: self.unreadable.ranges(),
        }
    }
}

impl Filled {
    /// Of a gap that history was not asked about.
    pub(in crate::realtime::inbox) fn nothing(expected: u64, noticed: Mono) -> Self {
        let (filled, absent, unreadable) = Default::default();
        Self { expected, noticed, filled, absent, unreadable }
    }

    pub(in crate::realtime::inbox) fn is_empty(&self) -> bool {
        self.filled.is_empty() && self.absent.is_empty() && self.unreadable.is_empty()
    }
}
