//! Signals of the application: sent at once, or handed back.

use super::Session;
use crate::realtime::output::Output;
use crate::realtime::signal::{Refusal, Signal};
use crate::realtime::state::ConnectionState;

impl Session {
    /// Sent at once, or handed back.
    pub(super) fn signal(&mut self, signal: Signal) {
        let ended = matches!(self.state(), ConnectionState::Halted { .. } | ConnectionState::Closed);
        let why = match self.connection.greeted_connection() {
            _ if !signal.is_valid() => Refusal::Invalid,
            _ if self.closing || ended => Refusal::Closing,
            None => Refusal::NotConnected,
            Some((connection, _)) => return self.output.push_back(Output::Text(connection, signal.frame())),
        };
        self.output.push_back(Output::Unsent { signal, why });
    }
}
