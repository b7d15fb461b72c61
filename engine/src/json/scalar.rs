//! Members that hold one value: a text or a seq, or nothing that can be used.

use std::borrow::Cow;

use super::repair::read;

/// The largest seq that every JSON reader keeps exactly: 2^53 − 1.
const MAX_SAFE_SEQ: u64 = (1 << 53) - 1;

/// The text that a JSON string holds. `None` for any other value.
pub(crate) fn text(json: &str) -> Option<Cow<'_, str>> {
    let inside = json.strip_prefix('"')?.strip_suffix('"')?;
    if inside.as_bytes().contains(&b'\\') {
        read::<String>(json).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inside))
    }
}

/// A whole number from 0 to 2^53 − 1. `None` for any other value.
pub(crate) fn seq(json: &str) -> Option<u64> {
    // `parse` takes a sign, which JSON does not have.
    let digits = Some(json).filter(|json| json.starts_with(|c: char| c.is_ascii_digit()))?;
    digits.parse().ok().filter(|seq| *seq <= MAX_SAFE_SEQ)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_safe_numbers_are_seqs() {
        assert_eq!(seq("7"), Some(7));
        assert_eq!(seq("9007199254740991"), Some(9_007_199_254_740_991));
        for other in ["9007199254740992", "-1", "1.0", "1.5", "1e3", "1e400", "\"1\"", "true", "null", "[1]", "{}"] {
            assert_eq!(seq(other), None, "{other}");
        }
    }

    #[test]
    fn only_strings_are_texts() {
        assert_eq!(text(r#""a""#).as_deref(), Some("a"));
        assert_eq!(text(r#""a\"\u00e4\ud83d\ude00""#).as_deref(), Some("a\"ä😀"));
        assert_eq!(text(r#""hi \ud83d""#).as_deref(), Some("hi \u{fffd}"));
        for other in ["7", "null", "{}", "[]", "true", "\""] {
            assert_eq!(text(other), None, "{other}");
        }
    }
}
