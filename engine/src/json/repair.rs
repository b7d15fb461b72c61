//! JSON that JavaScript writes and serde does not read: lone surrogates, and numbers beyond every float.

use serde::de::DeserializeOwned;

/// Reads a JSON text. Lone surrogates read as U+FFFD, and numbers that no float holds as `null`, as JavaScript writes them.
///
/// # Errors
/// Those of the text as it came.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text).or_else(|error| match repaired(text) {
        Some(repaired) => serde_json::from_str(&repaired),
        None => Err(error),
    })
}

/// The text with everything replaced that serde cannot represent. `None` if there is nothing of it.
fn repaired(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut is_changed, mut in_string) = (text, false, false);
    while let Some(at) = rest.find(|c| if in_string { matches!(c, '"' | '\\') } else { c == '"' || starts_number(c) }) {
        let (plain, found) = rest.split_at(at);
        out.push_str(plain);
        let taken = match found.as_bytes().first() {
            Some(b'"') => {
                in_string = !in_string;
                1
            }
            Some(b'\\') => escape_length(found),
            _ => number_length(found),
        };
        let (token, after) = found.split_at_checked(taken).unwrap_or((found, ""));
        let instead = if token.starts_with("\\u") && unit(token.get(..ESCAPE)?).is_some_and(is_lone(token)) {
            Some("\\ufffd")
        } else if token.starts_with(starts_number) && token.parse::<f64>().is_ok_and(f64::is_infinite) {
            Some("null")
        } else {
            None
        };
        is_changed |= instead.is_some();
        out.push_str(instead.unwrap_or(token));
        rest = after;
    }
    out.push_str(rest);
    is_changed.then_some(out)
}

/// The length of `\uXXXX`.
const ESCAPE: usize = 6;

fn starts_number(c: char) -> bool {
    c == '-' || c.is_ascii_digit()
}

/// The length of the escape that a text begins with; that of both halves of a surrogate pair.
fn escape_length(text: &str) -> usize {
    let Some(first) = text.get(..ESCAPE).and_then(unit) else {
        // `\n` and the like, or what is no JSON anyway. Two characters, whatever the second is.
        return text.chars().take(2).map(char::len_utf8).sum();
    };
    let second = text.get(ESCAPE..).and_then(|rest| unit(rest.get(..ESCAPE)?));
    match (first, second) {
        (0xd800..=0xdbff, Some(0xdc00..=0xdfff)) => ESCAPE.saturating_mul(2),
        _ => ESCAPE,
    }
}

/// Whether a surrogate that an escape begins with stands without its other half.
fn is_lone(escape: &str) -> impl Fn(u16) -> bool {
    let length = escape.len();
    move |unit| matches!(unit, 0xd800..=0xdfff) && length == ESCAPE
}

fn number_length(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '+' | '-' | '.' | 'e' | 'E')).unwrap_or(text.len())
}

/// The UTF-16 unit that `\uXXXX` stands for.
fn unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix("\\u")?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { u16::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_are_kept() {
        for (text, expected) in [
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\uDC00x""#, "\u{fffd}x"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
            (r#""\\ud83d\ud83d\n""#, "\\ud83d\u{fffd}\n"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""ä\ud83dä""#, "ä\u{fffd}ä"),
        ] {
            assert_eq!(read::<String>(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn numbers_beyond_every_float_are_null() {
        let text = r#"{"a":1e400,"b":[-1e400,1e-400,2],"c":"1e400","d":"\ud83d"}"#;
        let expected = json!({"a": null, "b": [null, 0.0, 2], "c": "1e400", "d": "\u{fffd}"});
        assert_eq!(read::<Value>(text).unwrap(), expected);
    }

    #[test]
    fn what_is_no_json_stays_an_error() {
        for text in
            ["", "\"", "\"\\", "\"\\u", "\"\\ud83", "\"\\ud83d", "\"\\uzzzz\"", "-", "1e", "{\"a\":1e400", "\"\\ä"]
        {
            assert!(read::<Value>(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn json_that_serde_reads_is_not_changed(text in r#"(\\\\|\\u[0-9a-c][0-9a-f]{3}|[a-z"0-9]|[-0-9.e]){0,20}"#) {
            for json in [format!("\"{text}\""), text] {
                if let Ok(value) = serde_json::from_str::<Value>(&json) {
                    prop_assert_eq!(read::<Value>(&json).unwrap(), value);
                    prop_assert_eq!(repaired(&json), None);
                }
            }
        }

        #[test]
        fn any_text_of_utf_16_units_is_read_as_javascript_reads_it(units in prop::collection::vec(
            prop_oneof![0x20_u16..0x7f, 0xd800_u16..0xe000, any::<u16>()], 0..12,
        )) {
            let json: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(read::<String>(&format!("\"{json}\"")).unwrap(), String::from_utf16_lossy(&units));
        }
    }
}
