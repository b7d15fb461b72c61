//! Any `Retry-After` and `Date` header, a line each: the result is `None`, or a wait that can be added to a clock.
#![cfg_attr(fuzzing, no_main)]

use agentchat_engine::rest::parse_retry_after;
use agentchat_engine::{Mono, UnixTime};
use http::{HeaderMap, HeaderValue};

fn retry_after(data: &[u8]) {
    let mut lines = data.splitn(2, |b| *b == b'\n');
    let mut headers = HeaderMap::new();
    for name in ["retry-after", "date"] {
        if let Some(Ok(value)) = lines.next().map(HeaderValue::from_bytes) {
            headers.insert(name, value);
        }
    }
    if let Some(wait) = parse_retry_after(&headers, UnixTime::from_millis(1_790_000_000_000)) {
        let start = Mono::from_micros(u64::MAX / 2);
        assert_eq!((start + wait).saturating_since(start), wait);
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| retry_after(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("retry_after", retry_after);
}
