//! [`Many`]: what a request names several of.

use core::ops::Deref;

use serde::{Deserialize, Serialize};

/// Several handles or ids of a request, made of anything that brings them.
///
/// ```
/// use agentchat_engine::types::{Handle, Many};
///
/// let handles: Many<Handle> = ["alice", "bob"].into();
/// assert_eq!(handles[1], "bob".into());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Many<T>(Vec<T>);

impl<T, I: IntoIterator<Item: Into<T>>> From<I> for Many<T> {
    fn from(items: I) -> Self {
        Self(items.into_iter().map(Into::into).collect())
    }
}

impl<T> Deref for Many<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}
