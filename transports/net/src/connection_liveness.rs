//! Whether the connection that a request went to is still there.
//!
//! hyper hands a request to its connection's task through a channel. One that is put in at the very moment at which the task
//! ends can stay there, where it is neither answered nor dropped, and waited for without end (hyperium/hyper#4122,
//! tokio-rs/tokio#7714). So what has not ended soon after its connection is given up here.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use futures_channel::oneshot::{Receiver, Sender, channel};
use futures_util::FutureExt;
use futures_util::future::Shared;
use http::{Extensions, Request};
use hyper_util::client::legacy::connect::{CaptureConnection, Connected, capture_connection};

use crate::Runtime;

/// What a connection that has ended may still bring: an answer that it has read, or why it ended, on its way through tasks
/// that a busy executor has not come to.
const GRACE: Duration = Duration::from_secs(5);

/// Held by a connection's stream, and dropped with it.
pub(crate) struct ConnectionLiveness {
    _held: Sender<Infallible>,
    life: Life,
}

/// Ends with the connection.
#[derive(Clone)]
struct Life(Shared<Receiver<Infallible>>);

impl ConnectionLiveness {
    pub(crate) fn new() -> Self {
        let (held, life) = channel();
        Self { _held: held, life: Life(life.shared()) }
    }

    /// Has requests find it.
    pub(crate) fn tell(&self, connected: Connected) -> Connected {
        connected.extra(self.life.clone())
    }
}

/// Which connection a request goes to, the last one if it was tried on several.
pub(crate) struct Attachment(CaptureConnection);

impl Attachment {
    pub(crate) fn of<B>(request: &mut Request<B>) -> Self {
        Self(capture_connection(request))
    }

    /// Completes when the request's connection has been gone for a while, and it has no other.
    pub(crate) async fn lost<R: Runtime>(mut self, runtime: &R) {
        let Some(mut life) = life(self.0.wait_for_connection_metadata().await.as_ref()) else { return pending().await };
        loop {
            // It is never sent anything.
            let _ = life.0.clone().await;
            runtime.sleep(GRACE).await;
            match self::life(self.0.connection_metadata().as_ref()) {
                Some(other) if !other.0.ptr_eq(&life.0) => life = other,
                _ => return,
            }
        }
    }
}

fn life(connected: Option<&Connected>) -> Option<Life> {
    let mut extensions = Extensions::new();
    connected?.get_extras(&mut extensions);
    extensions.remove()
}
