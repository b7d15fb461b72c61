//! Futures that are dropped before they are done.

use std::future::{Future, poll_fn};
use std::task::Poll;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

/// Polls a future so many times, at first and whenever it is woken, and drops it; its result if it was done by then.
pub(super) async fn polled<T>(times: usize, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut left) = (Box::pin(future), times);
    let counted = poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    });
    // Has a waker of its own: what else wakes this task is no poll.
    FuturesUnordered::from_iter([counted]).next().await.flatten()
}

/// Makes and drops futures, each polled once more than the one before, until one gets to its end.
pub(super) async fn at_every_point<T, Fut: Future<Output = T>>(mut make: impl FnMut(usize) -> Fut) -> T {
    for times in 0.. {
        if let Some(result) = polled(times, make(times)).await {
            return result;
        }
    }
    unreachable!("the numbers do not end")
}
