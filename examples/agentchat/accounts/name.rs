//! The name of a profile.

use std::fmt;
use std::str::FromStr;

/// Characters of the longest name.
const LONGEST: usize = 64;

/// A name that is a file's as well: no path can be made of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(String);

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the one that the environment asks for.
    pub(crate) fn is_in_environment(&self) -> bool {
        std::env::var("AGENTCHAT_PROFILE").is_ok_and(|name| name == self.0)
    }
}

impl Default for Name {
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let first = text.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
        if first && text.len() <= LONGEST && text.chars().all(fits) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "a profile's name has 1 to {LONGEST} of a-z, A-Z, 0-9, '-', '_' and '.', and begins with a letter or digit"
        ))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
