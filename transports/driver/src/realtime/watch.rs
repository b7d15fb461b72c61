//! A value of the session that can be read and waited on: its state, its progress.

use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use crate::lock::lock;

#[derive(Debug)]
pub(crate) struct Watch<V>(Mutex<Inner<V>>);

#[derive(Debug)]
struct Inner<V> {
    value: V,
    ended: bool,
    waiting: Vec<Waker>,
}

impl<V: Clone + PartialEq> Watch<V> {
    pub(crate) fn new(value: V) -> Self {
        Self(Mutex::new(Inner { value, ended: false, waiting: Vec::new() }))
    }

    pub(crate) fn get(&self) -> V {
        lock(&self.0).value.clone()
    }

    pub(crate) fn set(&self, value: V) {
        self.change(|inner| {
            let changed = inner.value != value;
            if changed {
                inner.value = value;
            }
            changed
        });
    }

    /// The loop is gone; no further change can come.
    pub(crate) fn end(&self) {
        self.change(|inner| !std::mem::replace(&mut inner.ended, true));
    }

    /// Ready with a value other than `seen`, or with nothing once none can come any more.
    pub(crate) fn poll_changed(&self, cx: &Context<'_>, seen: &V) -> Poll<Option<V>> {
        let mut inner = lock(&self.0);
        if inner.value != *seen {
            return Poll::Ready(Some(inner.value.clone()));
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
    fn change(&self, change: impl FnOnce(&mut Inner<V>) -> bool) {
        let mut inner = lock(&self.0);
        let woken = if change(&mut inner) { std::mem::take(&mut inner.waiting) } else { Vec::new() };
        drop(inner);
        woken.into_iter().for_each(Waker::wake);
    }
}

impl<V> Inner<V> {
    fn wait(&mut self, cx: &Context<'_>) {
        if !self.waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            self.waiting.push(cx.waker().clone());
        }
    }
}
