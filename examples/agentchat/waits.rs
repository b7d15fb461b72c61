//! What the command waits for, said before it waits.

use std::future::pending;
use std::time::Duration;

use agentchat_driver::{CallEvent, CallEvents};
use futures_util::StreamExt;

use crate::output::note;

/// A wait that nobody takes for one that never ends.
const UNNOTICED: Duration = Duration::from_secs(2);

/// Tells of every call that is tried again after a while, and of how long that is.
pub(crate) async fn tell<R>(mut events: CallEvents) -> R {
    while let Some(event) = events.next().await {
        if let CallEvent::Retry(retry) = event
            && retry.delay >= UNNOTICED
        {
            let (name, seconds) = (retry.at.name, retry.delay.as_secs());
            note(format_args!("{name} failed ({}); trying again in {seconds} s", retry.failure));
        }
    }
    pending().await
}
