//! [`Deliveries`]: a session's messages, waited for.

use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use agentchat_driver::{Deliveries as AsyncDeliveries, Delivery};

use crate::Blocking;
use crate::session::Session;

/// The messages of a session, each to be settled explicitly: an iterator that waits for the next, and a
/// [`recv_timeout`](Self::recv_timeout). While it exists the session goes on.
///
/// ```
/// use std::sync::mpsc::RecvTimeoutError;
/// use std::time::Duration;
/// # use agentchat_blocking::{ConsumerTaken, Realtime};
///
/// # fn example(realtime: &Realtime) -> Result<(), ConsumerTaken> {
/// let mut deliveries = realtime.deliveries()?;
/// loop {
///     match deliveries.recv_timeout(Duration::from_secs(60)) {
///         Ok(delivery) => delivery.handled(),
///         Err(RecvTimeoutError::Timeout) => println!("a quiet minute"),
///         Err(RecvTimeoutError::Disconnected) => return Ok(()),
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropping it leaves the session without a consumer"]
pub struct Deliveries {
    // Dropped first: what it had not given out waits for the next consumer, not for the session's end.
    pub(crate) deliveries: Blocking<AsyncDeliveries>,
    pub(crate) _session: Arc<Session>,
}

impl Iterator for Deliveries {
    type Item = Delivery;

    fn next(&mut self) -> Option<Delivery> {
        self.deliveries.next()
    }
}

impl Deliveries {
    /// The next delivery, if one comes in time; nothing is lost if none does.
    ///
    /// # Errors
    /// `Timeout` if none came, `Disconnected` if none will come any more.
    pub fn recv_timeout(&mut self, timeout: Duration) -> Result<Delivery, RecvTimeoutError> {
        self.deliveries.recv_timeout(timeout)
    }
}
