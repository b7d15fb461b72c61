//! The terminal that standard input is, left as it was found.

use std::io::stdin;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Puts the terminal's modes back when it is dropped.
#[derive(Debug)]
pub(crate) struct Terminal(Termios);

impl Terminal {
    /// The terminal, if there is one.
    pub(crate) fn open() -> Option<Self> {
        tcgetattr(stdin()).ok().map(Self)
    }

    /// Shows nothing of what is typed, but that a line ends.
    pub(crate) fn hide(&self) {
        let mut modes = self.0.clone();
        modes.local_modes.remove(LocalModes::ECHO);
        let _ = tcsetattr(stdin(), OptionalActions::Flush, &modes);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0);
    }
}
