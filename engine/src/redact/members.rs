//! Masking the members of JSON texts that hold secrets, in place, without parsing: the text may be broken, cut off or
//! nested without end, and every byte that is not secret has to stay.

use super::plain::blank;

/// Names of members that hold secrets, written without `_` and `-`.
const SECRET: [&str; 13] = [
    "apikey",
    "authorization",
    "cookie",
    "downloadurl",
    "accesstoken",
    "refreshtoken",
    "token",
    "password",
    "secret",
    "signingsecret",
    "webhooksecret",
    "signedurl",
    "uploadurl",
];

/// Masks strings and digits that stand under a secret name, also deep inside.
pub(super) fn mask(bytes: &mut [u8], with_code: bool) {
    let mut scan = Scan::default();
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first_mut() {
        rest = match *first {
            b'"' => {
                let (text, after) = after.split_at_mut(string_length(after));
                match after.split_first_mut() {
                    Some((_, after)) if is_name(after) => {
                        scan.name(text, with_code);
                        after
                    }
                    closed => {
                        scan.string(text);
                        closed.map(|(_, after)| after).unwrap_or_default()
                    }
                }
            }
            byte => {
                scan.byte(byte, first);
                after
            }
        };
    }
}

#[derive(Default)]
struct Scan {
    depth: usize,
    /// The value that comes next is secret.
    next: bool,
    /// The depth of the array or object that is secret.
    inside: Option<usize>,
}

impl Scan {
    fn name(&mut self, text: &[u8], with_code: bool) {
        let name: String =
            unescaped(text).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        self.next = SECRET.contains(&name.as_str()) || (with_code && name == "code");
    }

    fn string(&mut self, text: &mut [u8]) {
        if self.next || self.inside.is_some() {
            blank(text);
        }
        self.next = false;
    }

    fn byte(&mut self, byte: u8, place: &mut u8) {
        match byte {
            b'{' | b'[' => {
                self.depth = self.depth.saturating_add(1);
                if core::mem::take(&mut self.next) && self.inside.is_none() {
                    self.inside = Some(self.depth);
                }
            }
            b'}' | b']' => {
                if self.inside == Some(self.depth) {
                    self.inside = None;
                }
                self.depth = self.depth.saturating_sub(1);
                self.next = false;
            }
            b',' => self.next = false,
            // Not `*`, for a number has to stay one; and not 0, which may not lead.
            b'0'..=b'9' if self.next || self.inside.is_some() => *place = b'1',
            _ => {}
        }
    }
}

/// Bytes until the closing quote, or to the end.
fn string_length(bytes: &[u8]) -> usize {
    let mut escaped = false;
    let closing = bytes.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    closing.unwrap_or(bytes.len())
}

/// Whether the string before this was a member's name.
fn is_name(after: &[u8]) -> bool {
    after.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

fn unescaped(text: &[u8]) -> String {
    let plain = || String::from_utf8_lossy(text).into_owned();
    if !text.contains(&b'\\') {
        return plain();
    }
    let quoted = [b"\"", text, b"\""].concat();
    serde_json::from_slice(&quoted).unwrap_or_else(|_| plain())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        mask(&mut bytes, true);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn secret_members_are_masked_however_they_are_written() {
        for (text, expected) in [
            (r#"{"api_key":"ac_1","b":"c"}"#, r#"{"api_key":"****","b":"c"}"#),
            (r#"{"apiKey" : "a\"b"}"#, r#"{"apiKey" : "****"}"#),
            (r#"{"api\u005fkey":"ab"}"#, r#"{"api\u005fkey":"**"}"#),
            (r#"{"secret":{"a":["b",{"c":1203}]},"d":"e"}"#, r#"{"secret":{"a":["*",{"c":1111}]},"d":"e"}"#),
            (r#"{"code":"123456","codes":1}"#, r#"{"code":"******","codes":1}"#),
            (r#"{"code":123456}"#, r#"{"code":111111}"#),
            (r#"{"token":null,"a":7}"#, r#"{"token":null,"a":7}"#),
            (r#"{"upload_url":"https://h/p"#, r#"{"upload_url":"***********"#),
            (r#"{"secret":"é€ \n\u0000\u0041\/"}"#, "{\"secret\":\"\u{bf}\u{fffd} \\n\\u0000********\"}"),
            (r#"["api_key","x"]"#, r#"["api_key","x"]"#),
            (r#"{"a":"api_key:","b":"c"}"#, r#"{"a":"api_key:","b":"c"}"#),
            ("not json \"at all", "not json \"at all"),
        ] {
            assert_eq!(masked(text), expected);
        }
    }
}
