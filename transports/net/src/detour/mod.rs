//! The way that a test's client takes instead of the network. Without the feature `testkit` there is none.

#[cfg(feature = "testkit")]
mod to_a_test;
#[cfg(not(feature = "testkit"))]
mod to_nowhere;

#[cfg(feature = "testkit")]
pub(crate) use to_a_test::{Body, Detour, Socket};
#[cfg(not(feature = "testkit"))]
pub(crate) use to_nowhere::{Body, Detour, Socket};
