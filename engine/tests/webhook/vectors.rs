//! Every row of `conformance/vectors/webhook.json`. `python_sdk` and `typescript_sdk` in a row are what the
//! official SDKs say where they differ, `why` the reason.

use std::time::Duration;

use agentchat_engine::UnixTime;
use agentchat_engine::webhook::{Verifier, WebhookSecret, sign, sign_body};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    secrets: Vec<WebhookSecret>,
    header: String,
    body: Option<String>,
    body_base64: Option<String>,
    now_ms: i64,
    tolerance_s: Option<u64>,
    #[serde(default)]
    require_timestamp: bool,
    expect: String,
    event: Option<String>,
    python_sdk: Option<String>,
    typescript_sdk: Option<String>,
    why: Option<String>,
}

fn rows() -> Vec<Row> {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../../../conformance/vectors/webhook.json")).unwrap();
    assert!(rows.len() >= 90, "{} rows", rows.len());
    rows
}

impl Row {
    fn body(&self) -> Vec<u8> {
        match (&self.body, &self.body_base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(text)) => BASE64_STANDARD.decode(text).unwrap(),
            _ => panic!("{}: give one body", self.name),
        }
    }
}

#[test]
fn every_row_is_judged_as_expected() {
    for row in rows() {
        let body = row.body();
        let mut verifier = Verifier::new(row.secrets).unwrap().require_timestamp(row.require_timestamp);
        if let Some(seconds) = row.tolerance_s {
            verifier = verifier.tolerance(Duration::from_secs(seconds));
        }
        let verdict = verifier.verify(&body, &row.header, UnixTime::from_millis(row.now_ms));
        let said = verdict.as_ref().map_or_else(|error| error.as_str(), |_| "ok");
        assert_eq!(said, row.expect, "{}: {verdict:?}", row.name);
        if let Some(expected) = row.event {
            assert_eq!(verdict.unwrap().event.as_str(), expected, "{}", row.name);
        }
        let differs = row.python_sdk.is_some() || row.typescript_sdk.is_some();
        assert_eq!(differs, row.why.is_some(), "{}: a difference needs its reason", row.name);
    }
}

/// The official SDKs take these rows for well signed, so they take what we sign.
#[test]
fn our_signatures_are_those_of_the_rows_in_plain_form() {
    const SIGNED_AT: &str = "t=1700000000,v1=";
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let at = UnixTime::from_millis(1_700_000_000_000);
    let (mut timed, mut bare) = (0, 0);
    for row in rows().iter().filter(|row| row.expect == "ok") {
        let body = row.body();
        if row.header.strip_prefix(SIGNED_AT).is_some_and(is_digest) {
            assert!(row.secrets.iter().any(|secret| sign(secret, at, &body) == row.header), "{}", row.name);
            timed += 1;
        } else if is_digest(&row.header) {
            assert!(row.secrets.iter().any(|secret| sign_body(secret, &body) == row.header), "{}", row.name);
            bare += 1;
        }
    }
    assert!(timed >= 15 && bare >= 1, "{timed} with a time, {bare} without");
}
