//! What keeps secrets out of a recording: every text that is written passes here.
//!
//! A secret is replaced by as many `*` as it has bytes. Equal lengths matter: the engine counts bytes, and the replay
//! must count the same. Masking twice is masking once, and masking what a machine says gives the same as what it says
//! to masked inputs; that is what makes a masked recording replay.

mod members;
mod plain;

use core::fmt;

use http::header::{HeaderMap, HeaderName, LOCATION};
use secrecy::{ExposeSecret, SecretString};

use crate::secret::ApiKey;

/// A shorter key is not looked for in texts, where it would mask innocent words. Headers and members that hold a key are
/// masked whatever its length.
const LITERAL: usize = 16;

/// Headers whose values are written. All others are masked: nobody can say what a stranger puts in there.
const OPEN_HEADERS: [&str; 12] = [
    "accept",
    "content-length",
    "content-type",
    "date",
    "idempotency-key",
    "idempotent-replay",
    "retry-after",
    "user-agent",
    "x-agentchat-client",
    "x-agentchat-client-version",
    "x-backlog-warning",
    "x-request-id",
];

/// Masks secrets, and knows the keys that the recorded machine uses.
#[derive(Clone, Default)]
pub(super) struct Mask {
    keys: Vec<SecretString>,
}

impl Mask {
    pub(super) fn new(key: Option<&ApiKey>) -> Self {
        let mut mask = Self::default();
        key.into_iter().for_each(|key| mask.learn(key));
        mask
    }

    /// From now on this key is masked wherever it stands.
    pub(super) fn learn(&mut self, key: &ApiKey) {
        if key.expose().len() >= LITERAL {
            self.keys.push(SecretString::from(key.expose()));
        }
    }

    /// Any text: keys, and what a URL says after its path or before its host.
    pub(super) fn text(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        self.plain(&mut bytes);
        into_text(bytes)
    }

    /// Text that is JSON, or was meant to be: members that hold secrets as well.
    pub(super) fn json(&self, text: &str, members: Members) -> String {
        into_text(self.body(text.as_bytes(), members))
    }

    /// A body, whatever it is.
    pub(super) fn body(&self, body: &[u8], members: Members) -> Vec<u8> {
        let mut bytes = body.to_vec();
        self.plain(&mut bytes);
        members::mask(&mut bytes, members == Members::WithCode);
        bytes
    }

    fn plain(&self, bytes: &mut [u8]) {
        self.keys.iter().for_each(|key| plain::mask_literal(bytes, key.expose_secret().as_bytes()));
        plain::mask_key_shapes(bytes);
        plain::mask_urls(bytes);
    }

    /// Names and values of headers, sorted by name. A byte of a value is the character of that number.
    pub(super) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let mut pairs: Vec<_> = headers
            .iter()
            .map(|(name, value)| {
                let mut bytes = value.as_bytes().to_vec();
                mask_header(name, &mut bytes);
                self.plain(&mut bytes);
                (name.as_str().to_owned(), bytes.into_iter().map(char::from).collect())
            })
            .collect();
        pairs.sort_by(|(a, _): &(String, String), (b, _)| a.cmp(b));
        pairs
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mask(..)")
    }
}

/// Which members of a JSON text hold secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Members {
    /// Those whose name says it.
    Usual,
    /// Those, and `code`: the body of a request that proves a one-time code. Elsewhere a code is an error's.
    WithCode,
}

impl Members {
    pub(super) fn of_request(path: &str) -> Self {
        if path.ends_with("/verify") { Self::WithCode } else { Self::Usual }
    }
}

fn mask_header(name: &HeaderName, value: &mut [u8]) {
    if name == LOCATION {
        plain::mask_target(value);
    } else if !OPEN_HEADERS.contains(&name.as_str()) {
        plain::fill(value);
    }
}

/// Only ASCII is put in, over whole characters or over ASCII, so this is the text that it was.
fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "ac_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

    fn mask() -> Mask {
        Mask::new(Some(&ApiKey::new("not-of-the-usual-shape").unwrap()))
    }

    #[test]
    fn a_key_is_masked_wherever_it_stands() {
        for text in ["not-of-the-usual-shape", KEY] {
            let around = format!("invalid token {text}, sorry");
            assert_eq!(mask().text(&around), format!("invalid token {}, sorry", "*".repeat(text.len())));
        }
        assert_eq!(Mask::new(Some(&ApiKey::new("short").unwrap())).text("a short text"), "a short text");
        assert_eq!(mask().text("mac_address"), "mac_address");
    }

    #[test]
    fn headers_are_masked_unless_known_to_be_harmless() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("authorization", "Bearer x"),
            ("x-request-id", "req"),
            ("set-cookie", "a=b"),
            ("location", "https://storage.example/a/b?c=d"),
        ] {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers.append("x-request-id", HeaderValue::from_bytes(b"\xff").unwrap());
        let expected = [
            ("authorization", "****** *"),
            ("location", "https://storage.example/*******"),
            ("set-cookie", "***"),
            ("x-request-id", "req"),
            ("x-request-id", "\u{ff}"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(mask().headers(&headers), expected);
    }

    proptest! {
        #[test]
        fn masking_keeps_lengths_and_twice_is_once(text in r#"(\{|\}|\[|"|:|,|\\|api_key|code|7|http://a\?|https:\\/\\/|@|ac_|é| |x){0,40}"#) {
            for members in [Members::Usual, Members::WithCode] {
                let once = mask().json(&text, members);
                prop_assert_eq!(once.len(), text.len());
                prop_assert_eq!(mask().json(&once, members), once);
            }
        }

        #[test]
        fn masked_json_is_json(value in any::<u32>(), name in "[a-z_]{0,8}|api_key|secret", text in any::<String>()) {
            let value = serde_json::json!([{ name: [value, { "n": value, "t": text }] }, text]);
            let masked = mask().json(&value.to_string(), Members::WithCode);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&masked).is_ok(), "{}", masked);
        }
    }
}
