//! The value of a signature header (contract 6): `t=…,v1=…` in any order, or bare hex.

use hex::FromHex;

use super::error::WebhookError;

/// What a signature header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signature<'a> {
    /// The time it was made: as number to be judged, and as the text that was signed. Bare hex has none.
    pub(super) timestamp: Option<(i64, &'a str)>,
    /// Digests of the right length, any of which may match. Empty if all had another length.
    pub(super) digests: Vec<[u8; 32]>,
}

impl<'a> Signature<'a> {
    /// Reads a header's value.
    ///
    /// A form with `=` is a list: unknown keys are skipped, so that a later scheme can stand beside `v1`; of
    /// several `v1` each counts, so that a sender can change its secret; of several `t` the last counts, as in
    /// the official SDKs. A list without a `t`, or with one that is not plain digits, is refused: it would be
    /// checked as a signature that never expires, and the platform sends those as bare hex only.
    pub(super) fn read(header: &'a str) -> Result<Self, WebhookError> {
        let header = header.trim();
        if !header.contains('=') {
            return match digest(header) {
                Some(digest) => Ok(Self { timestamp: None, digests: digest.into_iter().collect() }),
                None => Err(malformed("is neither hexadecimal nor a list")),
            };
        }
        let (mut timestamp, mut digests, mut any) = (None, Vec::new(), false);
        for (key, value) in header.split(',').filter_map(|entry| entry.split_once('=')) {
            match key.trim() {
                "t" => timestamp = Some(value.trim()),
                "v1" => {
                    if let Some(digest) = digest(value.trim()) {
                        any = true;
                        digests.extend(digest);
                    }
                }
                _ => {}
            }
        }
        if !any {
            return Err(malformed("has no hexadecimal v1"));
        }
        let text = timestamp.ok_or(malformed("is a list without t"))?;
        let seconds = seconds(text).ok_or(malformed("has a t that is not a decimal number of seconds"))?;
        Ok(Self { timestamp: Some((seconds, text)), digests })
    }
}

/// `None` if the text is not hexadecimal, `Some(None)` if it is of another length than a SHA-256.
fn digest(text: &str) -> Option<Option<[u8; 32]>> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    Some(FromHex::from_hex(text).ok())
}

/// Decimal digits and nothing else, in the range of the clock.
fn seconds(text: &str) -> Option<i64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn malformed(problem: &'static str) -> WebhookError {
    WebhookError::MalformedSignature { problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_read_digit_by_digit() {
        let hex = format!("0fA0{}ff", "0".repeat(58));
        let bytes = digest(&hex).unwrap().unwrap();
        assert_eq!((bytes[0], bytes[1], bytes[2], bytes[31]), (0x0f, 0xa0, 0, 0xff));
        assert_eq!(digest("ab"), Some(None));
        assert_eq!((digest(""), digest("xy"), digest("é")), (None, None, None));
    }

    #[test]
    fn the_signed_text_of_a_time_is_the_one_received() {
        let read =
            |t: &str| Signature::read(&format!("v1=00,t={t}")).map(|s| s.timestamp.map(|(n, t)| (n, t.to_owned())));
        assert_eq!(read("007"), Ok(Some((7, "007".to_owned()))));
        assert_eq!(read(" 7 "), Ok(Some((7, "7".to_owned()))));
        assert!(Signature::read("v1=00").is_err() && Signature::read("00").is_ok());
        for other in ["", "+7", "-7", "7.0", "1e3", "0x7", "7_0", "nan", "inf", "\u{667}", &"9".repeat(400)] {
            assert!(read(other).is_err(), "{other}");
        }
    }
}
