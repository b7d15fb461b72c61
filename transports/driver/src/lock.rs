//! Locking without a panic.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Nothing in this crate runs foreign code under a lock, so what a poisoned one guards is whole.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
