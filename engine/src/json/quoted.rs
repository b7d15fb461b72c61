//! A text as a JSON string.

use serde_json::Value;

use super::plain::is_plain;

/// Appends a text as a JSON string: as it is between quotes, if nothing in it has to be escaped.
pub(crate) fn push_quoted(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_what_serde_writes(text in any::<String>(), plain in "[ -~]{0,40}") {
            for text in [text, plain] {
                let mut quoted = String::from("x");
                push_quoted(&mut quoted, &text);
                prop_assert_eq!(quoted, format!("x{}", serde_json::to_string(&text).unwrap()));
            }
        }
    }
}
