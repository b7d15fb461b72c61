//! Recording and replay: a bug report is one file without secrets, and the same file is a test.
//!
//! [`Recorder`] wraps a [`Session`](crate::Session) or a [`Call`](crate::Call) and gives a line for everything that passes
//! its doors; [`Replayer`] feeds such lines to a fresh machine and compares. Neither does any IO. The format is
//! described in [`manual::recording`](crate::manual::recording).
//!
//! Both know of a machine only that it is [`Recordable`]: what a session and a call differ in are their `Form`s, in `session`
//! and `call`, and what a fresh one is made of, in `header`.

mod call;
mod error;
mod event;
mod header;
mod http;
mod line;
mod options;
mod recordable;
mod recorder;
mod replayer;
mod session;

pub use error::{Difference, ReplayError};
pub use recordable::Recordable;
pub use recorder::Recorder;
pub use replayer::{Replayed, Replayer, replay};

/// The version of the format. It changes whenever an older replayer could misread a recording.
pub const FORMAT: u32 = 1;
