//! Time and CPU time from the first of many things to the last.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::process_cpu;

/// How many are counted between two looks at the clocks.
const LOOK: usize = 64;

/// Counts, and looks at the clocks at the first, now and then, and at the last.
pub(crate) struct Meter {
    wanted: usize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    counted: usize,
    begin: Option<(Instant, Duration)>,
    spent: Option<(usize, Spent)>,
}

/// What was spent between two moments, by all threads of the process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    pub(crate) time: Duration,
    pub(crate) cpu: Duration,
}

impl Spent {
    /// Seconds for each of so many, and seconds of CPU.
    pub(crate) fn each(self, of: usize) -> [f64; 2] {
        [self.time, self.cpu].map(|spent| spent.as_secs_f64() / of as f64)
    }
}

/// What was spent since a moment.
pub(crate) fn since((time, cpu): (Instant, Duration)) -> Spent {
    Spent { time: time.elapsed(), cpu: process_cpu().saturating_sub(cpu) }
}

/// This moment.
pub(crate) fn now() -> (Instant, Duration) {
    (Instant::now(), process_cpu())
}

impl Meter {
    pub(crate) fn new(wanted: usize) -> Self {
        Self { wanted, inner: Mutex::default() }
    }

    /// Counts one; whether it is the last.
    pub(crate) fn count(&self) -> bool {
        let mut inner = self.inner();
        inner.counted += 1;
        let begin = *inner.begin.get_or_insert_with(now);
        let last = inner.counted == self.wanted;
        if last || inner.counted.is_multiple_of(LOOK) {
            inner.spent = Some((inner.counted, since(begin)));
        }
        last
    }

    /// How many were counted.
    pub(crate) fn counted(&self) -> usize {
        self.inner().counted
    }

    /// What was spent until the last.
    pub(crate) fn spent(&self) -> Result<Spent, String> {
        match self.so_far()? {
            (counted, spent) if counted == self.wanted && self.counted() == counted => Ok(spent),
            _ => Err(format!("of {} messages {} came", self.wanted, self.counted())),
        }
    }

    /// What was spent until the last time that the clocks were looked at, and how many were counted by then.
    pub(crate) fn so_far(&self) -> Result<(usize, Spent), String> {
        let spent = self.inner().spent;
        spent.ok_or_else(|| format!("only {} messages came", self.counted()))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
