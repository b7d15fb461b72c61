//! [`Blocking`]: a stream that is waited for.

use std::pin::pin;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::stream::{Stream, StreamExt};

use crate::block_on;

/// A stream as an iterator: what async programs await, `next` waits for.
#[derive(Debug)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Blocking<S>(S);

impl<S: Stream + Unpin> Blocking<S> {
    /// Waits for a stream.
    pub fn new(stream: S) -> Self {
        Self(stream)
    }

    /// The stream, for what else it has to tell, such as [`Events::lost`](crate::Events::lost) or
    /// [`Paged::position`](crate::Paged::position).
    #[must_use]
    pub fn get_ref(&self) -> &S {
        &self.0
    }

    /// The next item, if one comes in time; nothing is lost if none does.
    ///
    /// # Errors
    /// `Timeout` if none came, `Disconnected` if none will come any more.
    pub fn recv_timeout(&mut self, timeout: Duration) -> Result<S::Item, RecvTimeoutError> {
        block_on(async {
            match select(self.0.next(), pin!(smol::Timer::after(timeout))).await {
                Either::Left((item, _)) => item.ok_or(RecvTimeoutError::Disconnected),
                Either::Right(_) => Err(RecvTimeoutError::Timeout),
            }
        })
    }
}

impl<S: Stream + Unpin> Iterator for Blocking<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        block_on(self.0.next())
    }
}
