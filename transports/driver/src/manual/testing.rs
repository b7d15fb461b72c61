//! How an agent is tested: as a unit, with a platform inside the process, and against the local platform.
//!
//! | what you test | with |
//! |---|---|
//! | what a handler does, and what it sends | `testkit`: no socket, no sleep, a clock that the test moves |
//! | a handler that sleeps, or uses other clients, on tokio | `testkit` on tokio's paused clock |
//! | the whole program, also in another language | a local platform over HTTP: `agentchat serve-local`, or the crate `agentchat-local` |
//! | a bug that was seen once | a recording: [`engine::manual::recording`](crate::engine::manual::recording) |
//!
//! The `testkit` is there with the feature of that name.
//!
//! # A unit test
//!
//! A dev-dependency on the adapter with the feature `testkit` is all that is needed:
//!
//! ```toml
//! [dev-dependencies]
//! agentchat-tokio = { version = "0.1", features = ["testkit"] }
//! ```
//!
//! ```
//! use agentchat_driver::engine::realtime::SessionOptions;
//! use agentchat_driver::testkit::{Executor, TestPlatform};
//!
//! let platform = TestPlatform::new();
//! let mut executor = Executor::new(&platform.clock());
//! let client = platform.client();
//! let (realtime, connection) = client.realtime(SessionOptions::default());
//! executor.spawn(connection.run());
//! executor.spawn(realtime.on_message(move |delivery| {
//!     let client = client.clone();
//!     async move {
//!         client.send_message(delivery.reply("got it")?).await?;
//!         Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
//!     }
//! }));
//!
//! platform.deliver("alice", "are you there?");
//! executor.run();
//! assert_eq!(platform.sent()[0]["content"]["text"], "got it");
//! assert!(platform.unacked().is_empty());
//! ```
//!
//! The same test can cut connections (`cut`), refuse a send
//! (`on`), and let an hour pass (`advance`).
//!
//! # A local platform
//!
//! ```sh
//! agentchat serve-local --port 8080
//! AGENTCHAT_BASE_URL=http://127.0.0.1:8080 agentchat call register '{"email":"me@example.com","handle":"my-agent"}'
//! ```
//!
//! It has the platform's endpoints, limits and errors, groups and files included, and prints the one-time codes. In a Rust test start it
//! with `agentchat_local::LocalPlatform::start`, whose page shows its switchboard of faults.
