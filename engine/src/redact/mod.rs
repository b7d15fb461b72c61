//! What keeps secrets out of recordings, errors, close reasons, and all that is made of them: every text of a peer's that is
//! written or kept as words passes here.
//!
//! A secret is replaced by as many `*` as it has bytes. Equal lengths matter: the engine counts bytes, and the replay
//! must count the same. Masking twice is masking once, and masking what a machine says gives the same as what it says
//! to masked inputs; that is what makes a masked recording replay.

mod members;
mod plain;

use core::fmt;

use http::Uri;
use http::header::{DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::secret::ApiKey;

/// A shorter key is not looked for in texts, where it would mask innocent words. Headers and members that hold a key are
/// masked whatever its length.
const LITERAL: usize = 16;

/// A shorter secret of one call is not looked for either.
const WORD: usize = 4;

/// Members of a request's body that hold a secret of its call.
pub(crate) const PROOFS: [&str; 3] = ["code", "pending_id", "secret"];

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

/// Masks secrets, and knows those that the machine uses. Public only in name: the recordings' sealed `Form` has it in its
/// functions.
#[derive(Clone, Default)]
pub struct Mask {
    /// Looked for everywhere.
    keys: Vec<SecretString>,
    /// What one call proves itself with: six digits, for one. Looked for as whole words, in bodies and in what peers say.
    words: Vec<SecretString>,
}

impl Mask {
    pub(crate) fn new(key: Option<&ApiKey>) -> Self {
        let mut mask = Self::default();
        key.into_iter().for_each(|key| mask.learn(key));
        mask
    }

    /// From now on this key is masked wherever it stands.
    pub(crate) fn learn(&mut self, key: &ApiKey) {
        if key.expose().len() >= LITERAL {
            self.keys.push(SecretString::from(key.expose()));
        }
    }

    /// From now on a secret that a request has in its body is masked, one of [`PROOFS`]: a one-time code and what it was issued
    /// for, or the secret of a webhook.
    pub(crate) fn learn_request(&mut self, path: &str, body: &[u8]) {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Proof {
            code: Option<SecretString>,
            pending_id: Option<SecretString>,
            secret: Option<SecretString>,
        }
        let Proof { code, pending_id, secret } = serde_json::from_slice(body).unwrap_or_default();
        let proves = Members::of_request(path) == Members::WithCode;
        let proof = [code, pending_id].into_iter().filter(|_| proves).chain([secret]).flatten();
        self.words.extend(proof.filter(|word| word.expose_secret().len() >= WORD));
    }

    /// From now on what a signed URL has after its host is masked, also where it stands alone.
    pub(crate) fn learn_url(&mut self, url: &Uri) {
        let target = url.path_and_query().map(|target| target.as_str()).unwrap_or_default();
        // Whoever quotes it may quote a part of it.
        let query = url.query().unwrap_or_default();
        let values = query.split('&').filter_map(|pair| Some(pair.split_once('=')?.1));
        let parts = [target, url.path(), query].into_iter().chain(values);
        self.keys.extend(parts.filter(|part| part.len() >= LITERAL).map(SecretString::from));
    }

    /// A line of a recording: keys, and what a URL says after its path or before its host.
    pub(crate) fn line(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        self.plain(&mut bytes);
        into_text(bytes)
    }

    /// What a peer says in words: as a line, and the secrets of the call.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        self.plain(&mut bytes);
        self.words(&mut bytes, false);
        into_text(bytes)
    }

    /// Text that is JSON, or was meant to be: members that hold secrets as well.
    pub(crate) fn json(&self, text: &str, members: Members) -> String {
        into_text(self.body(text.as_bytes(), members))
    }

    /// A body, whatever it is.
    pub(crate) fn body(&self, body: &[u8], members: Members) -> Vec<u8> {
        let mut bytes = body.to_vec();
        self.plain(&mut bytes);
        self.words(&mut bytes, true);
        members::mask(&mut bytes, members == Members::WithCode);
        bytes
    }

    fn words(&self, bytes: &mut [u8], is_json: bool) {
        self.words.iter().for_each(|word| plain::mask_word(bytes, word.expose_secret().as_bytes(), is_json));
    }

    fn plain(&self, bytes: &mut [u8]) {
        self.keys.iter().for_each(|key| plain::mask_literal(bytes, key.expose_secret().as_bytes()));
        plain::mask_key_shapes(bytes);
        plain::mask_urls(bytes);
    }

    /// Names and values of headers, sorted by name. A byte of a value is the character of that number.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let mut pairs: Vec<_> = headers
            .iter()
            .map(|(name, value)| {
                let mut bytes = value.as_bytes().to_vec();
                mask_header(name, &mut bytes);
                self.plain(&mut bytes);
                // A wait is no secret, nor is the date that it is measured from, and the machine reads both as they are.
                if name != RETRY_AFTER && name != DATE {
                    self.words(&mut bytes, false);
                }
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
pub(crate) enum Members {
    /// Those whose name says it.
    Usual,
    /// Those, and `code`: the body of a request that proves a one-time code. Elsewhere a code is an error's.
    WithCode,
}

impl Members {
    pub(crate) fn of_request(path: &str) -> Self {
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
    fn what_a_call_proves_itself_with_is_masked_in_its_answers_and_no_number_breaks() {
        let mut mask = Mask::default();
        mask.learn_request("/v1/register/verify", br#"{"code":"123456","pending_id":"pnd_12"}"#);
        assert_eq!(
            mask.text("123456 is not for pnd_12: 1234567, a123456"),
            "****** is not for ******: 1234567, a123456"
        );
        let json = r#"{"seen":123456,"list":[ 123456 ,"123456"],"at":1123456000,"id":"pnd_12"}"#;
        let masked = r#"{"seen":111111,"list":[ 111111 ,"******"],"at":1123456000,"id":"******"}"#;
        assert_eq!(mask.json(json, Members::Usual), masked);
        assert_eq!(mask.json(masked, Members::Usual), masked);
        let mut other = Mask::default();
        other.learn_request("/v1/messages", br#"{"code":"123456"}"#);
        assert_eq!(other.text("123456"), "123456");
    }

    #[test]
    fn of_a_signed_url_the_host_stays() {
        let mut mask = Mask::default();
        mask.learn_url(&"https://h.example/put/token-in-path?sig=abc".parse().unwrap());
        for text in ["GET /put/token-in-path?sig=abc failed", "https://h.example/put/token-in-path gone"] {
            assert!(!mask.text(text).contains("token"), "{}", mask.text(text));
        }
        mask.learn_url(&"https://h.example/put/f?id=1&signature=sixteen-of-the-url".parse().unwrap());
        for text in ["no such query: id=1&signature=sixteen-of-the-url", "the signature sixteen-of-the-url is invalid"]
        {
            assert!(!mask.text(text).contains("of-the-url"), "{}", mask.text(text));
        }
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
