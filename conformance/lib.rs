//! What every transport of the SDK is held against: a local AgentChat platform that runs in memory, on this machine, and
//! the scenarios that each adapter has to pass.
//!
//! The platform does not depend on the SDK itself. Code shared between a client and the server that tests it would hide the
//! mistakes that both make together.

pub mod server;
#[cfg(feature = "suite")]
pub mod suite;
