//! Recording and replay: a bug report is one file without secrets, and the same file is a test.
//!
//! [`Recorder`] wraps a [`Session`](crate::Session) or a [`Call`](crate::Call) and gives a line for everything that passes
//! its doors; [`Replayer`] feeds such lines to a fresh machine and compares. Neither does any IO. The format is
//! described in [`manual::recording`](crate::manual::recording).

mod call;
mod error;
mod event;
mod header;
mod http;
mod options;
mod recorder;
mod replayer;
mod session;

pub use error::{Difference, ReplayError};
pub use header::FORMAT;
pub use recorder::Recorder;
pub use replayer::{Replayed, Replayer, replay};
