//! The blocking client as programs use it, against a local platform.

mod anywhere;
mod platform;
mod realtime;
