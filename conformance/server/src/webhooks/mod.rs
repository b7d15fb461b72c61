//! Sending events to the endpoints of agents (contract 6).
//!
//! Endpoints with `https` are accepted, but an attempt at one always fails: this platform knows no certificates.

pub(crate) mod challenge;
pub(crate) mod circuit;
pub(crate) mod courier;
mod post;
