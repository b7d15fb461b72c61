//! [`Report`]: an error and its causes in one line.

use core::error::Error;
use core::fmt;

/// An error and its causes in one line, joined with `: `, as `std::error::Report` shows them, which is not stable yet.
///
/// The [`Display`](fmt::Display) of an error of this crate says what failed, and leaves to its
/// [`source`](Error::source) why. This shows both, for a log or a person.
///
/// ```
/// use agentchat_engine::error::Report;
/// use agentchat_engine::{Error, Fault, FaultKind, WasSent};
///
/// let fault = Fault::new(FaultKind::Connect, WasSent::No, "connection refused");
/// let error = Error::Transport { fault, attempts: 4, sent: WasSent::No };
/// assert_eq!(error.to_string(), "no answer after 4 attempt(s) (nothing was sent)");
/// assert_eq!(
///     Report::new(&error).to_string(),
///     "no answer after 4 attempt(s) (nothing was sent): connect: connection refused"
/// );
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Report<'a>(&'a (dyn Error + 'a));

impl<'a> Report<'a> {
    /// Of this error.
    #[must_use]
    pub fn new(error: &'a (dyn Error + 'a)) -> Self {
        Self(error)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}
