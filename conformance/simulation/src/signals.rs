//! Signals: each is sent at once, or handed back at once, and never later.

use super::client::{Client, Conversation, Subject, Told};
use super::tally::{Promise, Violation};
use super::world::World;

impl<S: Subject> World<'_, S> {
    /// The application begins to write.
    pub(super) fn typing(&mut self, conversation: Conversation) -> Result<(), Violation> {
        let sent = self.client.is_greeted();
        self.tally.fault(if sent { "signal" } else { "signal without a connection" });
        self.signal = Some(sent);
        self.tell(Told::Typing { conversation })?;
        match self.signal.take() {
            None => Ok(()),
            Some(_) => lost("a signal was neither sent nor handed back"),
        }
    }

    /// The client sends a signal, or hands it back.
    pub(super) fn signalled(&mut self, sent: bool) -> Result<(), Violation> {
        match (self.signal.take(), sent) {
            (Some(expected), _) if expected == sent => Ok(()),
            (Some(_), true) => lost("a signal was sent without a connection"),
            (Some(_), false) => lost("a signal was handed back that could be sent"),
            (None, true) => lost("a signal was sent that was not given just now"),
            (None, false) => lost("a signal was handed back that was not given just now"),
        }
    }
}

fn lost(what: &str) -> Result<(), Violation> {
    Err(Violation { promise: Promise::NothingLost, what: what.to_owned() })
}
