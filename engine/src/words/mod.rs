//! What strangers wrote, made fit to be kept and to be seen: in a terminal, in a log, among the platform's words for a model.

mod shown;

use core::fmt::Write as _;

pub(crate) use shown::{is_emoji, is_letter, shown};

/// A line for a terminal or a log: what is invisible or moves what stands around it is `U+FFFD`, so that it is seen to be
/// there. Control characters other than tabs, line and paragraph separators, characters that change the direction of
/// writing, tags, fillers that look like blanks, noncharacters and private characters are such. The joiners and the
/// variation selectors that scripts and emoji need stay where they are needed.
///
/// ```
/// use agentchat_engine::words::printable;
/// assert_eq!(printable("\u{1b}[2J a\u{2028}b\u{202e}c \u{2764}\u{fe0f}"), "\u{fffd}[2J a\u{fffd}b\u{fffd}c \u{2764}\u{fe0f}");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    shown(text).map(|(c, is_shown)| if is_shown || c == '\t' { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// JSON text in one line that says the same: what [`printable`] replaces is escaped as JSON does it, and line breaks between
/// values are spaces.
///
/// ```
/// use agentchat_engine::words::printable_json;
/// assert_eq!(printable_json("{\n\"a\":\"\u{9b}2J\u{e0041}\"}"), r#"{ "a":"\u009b2J\udb40\udc41"}"#);
/// ```
#[must_use]
pub fn printable_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for (c, is_shown) in shown(json) {
        match c {
            // White space between values: inside a string these are escaped already.
            '\n' | '\r' => out.push(' '),
            _ if is_shown || c == '\t' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

/// The text, or as much of it as fits `limit` bytes with an ellipsis at the end.
#[must_use]
pub fn bounded(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub('…'.len_utf8());
    let end = (0..=room).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
    let mut cut = text.get(..end).unwrap_or_default().to_owned();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_between_characters() {
        assert_eq!(bounded("abcdé", 6), "abcdé");
        assert_eq!(bounded("abcdé", 5), "ab…");
        assert_eq!(bounded("éé", 3), "…");
    }

    proptest! {
        #[test]
        fn json_that_is_printed_says_the_same(text: String, odd in "[\\p{Cf}\\p{Cc}\\p{Zl}\\p{Co}]{0,20}") {
            let json = serde_json::json!({ format!("{odd}{text}"): [odd, text] });
            let pretty = serde_json::to_string_pretty(&json).unwrap();
            let printed = printable_json(&pretty);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&printed).unwrap(), json);
            let moved = printed.contains(|c: char| c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c));
            prop_assert!(!moved, "{printed:?}");
            prop_assert_eq!(printable_json(&printed), printed);
        }
    }
}
