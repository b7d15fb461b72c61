//! A webhook of about 1 KiB, verified and parsed.

use std::error::Error;
use std::hint::black_box;

use agentchat_engine::UnixTime;
use agentchat_engine::webhook::{Verifier, WebhookSecret, sign};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::clock::spent;
use super::compare::{Comparison, compare};
use super::frames::message;
use super::{Effort, Figure, Measured, Measurement, typed};

pub(crate) const WEBHOOK: Measurement =
    Measurement { name: "webhook", baseline: "HMAC-SHA256 and typed parse", run: webhook };

const SECRET: &str = "5f0c8a7b1d2e3f405162738495a6b7c85f0c8a7b1d2e3f405162738495a6b7c8";

/// When it is signed and verified, in milliseconds since 1970.
const NOW: i64 = 1_790_000_000_000;

/// The length of the body.
const BODY: usize = 1_024;

/// A delivery of so many bytes.
pub(crate) fn delivery() -> String {
    let around = |text: &str| {
        let data = message(1, 1, "").replace("all green", text);
        format!(r#"{{"event":"message.new","timestamp":"2026-04-20T10:00:00Z","data":{data}}}"#)
    };
    let text = "go on? ".repeat(BODY);
    around(&text[..BODY.saturating_sub(around("").len())])
}

/// Seconds of CPU for each of so many deliveries that we verify and parse.
pub(crate) fn ours(calls: usize) -> Result<f64, Box<dyn Error>> {
    let (body, now, secret) = (delivery(), UnixTime::from_millis(NOW), WebhookSecret::new(SECRET)?);
    let header = sign(&secret, now, body.as_bytes());
    let verifier = Verifier::new([secret])?;
    verifier.verify(body.as_bytes(), &header, now)?.typed()?;
    Ok(repeat(calls, || {
        black_box(verifier.verify(black_box(body.as_bytes()), &header, now).map(|event| event.typed())).ok();
    }))
}

fn webhook(effort: Effort) -> Measured {
    let calls = effort.of(50_000);
    let body = delivery();
    let body = body.as_bytes();
    let now = UnixTime::from_millis(NOW);
    let secret = WebhookSecret::new(SECRET)?;
    let header = sign(&secret, now, body);
    let verifier = Verifier::new([secret])?;

    let verified = || black_box(&verifier).verify(black_box(body), &header, now).expect("it is signed");
    let bare = || {
        repeat(calls, || {
            black_box(bare(black_box(body), &header).expect("it is signed"));
        })
    };
    let parsed = || {
        repeat(calls, || {
            black_box(verified().typed().expect("a message"));
        })
    };
    let unparsed = || {
        repeat(calls, || {
            black_box(verified());
        })
    };
    let whole = compare(effort.rounds(), parsed, bare);
    let envelope = compare(effort.rounds(), unparsed, bare);
    Ok(vec![
        Figure::new(whole.rate(), "webhooks/s", told(&whole)),
        Figure::new(envelope.rate(), "webhooks/s, data left as text by ours", told(&envelope)),
    ])
}

/// Seconds of CPU for each of so many times.
fn repeat(times: usize, run: impl Fn()) -> f64 {
    spent(|| (0..times).for_each(|_| run())).as_secs_f64() / times as f64
}

fn told(compared: &Comparison) -> String {
    format!("{:.2} against {:.2} us of CPU for {BODY} bytes", compared.ours * 1e6, compared.baseline * 1e6)
}

/// What has to be done at least: the signature's parts, the code over the time and the body, the parse.
fn bare(body: &[u8], header: &str) -> Option<typed::Hook> {
    let (time, digest) = header.strip_prefix("t=")?.split_once(",v1=")?;
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).ok()?;
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.verify_slice(&hex::decode(digest).ok()?).ok()?;
    serde_json::from_slice(body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_accept_it_and_refuse_another() {
        let (body, now) = (delivery(), UnixTime::from_millis(NOW));
        assert_eq!(body.len(), BODY);
        let secret = WebhookSecret::new(SECRET).expect("a secret");
        let header = sign(&secret, now, body.as_bytes());
        assert!(bare(body.as_bytes(), &header).is_some());
        assert!(bare(body.to_uppercase().as_bytes(), &header).is_none());
        assert!(Verifier::new([secret]).expect("a secret").verify(body.as_bytes(), &header, now).is_ok());
    }
}
