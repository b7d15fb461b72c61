//! The signals that ask a program to end.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep;

/// Who passes a signal on may send it twice, as `timeout` does, or another after it, as a terminal that closes does.
const SAME: Duration = Duration::from_secs(1);

/// Ctrl-C, SIGTERM, and the end of the terminal. None that comes after this was made is lost.
#[derive(Debug)]
pub(crate) struct StopSignals(Vec<Signal>);

impl StopSignals {
    pub(crate) fn new() -> Self {
        let hangup = SignalKind::hangup();
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()].into_iter();
        let kinds = kinds.chain((!is_ignored(hangup)).then_some(hangup));
        // A signal that cannot be listened for keeps its own way of ending the process.
        Self(kinds.filter_map(|kind| signal(kind).ok()).collect())
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        poll_fn(|cx| match self.0.iter_mut().any(|signal| signal.poll_recv(cx).is_ready()) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
    }

    /// Waits, after the first, for one that was sent by somebody who does not want to wait.
    pub(crate) async fn again(&mut self) {
        sleep(SAME).await;
        while self.next().now_or_never().is_some() {}
        self.next().await;
    }
}

/// A file that grows past the limit of the process (RLIMIT_FSIZE) is an error like a full disk, and no reason to die.
pub(crate) fn survive_file_limits() {
    // Where it cannot be listened for, it keeps its own way of ending the process.
    let _ = signal(SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw()));
}

/// Whether the process was started with a signal ignored, as `nohup` does. Where the kernel does not say, it did not.
fn is_ignored(kind: SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    let bit = u32::try_from(kind.as_raw_value()).ok().and_then(|number| number.checked_sub(1));
    bit.and_then(|bit| ignored.checked_shr(bit)).is_some_and(|mask| mask & 1 == 1)
}
