//! How far a transfer is.

use std::fmt;

/// How far an upload or a download is.
///
/// ```
/// use agentchat_driver::{Progress, Upload};
/// use bytes::Bytes;
///
/// let show = |at: Progress| eprintln!("{} of {:?} bytes", at.bytes, at.total);
/// let upload = Upload::to("@alice", Bytes::from_static(b"hi")).filename("hi.txt").on_progress(show);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes that were handed to the connection or written. An upload that is repeated begins at 0 again; a download goes
    /// on where it was.
    pub bytes: u64,
    /// How many there are in all, if that is known.
    pub total: Option<u64>,
}

/// Whom to tell. Told where the transfer is polled, so it must not take long; its panic is the caller's own.
#[derive(Default)]
pub(super) struct Listener(Option<Box<dyn FnMut(Progress) + Send>>);

impl Listener {
    pub(super) fn new(listener: impl FnMut(Progress) + Send + 'static) -> Self {
        Self(Some(Box::new(listener)))
    }

    pub(super) fn tell(&mut self, bytes: u64, total: Option<u64>) {
        if let Some(listener) = &mut self.0 {
            listener(Progress { bytes, total });
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Listener" } else { "None" })
    }
}
