//! For tests of programs that use this crate: a platform inside the process, and a clock that the test moves. No sockets, no
//! sleeping, no runtime; the same test gives the same result every time. Needs the feature `testkit`.
//!
//! - [`TestPlatform`] behaves as the platform does as far as an agent sees it: it accepts HELLO, stores what is sent, delivers
//!   and takes acks. A test says what others write, cuts connections, and looks at the result.
//! - [`Executor`] runs the agent's futures, and time with them: an hour's wait takes no time.
//! - [`Script`] answers nothing by itself: for tests that say every byte.
//!
//! ```
//! use agentchat_driver::engine::realtime::SessionOptions;
//! use agentchat_driver::testkit::{Executor, TestPlatform};
//! use agentchat_driver::{Client, Delivery, Transport};
//! use std::time::Duration;
//!
//! type Failure = Box<dyn std::error::Error + Send + Sync>;
//!
//! // The agent: generic over the transport, which is all it takes to be tested.
//! async fn echo<T: Transport>(client: Client<T>, delivery: Delivery) -> Result<(), Failure> {
//!     let message = delivery.message()?;
//!     client.send_message(delivery.reply(message.content.text.unwrap_or_default())?).await?;
//!     Ok(())
//! }
//!
//! let platform = TestPlatform::new();
//! let mut executor = Executor::new(&platform.clock());
//! let client = platform.client();
//! let (realtime, connection) = client.realtime(SessionOptions::default());
//! executor.spawn(connection.run());
//! executor.spawn(realtime.on_message(move |delivery| echo(client.clone(), delivery)));
//!
//! platform.deliver("alice", "are you there?");
//! executor.run();
//! assert_eq!(platform.sent()[0]["content"]["text"], "are you there?");
//! assert!(platform.unacked().is_empty());
//!
//! // What is written while the connection is cut arrives after the reconnect.
//! platform.cut();
//! executor.run();
//! platform.deliver("alice", "and now?");
//! executor.advance(Duration::from_secs(5));
//! assert_eq!(platform.sent()[1]["content"]["text"], "and now?");
//! ```
//!
//! Everything here is `Send`, and works on any other executor too; only the clock then has to be moved by the test.

mod body;
mod clock;
mod exchange;
mod executor;
mod panics;
mod peer;
mod platform;
mod script;
mod task;
mod transport;

pub use body::TestBody;
pub use clock::{Clock, TimeSource};
pub use exchange::{Exchange, Opening, json};
pub use executor::Executor;
pub use peer::{Peer, TestSocket};
pub use platform::TestPlatform;
pub use script::Script;
pub use task::Task;
pub use transport::TestTransport;
