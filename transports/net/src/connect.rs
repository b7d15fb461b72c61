//! Starting a realtime session in the background.

use agentchat_driver::{CheckpointFile, Client, Connection, Realtime};
use agentchat_engine::realtime::{Checkpoint, SessionOptions};

use crate::{Net, Runtime};

/// Starts a realtime session: spawns its connection on the client's runtime and returns the handle.
///
/// Wait for [`Realtime::closed`], or for [`Realtime::on_message`], before the runtime is shut down or the program ends, or the
/// last acks may not leave. To miss no event, or to run the connection elsewhere, use [`Client::realtime`] instead.
///
/// # Panics
/// With tokio, outside of its runtime.
pub fn connect<R: Runtime>(client: &Client<Net<R>>, options: SessionOptions) -> Realtime {
    spawn(client, client.realtime(options))
}

/// Starts a realtime session like [`connect`], going on from a [checkpoint](Client::realtime_from).
///
/// # Panics
/// With tokio, outside of its runtime.
pub fn connect_from<R: Runtime>(
    client: &Client<Net<R>>,
    options: SessionOptions,
    resume: Option<Checkpoint>,
) -> Realtime {
    spawn(client, client.realtime_from(options, resume))
}

/// Starts a realtime session like [`connect`], which keeps its checkpoint in a [file](Client::realtime_with_file): a restarted
/// program repeats nothing that it has handled.
///
/// # Panics
/// With tokio, outside of its runtime.
pub fn connect_with_file<R: Runtime>(
    client: &Client<Net<R>>,
    options: SessionOptions,
    file: CheckpointFile,
) -> Realtime {
    spawn(client, client.realtime_with_file(options, file))
}

fn spawn<R: Runtime>(client: &Client<Net<R>>, (realtime, connection): (Realtime, Connection<Net<R>>)) -> Realtime {
    client.transport().runtime().spawn(async move {
        connection.run().await;
    });
    realtime
}
