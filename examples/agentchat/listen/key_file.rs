//! A key that is replaced while `listen` runs: when the platform refuses the old one, its file is read again.

use std::time::Duration;

use agentchat_tokio::engine::realtime as engine;
use agentchat_tokio::{ApiKey, Context, Events, Realtime};
use futures_util::StreamExt;
use tokio::time::{sleep, timeout};

use super::alone::Alone;
use crate::arguments::KeySource;
use crate::exit::Exit;

/// How long a file is waited for that is written after the old key was refused.
pub(super) const WAIT: Duration = Duration::from_secs(5);

/// How often the file is looked at then.
const LOOK: Duration = Duration::from_millis(100);

/// Where the key was read from, and the claim on the key.
pub(super) struct KeyFile<'a> {
    source: &'a KeySource,
    current: Option<ApiKey>,
    /// The claim of the present key, unless several processes may listen with it.
    alone: Option<Alone>,
}

impl<'a> KeyFile<'a> {
    pub(super) fn new(source: &'a KeySource, cx: &Context, alone: Option<Alone>) -> Self {
        Self { source, current: cx.api_key().cloned(), alone }
    }

    /// Gives the session the file's key whenever the platform refuses the one before. Ends with the events, or if the new
    /// key cannot be claimed.
    pub(super) async fn follow(mut self, realtime: &Realtime, cx: &Context, mut events: Events) -> Result<(), Exit> {
        while let Some(event) = events.next().await {
            if !matches!(event, engine::Event::KeyRefused { .. }) {
                continue;
            }
            let Ok(key) = timeout(WAIT, self.next()).await else { continue };
            if self.alone.is_some() {
                self.alone = Some(Alone::claim(cx, &key)?);
            }
            self.current = Some(key.clone());
            realtime.replace_api_key(key);
        }
        Ok(())
    }

    /// Waits for a key other than the present one. A file that cannot be read just now may be being written.
    async fn next(&self) -> ApiKey {
        loop {
            match self
                .source
                .read()
                .filter(|key| self.current.as_ref().is_none_or(|current| current.expose() != key.expose()))
            {
                Some(key) => return key,
                None => sleep(LOOK).await,
            }
        }
    }
}
