//! Hooks that run in the background.

use agentchat_driver::{Client, Hooks};

use crate::{Net, Runtime};

/// The same client with hooks: spawns them on the client's runtime, where they run until the client and its clones are gone.
/// What they do delays and breaks no call; see [`Client::observed`] to read the events yourself.
///
/// # Panics
/// With tokio, outside of its runtime.
#[must_use]
pub fn with_hooks<R: Runtime>(client: &Client<Net<R>>, hooks: Hooks) -> Client<Net<R>> {
    let (observed, events) = client.observed();
    client.transport().runtime().spawn(hooks.run(events));
    observed
}
