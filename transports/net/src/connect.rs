//! Starting a realtime session in the background.

use agentchat_driver::{Client, Realtime};
use agentchat_engine::realtime::SessionOptions;

use crate::{Net, Runtime};

/// Starts a realtime session: spawns its connection on the client's runtime and returns the handle.
///
/// Wait for [`Realtime::closed`] before the runtime is shut down or the program ends, or the last acks may not leave. To
/// miss no event, or to run the connection elsewhere, use [`Client::realtime`] instead.
///
/// # Panics
/// With tokio, outside of its runtime.
pub fn connect<R: Runtime>(client: &Client<Net<R>>, options: SessionOptions) -> Realtime {
    let (realtime, connection) = client.realtime(options);
    client.transport().runtime().spawn(async move {
        connection.run().await;
    });
    realtime
}
