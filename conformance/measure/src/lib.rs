//! What a message and a call cost, each against bare Rust that does the same work with one typed parse and nothing else.
//!
//! The program `measure` prints the figures. Every baseline runs in the same process and in the same round as ours, in
//! alternating order, so that whatever else the machine does meets both; a figure is the median over the rounds. Work that
//! stays on one thread is measured in CPU time of that thread.

mod against;
pub mod clock;
mod compare;
mod drain;
mod effort;
pub mod frames;
mod gap;
mod heap;
mod idle;
mod ingest;
pub mod live;
mod measurement;
mod memory;
pub mod peer;
pub mod pin;
mod sockets;
mod typed;
mod webhook;

pub use against::{Part, Value, against};
pub use effort::Effort;
pub use measurement::{Figure, MEASUREMENTS, Measured, Measurement};
