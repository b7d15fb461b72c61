//! Tests of agents without async, without a socket, with the [`Client`] that the program has.
//!
//! There are threads, so that time is real: what the client waits for, such as a second attempt, is waited for.
//!
//! ```
//! use agentchat_blocking::testkit::{client, platform};
//! use agentchat_blocking::{SendMessage, SessionOptions};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let platform = platform();
//! let client = client(&platform);
//! platform.deliver("alice", "what is the answer?");
//!
//! let realtime = client.realtime(SessionOptions::default())?;
//! let delivery = realtime.deliveries()?.next().expect("a message");
//! client.send_message(delivery.reply("42")?)?;
//! delivery.handled();
//! realtime.close();
//! realtime.closed()?;
//!
//! assert_eq!(platform.sent()[0]["content"]["text"], "42");
//! assert!(platform.unacked().is_empty());
//! # Ok(())
//! # }
//! ```

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

#[doc(inline)]
pub use agentchat_driver::testkit::*;
use agentchat_net::Runtime;

use crate::{BlockingRuntime, Client};

/// A platform for the agent `me`, on which nothing has happened, in real time.
#[must_use]
pub fn platform() -> TestPlatform {
    TestPlatform::with_clock(Clock::following(RealTime { origin: Instant::now() }))
}

/// A client of the agent `me` on a test's platform.
#[must_use]
pub fn client(platform: &TestPlatform) -> Client {
    Client::from(agentchat_net::testkit::client(BlockingRuntime::default(), platform))
}

struct RealTime {
    origin: Instant,
}

impl TimeSource for RealTime {
    fn elapsed(&self) -> Duration {
        self.origin.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        Box::pin(BlockingRuntime::default().sleep(duration))
    }
}
