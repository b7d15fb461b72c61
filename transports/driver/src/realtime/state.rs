//! The session's state as a value that can be read and waited on.

use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use agentchat_engine::realtime::ConnectionState;

use crate::lock::lock;

#[derive(Debug)]
pub(crate) struct StateCell(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    state: ConnectionState,
    ended: bool,
    waiting: Vec<Waker>,
}

impl Default for StateCell {
    fn default() -> Self {
        Self(Mutex::new(Inner { state: ConnectionState::Idle, ended: false, waiting: Vec::new() }))
    }
}

impl StateCell {
    pub(crate) fn get(&self) -> ConnectionState {
        lock(&self.0).state.clone()
    }

    pub(crate) fn set(&self, state: &ConnectionState) {
        self.change(|inner| {
            let changed = inner.state != *state;
            if changed {
                inner.state = state.clone();
            }
            changed
        });
    }

    /// The loop is gone; no further change can come.
    pub(crate) fn end(&self) {
        self.change(|inner| !std::mem::replace(&mut inner.ended, true));
    }

    /// Ready with a state other than `seen`, or with nothing once none can come any more.
    pub(crate) fn poll_changed(&self, cx: &Context<'_>, seen: &ConnectionState) -> Poll<Option<ConnectionState>> {
        let mut inner = lock(&self.0);
        if inner.state != *seen {
            return Poll::Ready(Some(inner.state.clone()));
        }
        if inner.ended {
            return Poll::Ready(None);
        }
        inner.wait(cx);
        Poll::Pending
    }

    pub(crate) fn poll_ended(&self, cx: &Context<'_>) -> Poll<()> {
        let mut inner = lock(&self.0);
        if inner.ended {
            return Poll::Ready(());
        }
        inner.wait(cx);
        Poll::Pending
    }

    /// Wakes outside the lock: an executor may poll the woken task at once.
    fn change(&self, change: impl FnOnce(&mut Inner) -> bool) {
        let mut inner = lock(&self.0);
        let woken = if change(&mut inner) { std::mem::take(&mut inner.waiting) } else { Vec::new() };
        drop(inner);
        woken.into_iter().for_each(Waker::wake);
    }
}

impl Inner {
    fn wait(&mut self, cx: &Context<'_>) {
        if !self.waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            self.waiting.push(cx.waker().clone());
        }
    }
}
