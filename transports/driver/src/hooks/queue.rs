//! The queues between calls and listeners.

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures_channel::mpsc;
use futures_core::Stream;
use futures_util::StreamExt;

use super::CallEvent;
use crate::lock::lock;

/// Events that wait in a queue before the newest are lost.
pub const HOOK_BACKLOG: usize = 1024;

/// What the calls of a client and its sessions do, as it happens. Ends when the client, its clones and the
/// [`Connection`](crate::Connection)s made of them are gone.
///
/// ```
/// # use agentchat_driver::{Client, Transport};
/// use agentchat_driver::CallEvent;
/// use futures_util::StreamExt;
///
/// # async fn example<T: Transport>(client: Client<T>) {
/// let (client, mut events) = client.observed();
/// let listening = async {
///     while let Some(event) = events.next().await {
///         if let CallEvent::Error(error) = event {
///             eprintln!("{} failed: {:?} after {:?}", error.at.name, error.failure.code, error.elapsed);
///         }
///     }
/// };
/// # }
/// ```
pub struct CallEvents {
    events: mpsc::Receiver<CallEvent>,
    missed: Arc<AtomicU64>,
}

impl CallEvents {
    /// How many events were lost so far, because the queue was full.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

impl Stream for CallEvents {
    type Item = CallEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<CallEvent>> {
        self.events.poll_next_unpin(cx)
    }
}

impl fmt::Debug for CallEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallEvents").field("missed", &self.missed()).finish_non_exhaustive()
    }
}

struct Queue {
    events: Mutex<mpsc::Sender<CallEvent>>,
    missed: Arc<AtomicU64>,
}

/// The queues of a client. Without any, telling costs nothing.
#[derive(Clone, Default)]
pub(crate) struct Queues {
    queues: Vec<Arc<Queue>>,
    calls: Arc<AtomicU64>,
}

impl Queues {
    /// The same queues and one more.
    pub(crate) fn with_another(&self) -> (Self, CallEvents) {
        // A channel has one place more for each sender.
        let (sender, events) = mpsc::channel(HOOK_BACKLOG - 1);
        let missed = Arc::<AtomicU64>::default();
        let queue = Queue { events: Mutex::new(sender), missed: Arc::clone(&missed) };
        let mut queues = self.clone();
        queues.queues.push(Arc::new(queue));
        (queues, CallEvents { events, missed })
    }

    /// Whether nobody listens.
    pub(super) fn is_empty(&self) -> bool {
        self.queues.is_empty()
    }

    /// The number of another call.
    pub(super) fn next_call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed).wrapping_add(1)
    }

    /// Never waits.
    pub(super) fn tell(&self, event: &CallEvent) {
        for queue in &self.queues {
            let told = lock(&queue.events).try_send(event.clone());
            if told.is_err_and(|error| error.is_full()) {
                queue.missed.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
