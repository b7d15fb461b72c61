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

    /// Those who have waited for it, if the value is another: to be woken outside all locks, because an executor may poll the woken
    /// task at once.
    #[must_use]
    pub(crate) fn set(&self, value: &V) -> Vec<Waker> {
        let mut inner = lock(&self.0);
        if inner.value == *value {
            return Vec::new();
        }
        inner.value = value.clone();
        std::mem::take(&mut inner.waiting)
    }

    /// The loop is gone; no further change can come.
    pub(crate) fn end(&self) {
        let mut inner = lock(&self.0);
        inner.ended = true;
        let woken = std::mem::take(&mut inner.waiting);
        drop(inner);
        woken.into_iter().for_each(Waker::wake);
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
}

impl<V> Inner<V> {
    fn wait(&mut self, cx: &Context<'_>) {
        if !self.waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            self.waiting.push(cx.waker().clone());
        }
    }
}
