//! `--count`: the session ends when so many messages were handled.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, Semaphore};

/// How many messages are still to be handled. Without a number there is no end to them.
#[derive(Debug)]
pub(super) struct Count(Option<Limited>);

#[derive(Debug)]
struct Limited {
    left: AtomicUsize,
    /// One for each message that may be begun.
    turns: Semaphore,
    reached: Notify,
}

impl Count {
    pub(super) fn new(limit: Option<u64>) -> Self {
        // More than a process can count to is no limit.
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        Self(limit.map(|limit| Limited {
            left: AtomicUsize::new(limit),
            turns: Semaphore::new(limit.min(Semaphore::MAX_PERMITS)),
            reached: Notify::new(),
        }))
    }

    /// Handles a message if it is one of so many; one that failed leaves its place to another. What is not begun stays
    /// with the platform.
    pub(super) async fn handle(&self, handling: impl Future<Output = Result<(), String>>) -> Result<(), String> {
        let Some(limited) = &self.0 else { return handling.await };
        let turn = limited.turns.acquire().await.map_err(|_| "as many messages as were asked for are handled")?;
        handling.await?;
        turn.forget();
        if limited.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            limited.turns.close();
            limited.reached.notify_one();
        }
        Ok(())
    }

    /// Waits until so many were handled.
    pub(super) async fn reached(&self) {
        match &self.0 {
            Some(limited) => limited.reached.notified().await,
            None => pending().await,
        }
    }
}
