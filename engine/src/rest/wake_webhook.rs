//! The webhook that wakes an agent which has no connection (contract 2.12). In neither official SDK.

use http::Uri;

use super::argument_checks::{chars, secret_chars};
use super::define::endpoint;
use crate::secret::SecretText;
use crate::transfer::url_problem;
use crate::types::WakeWebhook;

endpoint! {
    /// Has the platform call a URL when something comes for the agent, in place of any such URL before. It is challenged at
    /// once; one that does not answer is refused with `WEBHOOK_UNREACHABLE`.
    "set_wake_webhook" SetWakeWebhook = Put "/v1/agents/me/wake-webhook" -> WakeWebhook;
    contract "2.12"; auth Required; retry Idempotent;
    need body {
        /// Where to: an `https` URL of up to 2,048 characters; `http` to this machine alone.
        url: String => wake_url,
        /// What the calls are signed with, 1 to 256 characters.
        secret: SecretText => secret_chars(1..=256),
    }
}

endpoint! {
    /// Ends the wake webhook.
    "delete_wake_webhook" DeleteWakeWebhook = Delete "/v1/agents/me/wake-webhook" -> (), Ignored;
    contract "2.12"; auth Required; retry Idempotent;
}

#[allow(clippy::ptr_arg, reason = "rules take a reference to the field")]
fn wake_url(url: &String) -> Option<String> {
    let form = || match url.parse::<Uri>() {
        Ok(parsed) => url_problem(&parsed).map(str::to_owned),
        Err(_) => Some("is not a URL".to_owned()),
    };
    chars(1..=2_048)(url).or_else(form)
}
