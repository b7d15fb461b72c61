//! Commands on their way from handles, consumers and deliveries to the loop.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use super::command::Command;
use crate::lock::lock;

/// Unbounded, and yet bounded by what sends: one settlement a delivery, and what the application asks for. The loop takes all that
/// waits at once, so that many cost one lock and one wake-up, and none an allocation of its own.
#[derive(Debug, Default)]
pub(crate) struct CommandQueue(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    waiting: VecDeque<Command>,
    closed: bool,
    reader: Option<Waker>,
}

impl CommandQueue {
    /// Adds a command. One that comes after [`close`](Self::close) is handed back.
    pub(crate) fn send(&self, command: Command) -> Option<Command> {
        let mut inner = lock(&self.0);
        if inner.closed {
            return Some(command);
        }
        inner.waiting.push_back(command);
        let reader = inner.reader.take();
        drop(inner);
        // Outside the lock: an executor may poll the woken task at once.
        if let Some(reader) = reader {
            reader.wake();
        }
        None
    }

    /// Takes all that waits, in exchange for an empty queue, whose room is used again.
    pub(crate) fn poll_take(&self, cx: &Context<'_>, empty: &mut VecDeque<Command>) -> Poll<()> {
        let mut inner = lock(&self.0);
        if inner.waiting.is_empty() {
            inner.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        std::mem::swap(&mut inner.waiting, empty);
        Poll::Ready(())
    }

    /// The loop is gone. Gives what it has not taken.
    pub(crate) fn close(&self) -> VecDeque<Command> {
        let mut inner = lock(&self.0);
        inner.closed = true;
        inner.reader = None;
        std::mem::take(&mut inner.waiting)
    }

    pub(crate) fn is_closed(&self) -> bool {
        lock(&self.0).closed
    }
}

#[cfg(test)]
mod tests {
    use agentchat_engine::realtime::Input;

    use super::*;

    #[test]
    fn all_that_waits_is_taken_at_once_and_nothing_after_the_end() {
        let queue = CommandQueue::default();
        let mut taken = VecDeque::new();
        let cx = Context::from_waker(Waker::noop());
        assert!(queue.poll_take(&cx, &mut taken).is_pending());
        for input in [Input::Drain, Input::Close] {
            assert!(queue.send(input.into()).is_none());
        }
        assert!(queue.poll_take(&cx, &mut taken).is_ready());
        assert_eq!(taken.len(), 2);
        assert!(queue.send(Input::Drain.into()).is_none());
        assert_eq!(queue.close().len(), 1);
        assert!(queue.is_closed() && queue.send(Input::Close.into()).is_some());
    }
}
