//! What platform and client have agreed on about the end of a connection.

use std::time::Duration;

/// The close code that is final.
pub(super) const REFUSED: u16 = 4401;

/// How long a close waits for handlers.
pub(super) const CLOSE_WAIT: Duration = Duration::from_secs(5);

/// How many closes for a late HELLO in a row a client may take for what they are.
pub(super) const LATE_HELLOS: u32 = 5;
