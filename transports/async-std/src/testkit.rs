//! Tests of agents on async-std, without a socket, with the [`Client`] that the program has.
//!
//! The test's [`Executor`] runs the agent, and moves the time: an hour takes none.
//!
//! ```
//! use agentchat_async_std::testkit::{Executor, TestPlatform, client};
//! use agentchat_async_std::{Client, Delivery, SessionOptions};
//!
//! // The agent, as in the program.
//! async fn answer(client: Client, delivery: Delivery) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//!     client.send_message(delivery.reply("42")?).await?;
//!     Ok(())
//! }
//!
//! let platform = TestPlatform::new();
//! let mut executor = Executor::new(&platform.clock());
//! let client = client(&platform);
//! let (realtime, connection) = client.realtime(SessionOptions::default());
//! executor.spawn(connection.run());
//! executor.spawn(realtime.on_message(move |delivery| answer(client.clone(), delivery)));
//!
//! platform.deliver("alice", "what is the answer?");
//! executor.run();
//! assert_eq!(platform.sent()[0]["content"]["text"], "42");
//! ```
//!
//! What the agent starts with [`connect`](crate::connect), or sleeps with another clock than the platform's, runs on async-std's own
//! executor and in real time.

#[doc(inline)]
pub use agentchat_driver::testkit::*;

use crate::{AsyncStdRuntime, Client};

/// A client of the agent `me` on a test's platform.
#[must_use]
pub fn client(platform: &TestPlatform) -> Client {
    agentchat_net::testkit::client(AsyncStdRuntime::default(), platform)
}
