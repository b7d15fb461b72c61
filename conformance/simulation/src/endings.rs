//! What ends: connections that the platform closes, for good or not, clients that close, and pages of a drain.

use super::client::{Client, Subject, Told};
use super::contract::{CLOSE_WAIT, REFUSED};
use super::network::micros;
use super::schedule::Purpose;
use super::tally::{Promise, Violation};
use super::world::World;

impl<S: Subject> World<'_, S> {
    /// The platform's close frame reaches the client. If it is final, so is what the client makes of it.
    pub(super) fn closed_by_platform(&mut self, socket: u64, code: u16, reason: &'static str) -> Result<(), Violation> {
        let current = self.current == Some(socket);
        self.connection_ended(socket);
        self.refused = code == REFUSED && current;
        self.tell(Told::Closed { socket, code, reason })?;
        if std::mem::take(&mut self.refused) && self.running && !self.closing {
            let what = "the platform ended the session for good, and the client goes on".to_owned();
            return Err(Violation { promise: Promise::Live, what });
        }
        // The application has a new key by then.
        if self.application.healed { self.start() } else { Ok(()) }
    }

    /// The client says that it has closed: no handler is left behind, unless it takes too long.
    pub(super) fn closed(&self) -> Result<(), Violation> {
        let waited = self.closing_since.is_some_and(|since| self.now >= since + micros(CLOSE_WAIT));
        if waited || self.open.is_empty() {
            return Ok(());
        }
        let what = format!("the client closed while {} handlers were at work", self.open.len());
        Err(Violation { promise: Promise::NothingLost, what })
    }

    /// The client sends an ack: the platform has offered to take it.
    pub(super) fn takes_acks(&self, socket: u64) -> Result<(), Violation> {
        if self.network.sockets.get(&socket).is_some_and(|state| state.acks == Some(true)) {
            return Ok(());
        }
        let what = "an ack was sent to a platform that takes none".to_owned();
        Err(Violation { promise: Promise::NothingLost, what })
    }

    /// The client has read a full page of the sync: it asks for the next one, whatever is not settled yet.
    pub(super) fn pages_on(&self) -> Result<(), Violation> {
        let asks = self.network.awaited.values().any(|purpose| *purpose == Purpose::Sync);
        if asks || self.client.is_full() || !self.client.is_greeted() {
            return Ok(());
        }
        let what = "a page of the sync was full, and the next one was not asked for".to_owned();
        Err(Violation { promise: Promise::Live, what })
    }
}
