//! Entity tags: what a store names a version of a file by (RFC 9110, 8.8.3).

use http::header::{ETAG, HeaderValue};
use http::{HeaderMap, header};

/// An answer's `ETag`.
#[derive(Clone, Debug)]
pub(super) struct EntityTag {
    value: HeaderValue,
    strong: bool,
}

impl EntityTag {
    /// `None` if it is absent or cannot be compared.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(ETAG)?;
        let strong = match value.as_bytes() {
            [b'"', inside @ .., b'"'] => !inside.iter().any(|byte| *byte == b'"' || *byte == b' ' || *byte == b'\t'),
            [] => return None,
            _ => false,
        };
        Some(Self { value: value.clone(), strong })
    }

    /// Whether it stands for the same bytes wherever it comes again. A weak one does not, nor does one that is no tag by
    /// the grammar.
    pub(super) fn is_strong(&self) -> bool {
        self.strong
    }

    /// Whether both can name one version. A tag that is weak in one answer and strong in the next is the same: a proxy on
    /// the way may weaken it.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        self.opaque() == other.opaque()
    }

    /// Whether both stand for the same bytes.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.strong && other.strong && self.value == other.value
    }

    /// Asks for a part on the condition that the file is still this one.
    pub(super) fn demand(&self, headers: &mut HeaderMap) {
        headers.insert(header::IF_RANGE, self.value.clone());
    }

    fn opaque(&self) -> &[u8] {
        let bytes = self.value.as_bytes();
        bytes.strip_prefix(b"W/").unwrap_or(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Option<EntityTag> {
        let mut headers = HeaderMap::new();
        headers.insert(ETAG, text.parse().unwrap());
        EntityTag::of(&headers)
    }

    #[test]
    fn only_what_is_quoted_and_not_weak_is_strong() {
        assert!(tag("\"a\"").unwrap().is_strong() && tag("\"\"").unwrap().is_strong());
        for weak in ["W/\"a\"", "w/\"a\"", "a", "\"", "\"a", "\"a\"b\"", "\"a b\""] {
            assert!(!tag(weak).unwrap().is_strong(), "{weak}");
        }
        assert!(tag("").is_none());
    }

    #[test]
    fn a_weak_tag_is_no_other_but_joins_nothing() {
        let (strong, weak) = (tag("\"a\"").unwrap(), tag("W/\"a\"").unwrap());
        assert!(strong.may_be(&weak) && !strong.is(&weak) && !weak.is(&weak) && strong.is(&strong));
        assert!(!strong.may_be(&tag("\"b\"").unwrap()));
    }
}
