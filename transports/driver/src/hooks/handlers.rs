//! [`Hooks`]: functions that are called with what happens.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_lite::future::yield_now;
use futures_util::StreamExt;
use tracing::error;

use super::event::{BacklogEvent, CallEvent, ErrorEvent, RequestEvent, ResponseEvent, RetryEvent};
use super::queue::CallEvents;

type Hook<E> = Option<Box<dyn FnMut(&E) + Send>>;

/// Functions that are called with what the calls of a client and its sessions do. They run in the task that
/// [`run`](Self::run) is polled in, not in the calls: one that takes long delays other hooks and whatever else is in that
/// task, but no call; one that panics is reported through `tracing`, and called again with the next event.
///
/// ```
/// # use agentchat_driver::{Client, Transport};
/// use agentchat_driver::Hooks;
///
/// # async fn example<T: Transport>(client: Client<T>) {
/// let hooks = Hooks::new()
///     .on_retry(|retry| eprintln!("{} again in {:?}", retry.at.name, retry.delay))
///     .on_backlog_warning(|event| eprintln!("{} is far behind", event.warning.recipient_handle));
/// let (client, events) = client.observed();
/// // To be spawned; the adapters have a function that does it.
/// let running = hooks.run(events);
/// # }
/// ```
#[derive(Default)]
#[must_use = "hooks are called where they run"]
pub struct Hooks {
    request: Hook<RequestEvent>,
    response: Hook<ResponseEvent>,
    error: Hook<ErrorEvent>,
    retry: Hook<RetryEvent>,
    backlog_warning: Hook<BacklogEvent>,
}

impl Hooks {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Before each attempt.
    pub fn on_request(mut self, hook: impl FnMut(&RequestEvent) + Send + 'static) -> Self {
        self.request = Some(Box::new(hook));
        self
    }

    /// After each call that succeeded.
    pub fn on_response(mut self, hook: impl FnMut(&ResponseEvent) + Send + 'static) -> Self {
        self.response = Some(Box::new(hook));
        self
    }

    /// After each attempt that failed, those that are followed by another included.
    pub fn on_error(mut self, hook: impl FnMut(&ErrorEvent) + Send + 'static) -> Self {
        self.error = Some(Box::new(hook));
        self
    }

    /// Before the wait for another attempt.
    pub fn on_retry(mut self, hook: impl FnMut(&RetryEvent) + Send + 'static) -> Self {
        self.retry = Some(Box::new(hook));
        self
    }

    /// After a message was stored whose recipient is far behind. The send has succeeded, whatever the hook does.
    pub fn on_backlog_warning(mut self, hook: impl FnMut(&BacklogEvent) + Send + 'static) -> Self {
        self.backlog_warning = Some(Box::new(hook));
        self
    }

    /// Calls the hooks until the client and the connections of its sessions are gone.
    pub async fn run(mut self, mut events: CallEvents) {
        while let Some(event) = events.next().await {
            // What a hook leaves behind when it panics is its own; nothing of ours is in between.
            if catch_unwind(AssertUnwindSafe(|| self.call(&event))).is_err() {
                error!("a hook panicked");
            }
            yield_now().await;
        }
    }

    fn call(&mut self, event: &CallEvent) {
        match event {
            CallEvent::Request(event) => tell(&mut self.request, event),
            CallEvent::Response(event) => tell(&mut self.response, event),
            CallEvent::Error(event) => tell(&mut self.error, event),
            CallEvent::Retry(event) => tell(&mut self.retry, event),
            CallEvent::BacklogWarning(event) => tell(&mut self.backlog_warning, event),
        }
    }
}

fn tell<E>(hook: &mut Hook<E>, event: &E) {
    if let Some(hook) = hook {
        hook(event);
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("request", &self.request.is_some())
            .field("response", &self.response.is_some())
            .field("error", &self.error.is_some())
            .field("retry", &self.retry.is_some())
            .field("backlog_warning", &self.backlog_warning.is_some())
            .finish()
    }
}
