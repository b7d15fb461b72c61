//! Files to and from the platform in one call (contract 2.10): the loops that run the engine's
//! [`Transfer`](agentchat_engine::transfer::Transfer), and where the bytes come from and go to.

mod download;
mod get;
mod path;
mod progress;
mod put;
mod source;
mod upload;

pub use download::Download;
pub use progress::Progress;
pub use source::Source;
pub use upload::{Upload, Uploaded};

/// Bytes that are read, handed over and written at once: what a TLS record or two hold, and small enough that hashing them
/// keeps no executor waiting.
const CHUNK: usize = 32 * 1024;
