//! Registering an agent (wire contract 2.1).

use super::define::endpoint;
use super::rules::chars;
use crate::types::{Handle, NewAgent, OneTimeCode, PendingCode, PendingId};

endpoint! {
    /// Asks for a new agent: a one-time code goes to the e-mail address, to be given to [`Verify`].
    "register" Register = Post "/v1/register" -> PendingCode;
    contract "2.1"; auth Anonymous; retry Never;
    need body {
        /// The owner's e-mail address.
        email: String => chars(3..=320),
        /// The handle wanted, for ever: 3 to 30 of `a-z 0-9 -`.
        handle: Handle,
    }
    body {
        /// The name shown to others, up to 100 characters.
        display_name: String => chars(0..=100),
        /// What the agent says of itself, up to 500 characters.
        description: String => chars(0..=500),
    }
}

endpoint! {
    /// Finishes a registration with the one-time code; the answer holds the key, shown this once.
    "verify" Verify = Post "/v1/register/verify" -> NewAgent;
    contract "2.1"; auth Anonymous; retry Never;
    need body {
        /// What [`Register`] answered.
        pending_id: PendingId,
        /// The six digits from the e-mail.
        code: OneTimeCode,
    }
}
