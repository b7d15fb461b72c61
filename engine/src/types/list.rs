//! [`List`]: the items of an answer, of which one may be unreadable without the others.

use core::fmt;
use core::ops::Deref;

use serde::de::SeqAccess;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::member::{self, Member, Read};

/// Items as the platform listed them. One that is not what the contract says is set aside, so that the others can be read.
///
/// It is used like a slice, and gives its items away like a `Vec`.
///
/// ```
/// use agentchat_engine::types::{Handle, List};
///
/// let handles: List<Handle> = serde_json::from_str(r#"["bob", 7, "eve"]"#)?;
/// assert!(handles.contains(&Handle::from("eve")));
/// assert_eq!(handles.len(), 2);
/// assert_eq!(handles.unreadable().collect::<Vec<_>>(), [(1, &7.into())]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct List<T> {
    items: Vec<T>,
    /// With their places among all.
    unreadable: Vec<(usize, Value)>,
}

impl<T> List<T> {
    /// What is not as the contract says: its place in the list, counted with all others, and what stands there.
    pub fn unreadable(&self) -> impl Iterator<Item = (usize, &Value)> {
        self.unreadable.iter().map(|(place, value)| (*place, value))
    }

    /// The items that can be read.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// The items that can be read.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }

    /// Everything in the order it came.
    pub(crate) fn into_all(self) -> impl Iterator<Item = Result<T, Value>> {
        in_order(self.items, self.unreadable)
    }
}

/// Items, and the others at their places among them.
fn in_order<T, V>(
    items: impl IntoIterator<Item = T>,
    unreadable: impl IntoIterator<Item = (usize, V)>,
) -> impl Iterator<Item = Result<T, V>> {
    let (mut items, mut unreadable) = (items.into_iter(), unreadable.into_iter().peekable());
    (0..).map_while(move |place| match unreadable.next_if(|(at, _)| *at == place) {
        Some((_, value)) => Some(Err(value)),
        None => items.next().map(Ok),
    })
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, unreadable: Vec::new() }
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::from(Vec::from_iter(items))
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    /// As a list; and how many are unreadable, if any are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        list.entries(&self.items);
        if !self.unreadable.is_empty() {
            list.entry(&format_args!("and {} unreadable", self.unreadable.len()));
        }
        list.finish()
    }
}

/// Everything in the order it came.
impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Either<'a, T> {
            Item(&'a T),
            Unreadable(&'a Value),
        }
        let all = in_order(&self.items, self.unreadable()).map(|one| one.map_or_else(Either::Unreadable, Either::Item));
        // Counted first: the places have no size that an iterator could say.
        serializer.collect_seq(all.collect::<Vec<_>>())
    }
}

#[allow(private_bounds, reason = "what a list may hold are the shapes of this crate")]
impl<'de, T: Member> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        member::whole(deserializer)
    }
}

impl<T: Member> Member for List<T> {
    fn from_array<'de, A: SeqAccess<'de>>(mut given: A) -> Result<Read<Self>, A::Error> {
        let mut list = Self::default();
        let mut place = 0_usize;
        while let Some(item) = given.next_element()? {
            match item {
                Read::Fits(item) => list.items.push(item),
                Read::Null => list.unreadable.push((place, Value::Null)),
                Read::Misfit { value, .. } => list.unreadable.push((place, value)),
            }
            place = place.saturating_add(1);
        }
        Ok(Read::Fits(list))
    }
}
