//! What the handlers of a flood do, ours and the bare loop's.

use std::time::Duration;

/// Takes so long.
pub(super) async fn work(takes: Duration) {
    if !takes.is_zero() {
        tokio::time::sleep(takes).await;
    }
}
