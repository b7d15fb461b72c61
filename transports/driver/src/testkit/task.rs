//! A future that is polled while it is woken, and at no other time.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// More polls than any step needs: a task that takes more is spinning.
const SPINNING: usize = 10_000;

/// A future under observation: polled only when woken, so that a missed wake-up shows, and not for ever, so that a spinning one
/// does.
///
/// ```
/// use agentchat_driver::testkit::{Task, TestPlatform};
///
/// let client = TestPlatform::new().client();
/// let mut me = Task::new(async move { client.get_me().await });
/// assert_eq!(me.run().expect("nothing to wait for").unwrap().handle.as_str(), "me");
/// ```
pub struct Task<R> {
    future: Option<Pin<Box<dyn Future<Output = R>>>>,
    woken: Arc<Woken>,
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<R> Task<R> {
    /// A task that has not been polled yet.
    #[must_use]
    pub fn new(future: impl Future<Output = R> + 'static) -> Self {
        Self { future: Some(Box::pin(future)), woken: Arc::new(Woken(AtomicBool::new(true))) }
    }

    /// Polls until nothing wakes it any more; gives its result, once.
    ///
    /// # Panics
    /// If it wakes itself ten thousand times on end: it spins.
    pub fn run(&mut self) -> Option<R> {
        for _ in 0..SPINNING {
            if !self.is_woken() {
                return None;
            }
            if let Poll::Ready(result) = self.poll() {
                return Some(result);
            }
        }
        panic!("the task spins");
    }

    /// Polls once, woken or not: for tests of what a dropped future leaves behind. Pending once it is done.
    pub fn poll(&mut self) -> Poll<R> {
        self.woken.0.store(false, Ordering::Relaxed);
        let Some(future) = self.future.as_mut() else { return Poll::Pending };
        let waker = Waker::from(Arc::clone(&self.woken));
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        if polled.is_ready() {
            self.future = None;
        }
        polled
    }

    /// Whether something has happened that it waits for.
    #[must_use]
    pub fn is_woken(&self) -> bool {
        self.future.is_some() && self.woken.0.load(Ordering::Relaxed)
    }

    /// Whether its result was given.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.future.is_none()
    }
}

impl<R> fmt::Debug for Task<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("woken", &self.is_woken()).field("done", &self.is_done()).finish_non_exhaustive()
    }
}
