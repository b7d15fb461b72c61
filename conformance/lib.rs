//! What the SDK is held against: a local AgentChat platform that runs in memory, on this machine; the scenarios that each
//! adapter has to pass; and a simulation of everything that can happen to the engine's realtime session.
//!
//! The platform does not depend on the SDK itself. Code shared between a client and the server that tests it would hide the
//! mistakes that both make together. For the same reason the simulation has a model of the platform of its own.

pub mod server;
#[cfg(feature = "simulation")]
pub mod simulation;
#[cfg(feature = "suite")]
pub mod suite;
