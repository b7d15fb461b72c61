//! The signals that ask a program to end.

use tokio::signal::unix::{SignalKind, signal};

/// Ctrl-C or SIGTERM.
pub(crate) async fn stop_signal() {
    // A signal that cannot be listened for keeps its own way of ending the process.
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
