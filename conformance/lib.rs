//! What every transport of the SDK is held against: a local AgentChat platform that runs in memory, on this machine.
//!
//! Nothing here depends on the SDK itself. Code shared between a client and the server that tests it would hide the
//! mistakes that both make together.

pub mod server;
