//! Time and CPU time from the first of many things to the last.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use crate::clock::process_cpu;

/// Counts, and looks at the clocks at the first and at the last.
pub(crate) struct Meter {
    wanted: usize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    counted: usize,
    begin: Option<(Instant, Duration)>,
    spent: Option<Spent>,
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
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.counted += 1;
        let begin = *inner.begin.get_or_insert_with(now);
        let last = inner.counted == self.wanted;
        if last {
            inner.spent = Some(since(begin));
        }
        last
    }

    /// What was spent until the last.
    pub(crate) fn spent(&self) -> Result<Spent, String> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = || format!("of {} frames {} came", self.wanted, inner.counted);
        if inner.counted > self.wanted { Err(missing()) } else { inner.spent.ok_or_else(missing) }
    }
}
