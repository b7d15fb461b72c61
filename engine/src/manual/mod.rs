//! The manual: how the engine is driven, what it promises, and why it does what it does. Prose only.
//!
//! - [`driving`]: the two doors, and how a loop uses them.
//! - [`embedding`]: putting it into any program, with or without an executor.
//! - [`delivery`]: the five promises of a [`Session`](crate::Session), and how each is kept.
//! - [`retries`]: what a [`Call`](crate::Call) repeats, how long it waits, and when it gives up.
//! - [`recording`]: what is written down of a machine, and how it is replayed.
//! - [`secrets`]: where keys and codes may be seen, and what is masked when they come back.
//! - [`security`]: whom the client trusts, and with what.

pub mod delivery;
pub mod driving;
pub mod embedding;
pub mod recording;
pub mod retries;
pub mod secrets;
pub mod security;
