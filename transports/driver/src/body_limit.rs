//! [`BodyLimit`]: how much of a response's body is read.

use agentchat_engine::limits;

/// The largest response body that is read.
///
/// ```
/// use agentchat_driver::BodyLimit;
/// assert_eq!(BodyLimit::default().bytes(), agentchat_engine::limits::RESPONSE_BODY);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BodyLimit(usize);

impl BodyLimit {
    /// A limit in bytes.
    #[must_use]
    pub const fn new(bytes: usize) -> Self {
        Self(bytes)
    }

    /// The limit in bytes.
    #[must_use]
    pub const fn bytes(self) -> usize {
        self.0
    }
}

impl Default for BodyLimit {
    fn default() -> Self {
        Self(limits::RESPONSE_BODY)
    }
}
