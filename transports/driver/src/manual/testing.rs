//! How an agent is tested: as a unit, with a platform inside the process, and against the local platform.
//!
//! | what you test | with |
//! |---|---|
//! | what an agent does, and what it sends | the adapter's `testkit`: no socket, the program's own `Client`; on tokio its paused clock, which handlers that sleep move as well |
//! | code that is generic over the transport | this crate's `testkit`: a clock that the test moves |
//! | the whole program, also in another language | a local platform over HTTP: `agentchat serve-local`, or the crate `agentchat-local` |
//! | a bug that was seen once | a recording: [`engine::manual::recording`](crate::engine::manual::recording) |
//!
//! The kits are there with the feature `testkit`. Their platform has messages both ways, groups, contacts, blocks and files; it can
//! be cut, refuse, and be out of reach. A handler that panics, as by an assertion, fails the test.
//!
//! # A unit test
//!
//! A dev-dependency on the adapter with the feature is all that is needed; the front page of its `testkit` has a whole test:
//!
//! ```toml
//! [dev-dependencies]
//! agentchat-tokio = { version = "0.1", features = ["testkit"] }
//! ```
//!
//! With this crate alone:
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
