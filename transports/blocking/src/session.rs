//! A session on a thread of its own, which ends with the last of its handles.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Mutex;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use agentchat_driver::{CLOSE_HANDSHAKE, Connection, Events, Realtime};
use futures_util::future::{Either, select};

use crate::{BlockingTransport, block_on};

/// What the thread may take beyond what the session allows itself.
const SLACK: Duration = Duration::from_secs(1);

/// The operating system gave no thread for a realtime session.
#[derive(Debug, thiserror::Error)]
#[error("the session's thread cannot be started")]
pub struct StartError(#[source] io::Error);

/// Owned by the handles and the consumer.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) realtime: Realtime,
    /// From the session's start on, until somebody takes them.
    first_events: Mutex<Option<Events>>,
    thread: Option<JoinHandle<()>>,
    patience: Duration,
}

impl Session {
    pub(crate) fn start(
        close_wait: Duration,
        (realtime, connection): (Realtime, Connection<BlockingTransport>),
    ) -> Result<Self, StartError> {
        let patience = close_wait.saturating_add(CLOSE_HANDSHAKE).saturating_add(SLACK);
        let first_events = Mutex::new(Some(realtime.events()));
        let named = Builder::new().name("agentchat-session".to_owned());
        let thread = Some(run(named, connection.run())?);
        Ok(Self { realtime, first_events, thread, patience })
    }

    /// The events, from the session's start on for who comes first.
    pub(crate) fn events(&self) -> Events {
        // Nothing panics under the lock.
        let first = self.first_events.lock().ok().and_then(|mut first| first.take());
        first.unwrap_or_else(|| self.realtime.events())
    }

    pub(crate) fn ended_within(&self, timeout: Duration) -> bool {
        let (closed, over) = (self.realtime.closed(), smol::Timer::after(timeout));
        block_on(async { matches!(select(pin!(closed), pin!(over)).await, Either::Left(_)) })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.realtime.close();
        if self.ended_within(self.patience)
            && let Some(thread) = self.thread.take()
        {
            // The loop is gone, the thread is on its last step. A panic of it has been reported by the panic hook.
            let _ = thread.join();
        }
    }
}

fn run<F>(thread: Builder, session: F) -> Result<JoinHandle<()>, StartError>
where
    F: Future<Output: Send> + Send + 'static,
{
    thread.spawn(move || drop(block_on(session))).map_err(StartError)
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    #[test]
    fn a_thread_that_cannot_be_started_is_an_error() {
        // More than any address space has.
        let refused = run(Builder::new().stack_size(1 << 60), ready(())).unwrap_err();
        assert_eq!(refused.to_string(), "the session's thread cannot be started");
        assert!(std::error::Error::source(&refused).is_some(), "{refused:?}");
        run(Builder::new(), ready(())).unwrap().join().unwrap();
    }
}
