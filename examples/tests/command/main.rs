//! The programs of this crate, run as a user runs them, against a local platform.

mod call;
mod listen;
mod programs;
mod run;
mod serve_local;
