//! What the peer says in words: bounded before it is kept.

/// The text, or as much of it as fits `limit` bytes with an ellipsis at the end.
pub(crate) fn bounded(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut cut =
        text.get(..text.floor_char_boundary(limit.saturating_sub('…'.len_utf8()))).unwrap_or_default().to_owned();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_between_characters() {
        assert_eq!(bounded("abcdé", 6), "abcdé");
        assert_eq!(bounded("abcdé", 5), "ab…");
        assert_eq!(bounded("éé", 3), "…");
    }
}
