//! [`Wait`]: how long a fault holds an answer up.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::sleep;

/// A pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// So long.
    #[serde(rename = "ms", with = "super::millis")]
    For(Duration),
    /// Until the other side gives up, or the platform stops.
    Forever,
}

impl Default for Wait {
    fn default() -> Wait {
        Wait::For(Duration::ZERO)
    }
}

impl Wait {
    /// Waits, but not beyond the end of the platform.
    pub(super) async fn over(self, mut stopping: watch::Receiver<bool>) {
        match self {
            Wait::For(Duration::ZERO) => {}
            Wait::For(time) => tokio::select! {
                () = sleep(time) => {}
                _ = stopping.wait_for(|now| *now) => {}
            },
            Wait::Forever => {
                let _ = stopping.wait_for(|now| *now).await;
            }
        }
    }
}
