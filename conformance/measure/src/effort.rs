//! How much work a measurement does.

/// How many rounds are measured, and how much is done in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    rounds: usize,
    divisor: usize,
}

impl Effort {
    /// Enough for figures that mean something.
    pub const FULL: Self = Self { rounds: 7, divisor: 1 };
    /// Just enough to see that everything runs.
    pub const QUICK: Self = Self { rounds: 1, divisor: 50 };

    /// How many rounds.
    #[must_use]
    pub fn rounds(self) -> usize {
        self.rounds
    }

    /// One number in full, another in a quick run.
    #[must_use]
    pub fn pick(self, full: usize, quick: usize) -> usize {
        if self == Self::QUICK { quick } else { full }
    }

    /// So many of something in full, fewer in a quick run, and never 0.
    #[must_use]
    pub fn of(self, full: usize) -> usize {
        (full / self.divisor).max(1)
    }
}
