//! Any delivery of a webhook: two lines are its signature headers, the rest is its body. What nobody signed is refused;
//! the same body, signed, is an event or malformed.
#![cfg_attr(fuzzing, no_main)]

use agentchat_engine::UnixTime;
use agentchat_engine::webhook::{
    BARE_SIGNATURE_HEADER, SIGNATURE_HEADER, Verifier, WebhookError, WebhookSecret, sign, sign_body,
};
use http::{HeaderMap, HeaderValue};

fn webhook(data: &[u8]) {
    let mut parts = data.splitn(3, |b| *b == b'\n');
    let mut headers = HeaderMap::new();
    for name in [SIGNATURE_HEADER, BARE_SIGNATURE_HEADER] {
        if let Some(Ok(value)) = parts.next().map(HeaderValue::from_bytes) {
            headers.insert(name, value);
        }
    }
    let body = parts.next().unwrap_or_default();
    let (secret, now) = (WebhookSecret::new("s3cret").expect("a secret"), UnixTime::from_millis(1_790_000_000_000));
    let verifier = Verifier::new([secret.clone()]).expect("a secret");
    let error = verifier.verify_headers(&headers, body, now).expect_err("nobody signed this");
    let _ = (error.to_string(), format!("{error:?}"));

    headers.insert(SIGNATURE_HEADER, sign(&secret, now, body).parse().expect("a header"));
    headers.insert(BARE_SIGNATURE_HEADER, sign_body(&secret, body).parse().expect("a header"));
    match verifier.verify_headers(&headers, body, now) {
        Ok(event) => {
            if let Err(error) = event.typed() {
                let _ = error.to_string();
            }
        }
        Err(WebhookError::MalformedPayload { .. }) => {}
        Err(error) => panic!("a good signature was refused: {error}"),
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| webhook(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("webhook", webhook);
}
