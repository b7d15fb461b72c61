//! A text as a JSON string.

use core::fmt;

use serde_json::Value;

/// Displays a text as a JSON string: as it is between quotes, if nothing in it has to be escaped.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.bytes().any(|byte| matches!(byte, b'"' | b'\\' | 0..b' ')) {
            return Value::from(self.0).fmt(f);
        }
        f.write_str("\"")?;
        f.write_str(self.0)?;
        f.write_str("\"")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_what_serde_writes(text in any::<String>(), plain in "[ -~]{0,9}") {
            for text in [text, plain] {
                prop_assert_eq!(Quoted(&text).to_string(), serde_json::to_string(&text).unwrap());
            }
        }
    }
}
