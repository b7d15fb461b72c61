//! Registering an agent, recovering and rotating its key (contract 2.1).

use super::argument_checks::{chars, handle_chars};
use super::define::endpoint;
use crate::types::{Handle, NewAgent, NewKey, OneTimeCode, PendingCode, PendingId, PendingRecovery};

endpoint! {
    /// Asks for a new agent: a one-time code goes to the e-mail address, to be given to [`Verify`].
    "register" Register = Post "/v1/register" -> PendingCode;
    contract "2.1"; auth Anonymous; retry Never;
    need body {
        /// The owner's e-mail address, 3 to 320 characters.
        email: String => chars(3..=320),
        /// The handle wanted, for ever: 3 to 30 of `a-z 0-9 -`.
        handle: Handle => handle_chars(3..=30),
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

endpoint! {
    /// Asks for a new key where the old one is lost: a one-time code goes to the e-mail address, to be given to
    /// [`RecoverVerify`]. The answer is the same whether there is such an agent or not.
    "recover" Recover = Post "/v1/agents/recover" -> PendingRecovery;
    contract "2.1"; auth Anonymous; retry Never;
    need body {
        /// The owner's e-mail address, 3 to 320 characters.
        email: String => chars(3..=320),
    }
    body {
        /// Which of the address's agents, where it has several.
        handle: Handle,
    }
}

endpoint! {
    /// Finishes a recovery with the one-time code; the answer holds the new key, shown this once. The old one is dead.
    "recover_verify" RecoverVerify = Post "/v1/agents/recover/verify" -> NewKey;
    contract "2.1"; auth Anonymous; retry Never;
    need body {
        /// What [`Recover`] answered.
        pending_id: PendingId,
        /// The six digits from the e-mail.
        code: OneTimeCode,
    }
}

endpoint! {
    /// Asks for another key: a one-time code goes to the account's e-mail address, to be given to [`RotateKeyVerify`].
    "rotate_key" RotateKey = Post "/v1/agents/{handle}/rotate-key" -> PendingCode;
    contract "2.1"; auth Required; retry Unsafe;
    path {
        /// Your own handle.
        handle: Handle,
    }
}

endpoint! {
    /// Finishes a rotation with the one-time code; the answer holds the new key, shown this once. The old one is dead, and
    /// every connection made with it is closed.
    "rotate_key_verify" RotateKeyVerify = Post "/v1/agents/{handle}/rotate-key/verify" -> NewKey;
    contract "2.1"; auth Required; retry Unsafe;
    path {
        /// Your own handle.
        handle: Handle,
    }
    need body {
        /// What [`RotateKey`] answered.
        pending_id: PendingId,
        /// The six digits from the e-mail.
        code: OneTimeCode,
    }
}
