//! [`Checkpoints`]: when to store what the next session needs.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use agentchat_engine::realtime::Checkpoint;
use futures_core::Stream;

use super::shared::Shared;

/// A session's checkpoints: a new one whenever messages have been settled for good since the last, or the platform turned out to
/// take no acks, and then only the newest. Ends with the connection, after its last word.
///
/// Storing each one keeps what a crash can repeat down to the messages that were being handled. A checkpoint is made
/// when it is asked for, so one that is stored rarely costs nothing meanwhile.
///
/// A [`CheckpointFile`](crate::CheckpointFile) does this by itself; this is for checkpoints that are kept elsewhere:
///
/// ```
/// # use agentchat_driver::Realtime;
/// use futures_util::StreamExt;
///
/// async fn store(realtime: &Realtime, put: impl AsyncFn(&str, String)) {
///     let mut checkpoints = realtime.checkpoints();
///     while let Some(checkpoint) = checkpoints.next().await {
///         put("agent/checkpoint", checkpoint.to_json()).await;
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use = "a checkpoint that nobody stores is of no use"]
pub struct Checkpoints {
    shared: Arc<Shared>,
    seen: u64,
}

impl Checkpoints {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let seen = shared.revision.get();
        Self { shared, seen }
    }
}

impl Stream for Checkpoints {
    type Item = Checkpoint;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Checkpoint>> {
        let revision = ready!(self.shared.revision.poll_changed(cx, &self.seen));
        Poll::Ready(revision.map(|revision| {
            self.seen = revision;
            self.shared.checkpoint()
        }))
    }
}
