//! What a run, or many, came to: counts, and what was broken.

use std::collections::BTreeMap;
use std::fmt;

/// One of the five promises of realtime delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Promise {
    /// Nothing is lost, and nothing is acked that was not settled.
    NothingLost,
    /// Rising seqs, one at a time.
    InOrder,
    /// Nothing that was handled is offered again.
    NoDuplicates,
    /// Memory and repetitions have bounds.
    Bounded,
    /// Nothing stops the client, and it never spins.
    Live,
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingLost => "nothing lost",
            Self::InOrder => "in order",
            Self::NoDuplicates => "no duplicates",
            Self::Bounded => "bounded",
            Self::Live => "live",
        })
    }
}

/// A promise that was broken, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which promise.
    pub promise: Promise,
    /// What happened.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.promise, self.what)
    }
}

/// Counts over one run or many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Schedules that were run.
    pub schedules: u64,
    /// Inputs that clients were given; the promises were checked after each.
    pub inputs: u64,
    /// Messages that the platform stored.
    pub messages: u64,
    /// Offers of messages to the application.
    pub deliveries: u64,
    /// Faults by kind, as far as something happened to meet them.
    pub faults: BTreeMap<&'static str, u64>,
    /// Virtual time, in milliseconds.
    pub millis: u64,
}

impl Tally {
    pub(super) fn fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.schedules += other.schedules;
        self.inputs += other.inputs;
        self.messages += other.messages;
        self.deliveries += other.deliveries;
        self.millis += other.millis;
        for (kind, count) in &other.faults {
            *self.faults.entry(kind).or_default() += count;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>12} schedules", self.schedules)?;
        writeln!(f, "{:>12} steps, the promises checked after each", self.inputs)?;
        writeln!(f, "{:>12} messages stored", self.messages)?;
        writeln!(f, "{:>12} deliveries", self.deliveries)?;
        writeln!(f, "{:>12} hours of virtual time", self.millis / 3_600_000)?;
        writeln!(f, "{:>12} faults:", self.faults.values().sum::<u64>())?;
        for (kind, count) in &self.faults {
            writeln!(f, "{count:>16} {kind}")?;
        }
        Ok(())
    }
}
