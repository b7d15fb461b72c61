//! CPU time, which other programs on the machine do not spend for us.

use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// What the current thread has spent.
#[must_use]
pub fn thread_cpu() -> Duration {
    duration(clock_gettime(ClockId::ThreadCPUTime))
}

/// What all threads of this process have spent.
#[must_use]
pub fn process_cpu() -> Duration {
    duration(clock_gettime(ClockId::ProcessCPUTime))
}

/// CPU time that the current thread spends with `run`.
pub fn spent(run: impl FnOnce()) -> Duration {
    let before = thread_cpu();
    run();
    thread_cpu().saturating_sub(before)
}

/// CPU clocks count up from zero.
fn duration(time: Timespec) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}
