//! Keeping threads on one core, so that none of the time goes into moving between caches.

use std::io;

/// The cores a thread may be kept on, counted from the last one that this process may use: the system's own work
/// tends to be on the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Core {
    /// For what is measured.
    Measured,
    /// For the other end. The same one if there is only one.
    Peer,
}

/// Keeps the current thread, and those that it starts from now on, on one core.
///
/// # Errors
/// If the system does not allow it, or has no such thing.
#[cfg(target_os = "linux")]
pub fn pin(core: Core) -> io::Result<()> {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    // Those of the process's first thread, whatever the current one was pinned to before.
    let process = rustix::process::getpid();
    let allowed = sched_getaffinity(Some(process)).or_else(|_| sched_getaffinity(None))?;
    let cores: Vec<usize> = (0..CpuSet::MAX_CPU).rev().filter(|core| allowed.is_set(*core)).collect();
    let place = match core {
        Core::Measured => 0,
        Core::Peer => 1,
    };
    let chosen = cores.get(place).or(cores.first()).ok_or(io::ErrorKind::NotFound)?;
    let mut one = CpuSet::new();
    one.set(*chosen);
    Ok(sched_setaffinity(None, &one)?)
}

/// Keeps the current thread, and those that it starts from now on, on one core.
///
/// # Errors
/// If the system does not allow it, or has no such thing.
#[cfg(not(target_os = "linux"))]
pub fn pin(_core: Core) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
