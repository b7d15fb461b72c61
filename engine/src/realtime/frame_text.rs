//! The text of a frame, which may hold the key.

use core::fmt;

/// The text of a frame to be sent. HELLO holds the key, so `Debug` never shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct FrameText {
    pub(crate) text: String,
    pub(crate) secret: bool,
}

impl FrameText {
    /// The text, to be sent and not to be logged.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The text, to be sent and not to be logged.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
}

impl fmt::Debug for FrameText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.secret { f.write_str("***") } else { fmt::Debug::fmt(&self.text, f) }
    }
}
