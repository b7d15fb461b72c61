//! What a handle may look like, and how one in a path is read (contract 1.1 and 1.9).

use super::reserved_handles::is_reserved;

/// A handle as callers write it in paths and bodies: `@Alice` is `alice`.
pub(crate) fn normalise(handle: &str) -> String {
    let handle = handle.trim();
    handle.strip_prefix('@').unwrap_or(handle).to_lowercase()
}

/// Whether a new agent may take this handle: 3 to 30 characters of `[a-z][a-z0-9]*(-[a-z0-9]+)*`, and not reserved.
pub(crate) fn is_acceptable(handle: &str) -> bool {
    (3..=30).contains(&handle.len()) && is_well_formed(handle) && !is_reserved(handle)
}

fn is_well_formed(handle: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    handle.starts_with(|first: char| first.is_ascii_lowercase()) && handle.split('-').all(is_word)
}

/// The handles written as `@handle` in a text, in order, each once.
pub(crate) fn mentions(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for after_at in text.split('@').skip(1) {
        let end = after_at.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(after_at.len());
        let handle = after_at[..end].trim_end_matches('-').to_lowercase();
        if (3..=30).contains(&handle.len()) && is_well_formed(&handle) && !found.contains(&handle) {
            found.push(handle);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_words_joined_by_single_dashes() {
        for good in ["bob", "a1b", "deep-blue-2", &"a".repeat(30)] {
            assert!(is_acceptable(good), "{good}");
        }
        for bad in ["", "ab", "1ab", "-ab", "ab-", "a--b", "a_b", "Bob", "bøb", "admin", &"a".repeat(31)] {
            assert!(!is_acceptable(bad), "{bad}");
        }
    }

    #[test]
    fn one_leading_at_sign_is_dropped() {
        assert_eq!(normalise("@Alice"), "alice");
        assert_eq!(normalise("@@alice"), "@alice");
    }

    #[test]
    fn mentions_are_lowercase_and_unique() {
        assert_eq!(mentions("@Bob, ask @carol-2 or @bob. mail: x@y @"), ["bob", "carol-2"]);
    }
}
