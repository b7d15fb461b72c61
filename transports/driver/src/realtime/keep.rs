//! Keeping a session's checkpoint in its file while it runs.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use blocking::unblock;
use futures_channel::oneshot::Receiver;
use futures_util::future::FutureExt;

use super::shared::EndGuard;
use crate::Transport;

/// How long after a failure storing is tried again, if no newer one is due before.
const AGAIN: Duration = Duration::from_secs(5);

/// Stores a checkpoint whenever the last one has become old, until the other end of `ended` is dropped.
pub(super) async fn keep<T: Transport>(session: &EndGuard, transport: &T, mut ended: Receiver<Infallible>) {
    let shared = &*session.shared;
    if session.file.is_none() {
        let _ = ended.await;
        return;
    }
    let mut seen = shared.revision.get();
    let mut stored = true;
    loop {
        let mut again = pin!(transport.sleep_until(transport.now().mono + AGAIN));
        let over = poll_fn(|cx| {
            if ended.poll_unpin(cx).is_ready() {
                return Poll::Ready(true);
            }
            let due = shared.revision.poll_changed(cx, &seen).is_ready() || !stored && again.poll_unpin(cx).is_ready();
            if due { Poll::Ready(false) } else { Poll::Pending }
        });
        if over.await {
            return;
        }
        seen = shared.revision.get();
        stored = store(session).await;
    }
}

/// Stores the newest checkpoint, if there is a file for it; whether nothing is left to be stored.
pub(super) async fn store(session: &EndGuard) -> bool {
    let Some(file) = session.file.clone() else { return true };
    let shared = Arc::clone(&session.shared);
    unblock(move || file.store_newest(|| shared.checkpoint())).await
}
