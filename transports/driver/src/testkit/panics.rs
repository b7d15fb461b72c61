//! Handlers that panic: in a program that is a failed message, in a test it is a failed test.

use std::sync::{Arc, Mutex};
use std::{fmt, thread};

use crate::lock::lock;

/// What handlers panicked with. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Panics(Arc<Mutex<Vec<String>>>);

impl Panics {
    pub(crate) fn add(&self, message: &str) {
        lock(&self.0).push(message.to_owned());
    }
}

/// Held by the handles of a platform or a script: the last of them to go fails the test, if nobody else has.
#[derive(Default)]
pub(crate) struct Guard(Panics);

impl Guard {
    pub(crate) fn panics(&self) -> Panics {
        self.0.clone()
    }

    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.0.0))
    }

    /// # Panics
    /// If a handler has.
    pub(crate) fn check(&self) {
        if let [first, ..] = &self.take()[..] {
            panic!("a handler panicked: {first}");
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.check();
        }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Guard").field(&lock(&self.0.0)).finish()
    }
}
