//! The lowest gap of a conversation: how long the messages above it wait, and when history is asked.

use core::time::Duration;

use crate::realtime::options::SessionOptions;
use crate::time::Mono;

/// A gap with messages above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::realtime) struct Gap {
    /// When the first message above it came.
    pub(in crate::realtime::inbox) noticed: Mono,
    /// From when the patience counts: when it was noticed, or when history last answered.
    since: Mono,
    /// When history is asked, if that is not as the conversation's habit has it.
    ask_at: Option<Mono>,
    /// Questions in a row that failed.
    failures: u32,
    /// Whether history was asked at all.
    was_asked: bool,
}

impl Gap {
    pub(super) fn new(noticed: Mono) -> Self {
        Self { noticed, since: noticed, ask_at: None, failures: 0, was_asked: false }
    }

    /// When the next question is due.
    pub(super) fn ask_at(&self, habit: Habit, options: &SessionOptions) -> Mono {
        self.ask_at.unwrap_or(self.noticed + habit.pause(options))
    }

    /// When it is given up.
    pub(in crate::realtime::inbox) fn give_up_at(&self, options: &SessionOptions) -> Mono {
        if options.fill_gaps { self.since + options.fill_patience } else { self.noticed + options.gap_window }
    }

    /// History is asked at this time and not before.
    pub(in crate::realtime::inbox) fn postpone(&mut self, until: Mono) {
        self.ask_at = Some(until);
    }

    /// Nothing speaks against a question any more: the habit decides.
    pub(in crate::realtime::inbox) fn ask_as_usual(&mut self) {
        self.ask_at = None;
    }

    /// A question failed; how many have in a row, this one not counted.
    pub(super) fn failed(&mut self) -> u32 {
        let before = self.failures;
        self.failures = before.saturating_add(1);
        before
    }

    /// History is being asked.
    pub(in crate::realtime::inbox) fn asked(&mut self) {
        self.was_asked = true;
    }

    /// Whether the time to give it up has come although history was not asked yet: timers may fire late, after a suspension
    /// for instance, and the patience is with history.
    pub(in crate::realtime::inbox) fn is_overdue(&self, options: &SessionOptions, now: Mono) -> bool {
        options.fill_gaps && !self.was_asked && self.give_up_at(options) <= now
    }

    /// Whether history was asked in vain.
    pub(in crate::realtime::inbox) fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// Nothing could be done about it until now.
    pub(in crate::realtime::inbox) fn resumed(&mut self, now: Mono) {
        self.since = self.since.max(now);
    }

    /// History answered, and more pages are needed.
    pub(super) fn progressed(&mut self, now: Mono) {
        (self.since, self.failures, self.ask_at) = (now, 0, None);
    }
}

/// What has become of a conversation's gaps so far, which tells how soon a question about the next one is worthwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Habit {
    #[default]
    Unknown,
    /// They were no messages of others: own sends of other processes, mostly, which never arrive by themselves.
    Absent,
    /// Their frames were only reordered.
    ClosesItself,
    /// Now the one, now the other.
    Mixed,
}

impl Habit {
    fn pause(self, options: &SessionOptions) -> Duration {
        match self {
            Self::Absent => Duration::ZERO,
            Self::Unknown | Self::Mixed => options.fill_after,
            Self::ClosesItself => options.fill_after.saturating_mul(4).min(options.gap_window),
        }
    }

    /// History stepped over a gap.
    pub(super) fn was_absent(&mut self) {
        *self = match self {
            Self::Unknown | Self::Absent => Self::Absent,
            Self::ClosesItself | Self::Mixed => Self::Mixed,
        };
    }

    /// A gap closed before history answered.
    pub(super) fn closed_itself(&mut self) {
        *self = match self {
            Self::Unknown | Self::ClosesItself => Self::ClosesItself,
            Self::Absent | Self::Mixed => Self::Mixed,
        };
    }
}
