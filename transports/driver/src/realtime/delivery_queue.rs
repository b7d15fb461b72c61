//! Deliveries on their way from the loop to the one consumer.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use agentchat_engine::realtime::Delivery;

use crate::lock::lock;

/// Holds no more than the engine's `max_in_flight`. What waits here when a consumer goes is kept for the next one: no
/// handler has seen it, so it has not failed.
#[derive(Debug, Default)]
pub(crate) struct DeliveryQueue(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    waiting: VecDeque<Delivery>,
    taken: bool,
    ended: bool,
    reader: Option<Waker>,
}

impl DeliveryQueue {
    /// Adds a delivery, and leaves the consumer asleep until [`announce`](Self::announce).
    pub(crate) fn push(&self, delivery: Delivery) {
        lock(&self.0).waiting.push_back(delivery);
    }

    /// Wakes the consumer, if it waits. Once for many deliveries: it may run on another thread, where each wake-up is a system
    /// call.
    pub(crate) fn announce(&self) {
        let reader = lock(&self.0).reader.take();
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    /// Becomes the consumer, unless there is one.
    pub(crate) fn take(&self) -> bool {
        !std::mem::replace(&mut lock(&self.0).taken, true)
    }

    pub(crate) fn release(&self) {
        let mut inner = lock(&self.0);
        inner.taken = false;
        inner.reader = None;
    }

    pub(crate) fn is_taken(&self) -> bool {
        lock(&self.0).taken
    }

    pub(crate) fn poll_next(&self, cx: &Context<'_>) -> Poll<Option<Delivery>> {
        let mut inner = lock(&self.0);
        if inner.ended {
            return Poll::Ready(None);
        }
        if let Some(delivery) = inner.waiting.pop_front() {
            return Poll::Ready(Some(delivery));
        }
        inner.reader = Some(cx.waker().clone());
        Poll::Pending
    }

    /// What waits, if there is nobody to take it.
    pub(crate) fn orphans(&self) -> VecDeque<Delivery> {
        let mut inner = lock(&self.0);
        if inner.taken { VecDeque::new() } else { std::mem::take(&mut inner.waiting) }
    }

    /// Nothing can be settled any more, so nothing is handed out either: the platform will offer it again.
    pub(crate) fn end(&self) {
        let mut inner = lock(&self.0);
        inner.ended = true;
        inner.waiting.clear();
        drop(inner);
        self.announce();
    }
}
