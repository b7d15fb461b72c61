//! What holds for any header, body and time.

use std::time::Duration;

use agentchat_engine::UnixTime;
use agentchat_engine::webhook::{
    BARE_SIGNATURE_HEADER, SIGNATURE_HEADER, Verifier, WebhookError, WebhookSecret, sign, sign_body,
};
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

const NOW: UnixTime = UnixTime::from_millis(1_700_000_000_000);
const BODY: &[u8] = br#"{"event":"message.read","data":{"read_by":"bob"}}"#;

fn secret(text: &str) -> WebhookSecret {
    WebhookSecret::new(text).unwrap()
}

fn verifier() -> Verifier {
    Verifier::new([secret("s3cret")]).unwrap()
}

#[test]
fn nothing_shows_the_secret() {
    let verifier = Verifier::new([secret("s3cret"), secret("0ther")]).unwrap();
    let error = verifier.verify(BODY, "s3cret", NOW).unwrap_err();
    let shown = format!("{verifier:?} {error:?} {error}");
    assert!(!shown.contains("s3cret") && !shown.contains("0ther"), "{shown}");
    let refused = serde_json::from_str::<WebhookSecret>("\" \"").unwrap_err().to_string();
    assert!(refused.contains("is empty"), "{refused}");
    assert!(Verifier::new([]).is_err());
}

#[test]
fn a_stale_signature_is_not_saved_by_the_bare_one_beside_it() {
    let stale = UnixTime::from_millis(1_600_000_000_000);
    let mut headers = HeaderMap::new();
    headers.insert(BARE_SIGNATURE_HEADER, sign_body(&secret("s3cret"), BODY).parse().unwrap());
    assert!(verifier().verify_headers(&headers, BODY, NOW).is_ok());
    headers.insert(SIGNATURE_HEADER, sign(&secret("s3cret"), stale, BODY).parse().unwrap());
    let verdict = verifier().verify_headers(&headers, BODY, NOW);
    assert_eq!(verdict, Err(WebhookError::TimestampSkew { seconds: 100_000_000 }));
    headers.insert(SIGNATURE_HEADER, HeaderValue::from_static(""));
    assert_eq!(verifier().verify_headers(&headers, BODY, NOW), Err(WebhookError::MissingSignature));
    headers.insert(SIGNATURE_HEADER, HeaderValue::from_bytes(b"t=1,v1=\xff").unwrap());
    assert_eq!(verifier().verify_headers(&headers, BODY, NOW).unwrap_err().as_str(), "malformed_signature");
}

#[test]
fn a_header_that_stands_twice_is_one_list() {
    let mut headers = HeaderMap::new();
    headers.append(SIGNATURE_HEADER, HeaderValue::from_static("v0=x"));
    headers.append(SIGNATURE_HEADER, sign(&secret("s3cret"), NOW, BODY).parse().unwrap());
    assert!(verifier().verify_headers(&headers, BODY, NOW).is_ok());
}

#[test]
fn extreme_times_and_tolerances_are_defined() {
    for now in [i64::MIN, -1, 0, i64::MAX] {
        let now = UnixTime::from_millis(now);
        for tolerance in [Duration::ZERO, Duration::MAX] {
            let verifier = verifier().tolerance(tolerance);
            assert!(verifier.verify(BODY, &sign(&secret("s3cret"), now, BODY), now).is_ok());
        }
        let header = format!("t={},v1={}", i64::MAX, "0".repeat(64));
        assert!(verifier().verify(BODY, &header, now).is_err());
    }
}

#[test]
fn an_overlong_header_is_judged() {
    let digests = format!(",v1={}", "0".repeat(64)).repeat(10_000);
    let header = format!("{}{digests}", sign(&secret("s3cret"), NOW, BODY));
    assert!(verifier().verify(BODY, &header, NOW).is_ok());
    assert!(verifier().verify(BODY, &"=,".repeat(1_000_000), NOW).is_err());
    assert!(verifier().verify(BODY, &"a".repeat(1_000_000), NOW).is_err());
}

/// Texts that are nearly headers.
fn header() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "(t=[0-9+-.e]{0,25},?|v1=[0-9a-fA-F]{0,70},?|[ =,]|\\PC){0,6}", "[0-9a-f]{0,80}"]
}

proptest! {
    #[test]
    fn any_header_and_body_end_in_a_verdict(header in header(), body: Vec<u8>, now: i64, require: bool) {
        let verdict = verifier().require_timestamp(require).verify(&body, &header, UnixTime::from_millis(now));
        prop_assert!(verdict.is_err(), "nobody signed this");
    }

    #[test]
    fn what_is_signed_is_accepted(key in "[!-~]{1,200}", text: String, seconds in 0_i64..4_000_000_000, off in -300_i64..=300) {
        let body = serde_json::to_vec(&serde_json::json!({"event": text, "data": {"text": text}})).unwrap();
        let verifier = Verifier::new([secret("another"), secret(&key)]).unwrap();
        let at = UnixTime::from_millis(seconds * 1_000);
        let now = UnixTime::from_millis((seconds + off) * 1_000);
        let event = verifier.verify(&body, &sign(&secret(&key), at, &body), now).unwrap();
        prop_assert_eq!(event.event.as_str(), text);
        prop_assert!(verifier.verify(&body, &sign_body(&secret(&key), &body), now).is_ok());
        let strict = verifier.require_timestamp(true);
        prop_assert!(strict.verify(&body, &sign_body(&secret(&key), &body), now).is_err());
    }

    #[test]
    fn a_flipped_bit_anywhere_fails(text: String, bit: prop::sample::Index) {
        let body = serde_json::to_vec(&serde_json::json!({"event": text})).unwrap();
        let header = sign(&secret("s3cret"), NOW, &body);
        // The time, the digest and the body in turn; `t=`, `,v1=` are syntax, and the case of hex means nothing.
        let (from, digest) = (header.find("t=").unwrap() + 2, header.find("v1=").unwrap() + 3);
        let places: Vec<usize> = (from..digest - 4).chain(digest..header.len() + body.len()).collect();
        let bit = bit.index(places.len() * 8);
        let (place, mask) = (places[bit / 8], 1_u8 << (bit % 8));
        let mut bytes = [header.as_bytes(), &body].concat();
        bytes[place] ^= mask;
        let (changed, body) = bytes.split_at(header.len());
        let changed = String::from_utf8_lossy(changed);
        prop_assume!(!changed.eq_ignore_ascii_case(&header) || place >= header.len());
        let verifier = verifier().tolerance(Duration::ZERO);
        prop_assert!(verifier.verify(body, &changed, NOW).is_err(), "{changed}");
    }
}
