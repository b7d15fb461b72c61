//! The process's memory as the system counts it.

use std::io;

/// Resident bytes.
///
/// # Errors
/// Where the system has no `/proc`.
pub(crate) fn resident() -> io::Result<usize> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    kib.map(|kib| kib * 1_024).ok_or_else(|| io::Error::other("VmRSS is not told"))
}
