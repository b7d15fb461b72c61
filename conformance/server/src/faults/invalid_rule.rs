//! [`InvalidRule`]: a rule that cannot work.

use std::fmt;

/// Why a rule was not added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRule(String);

impl InvalidRule {
    pub(super) fn new(reason: impl Into<String>) -> InvalidRule {
        InvalidRule(reason.into())
    }
}

impl fmt::Display for InvalidRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidRule {}
