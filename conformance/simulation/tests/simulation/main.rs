//! The engine's session under simulated faults, and a toy with the mistakes of the official SDKs.

mod mistakes;
mod promises;
mod recordings;
