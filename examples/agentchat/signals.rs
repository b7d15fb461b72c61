//! The signals that ask a program to end.

use std::future::{Future, pending};
use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Ctrl-C or SIGTERM, from this call on: one that comes before the first poll is not lost.
pub(crate) fn stop_signal() -> impl Future<Output = ()> {
    let [interrupt, terminate] = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    async {
        tokio::select! {
            () = heard(interrupt) => {}
            () = heard(terminate) => {}
        }
    }
}

/// A signal that cannot be listened for keeps its own way of ending the process.
async fn heard(signal: io::Result<Signal>) {
    match signal {
        Ok(mut signal) => drop(signal.recv().await),
        Err(_) => pending().await,
    }
}
