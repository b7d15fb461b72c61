//! What a session tells besides deliveries, for as many readers as there are.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Waker};

use agentchat_engine::realtime::Event;
use futures_core::Stream;

use crate::lock::lock;

/// Events that are kept for a reader. Far more than a session says in any one moment, and little memory.
pub const EVENT_BACKLOG: usize = 1_024;

/// Bytes of events that are kept for a reader: those of the platform are as large as it likes.
pub const EVENT_BYTES: usize = 16 * 1024 * 1024;

/// A session's events from the moment of [`events()`](crate::Realtime::events) on; ends with the connection.
///
/// Each reader has a queue of its own of [`EVENT_BACKLOG`] events or [`EVENT_BYTES`], whichever is less. When a reader is too slow the oldest are dropped
/// and [counted](Self::lost), so the final event always arrives; a slow reader never holds up the session. Without
/// readers nothing is queued.
///
/// ```
/// # use agentchat_driver::{Realtime, engine::realtime::Event};
/// use futures_util::StreamExt;
///
/// async fn watch(realtime: &Realtime) {
///     let mut events = realtime.events();
///     while let Some(event) = events.next().await {
///         if let Event::Halted { reason, advice } = event {
///             eprintln!("halted: {reason:?}; {advice:?}");
///         }
///     }
/// }
/// ```
#[derive(Debug)]
#[must_use = "events that nobody reads are only stored"]
pub struct Events(Arc<Mutex<Queue>>);

impl Events {
    /// Events dropped so far because this reader was too slow.
    #[must_use]
    pub fn lost(&self) -> u64 {
        lock(&self.0).lost
    }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        let mut queue = lock(&self.0);
        match queue.pop() {
            Some(event) => Poll::Ready(Some(event)),
            None if queue.ended => Poll::Ready(None),
            None => {
                queue.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

#[derive(Debug, Default)]
struct Queue {
    events: VecDeque<Event>,
    bytes: usize,
    lost: u64,
    ended: bool,
    reader: Option<Waker>,
}

impl Queue {
    fn pop(&mut self) -> Option<Event> {
        let event = self.events.pop_front()?;
        self.bytes = self.bytes.saturating_sub(bytes(&event));
        Some(event)
    }
}

/// What an event holds of what the platform sent.
fn bytes(event: &Event) -> usize {
    match event {
        Event::Server(event) => event.text.len().saturating_add(event.kind.len()),
        Event::System { row } => row.text().len(),
        _ => 0,
    }
}

/// The loop's end: hands every event to every reader.
#[derive(Debug, Default)]
pub(crate) struct Hub(Mutex<Readers>);

#[derive(Debug, Default)]
struct Readers {
    queues: Vec<Weak<Mutex<Queue>>>,
    ended: bool,
}

impl Hub {
    pub(crate) fn subscribe(&self) -> Events {
        let mut readers = lock(&self.0);
        let queue = Arc::new(Mutex::new(Queue { ended: readers.ended, ..Queue::default() }));
        readers.queues.retain(|queue| queue.strong_count() > 0);
        readers.queues.push(Arc::downgrade(&queue));
        Events(queue)
    }

    pub(crate) fn publish(&self, event: &Event) {
        self.each(|queue| {
            queue.bytes = queue.bytes.saturating_add(bytes(event));
            queue.events.push_back(event.clone());
            while queue.events.len() > EVENT_BACKLOG || queue.bytes > EVENT_BYTES && queue.events.len() > 1 {
                queue.pop();
                queue.lost = queue.lost.saturating_add(1);
            }
        });
    }

    pub(crate) fn end(&self) {
        lock(&self.0).ended = true;
        self.each(|queue| queue.ended = true);
    }

    fn each(&self, mut change: impl FnMut(&mut Queue)) {
        let queues: Vec<_> = lock(&self.0).queues.iter().filter_map(Weak::upgrade).collect();
        for queue in queues {
            let mut queue = lock(&queue);
            change(&mut queue);
            let reader = queue.reader.take();
            drop(queue);
            if let Some(reader) = reader {
                reader.wake();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt};

    use super::*;

    #[test]
    fn a_slow_reader_loses_the_oldest_and_knows_how_many() {
        let hub = Hub::default();
        let mut events = hub.subscribe();
        for in_a_row in 0..EVENT_BACKLOG as u32 + 2 {
            hub.publish(&Event::Unstable { in_a_row });
        }
        hub.end();
        assert_eq!(events.lost(), 2);
        let first = events.next().now_or_never().flatten();
        assert!(matches!(first, Some(Event::Unstable { in_a_row: 2 })), "{first:?}");
        assert_eq!(events.count().now_or_never(), Some(EVENT_BACKLOG - 1));
        assert_eq!(hub.subscribe().count().now_or_never(), Some(0));
    }
}
