//! Tests of agents on tokio, without a socket, with the [`Client`] that the program has.
//!
//! The platform's time is tokio's: on a paused clock an hour takes no time, whether the client waits, or a handler that sleeps.
//!
//! ```
//! use agentchat_tokio::testkit::{client, platform};
//! use agentchat_tokio::{Client, Delivery, SessionOptions, connect};
//! use std::time::Duration;
//!
//! type Failure = Box<dyn std::error::Error + Send + Sync>;
//!
//! // The agent, as in the program.
//! async fn answer(client: Client, delivery: Delivery) -> Result<(), Failure> {
//!     tokio::time::sleep(Duration::from_secs(20)).await; // a model that thinks
//!     client.send_message(delivery.reply("42")?).await?;
//!     Ok(())
//! }
//!
//! # // As `#[tokio::test(start_paused = true)]` makes it.
//! # tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(async {
//! // #[tokio::test(start_paused = true)]
//! let platform = platform();
//! let client = client(&platform);
//! let realtime = connect(&client, SessionOptions::default());
//! tokio::spawn(realtime.on_message(move |delivery| answer(client.clone(), delivery)));
//!
//! platform.deliver("alice", "what is the answer?");
//! tokio::time::sleep(Duration::from_secs(30)).await;
//! assert_eq!(platform.sent()[0]["content"]["text"], "42");
//! assert!(platform.unacked().is_empty());
//! # });
//! ```
//!
//! A paused clock does not wait for other threads. What takes real time, such as reading a file from the disk, wants a test whose
//! clock runs, or an [`Upload`](crate::Upload) of bytes.
//!
//! `start_paused` is of tokio's feature `test-util`. Use one thread, as `#[tokio::test]` does by itself: only then does a test
//! give the same result every time.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

#[doc(inline)]
pub use agentchat_driver::testkit::*;
use tokio::time::Instant;

use crate::{Client, TokioRuntime};

/// A platform for the agent `me`, on which nothing has happened, and whose clock is tokio's.
///
/// # Panics
/// Outside of a tokio runtime that has its timer enabled.
#[must_use]
pub fn platform() -> TestPlatform {
    TestPlatform::with_clock(Clock::following(TokioTime { origin: Instant::now() }))
}

/// A client of the agent `me` on a test's platform.
#[must_use]
pub fn client(platform: &TestPlatform) -> Client {
    agentchat_net::testkit::client(TokioRuntime, platform)
}

struct TokioTime {
    origin: Instant,
}

impl TimeSource for TokioTime {
    fn elapsed(&self) -> Duration {
        self.origin.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
