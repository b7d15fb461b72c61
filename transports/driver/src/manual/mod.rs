//! The manual of programs: how an agent is written, watched, tested, and moved here from another SDK. Prose only.
//!
//! - [`agents`]: slow handlers, groups, answers that are given once, restarts, several processes, limits of the platform.
//! - [`testing`]: unit tests of an agent without a socket and without sleeping.
//! - [`observability`]: every span, event, count and metric.
//! - [`migration`]: from the Python and the TypeScript SDK, method by method.
//!
//! What is promised, and how the protocol works, is in the [engine's manual](crate::engine::manual).

pub mod agents;
pub mod migration;
pub mod observability;
pub mod testing;
