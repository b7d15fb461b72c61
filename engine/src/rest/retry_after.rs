//! The `Retry-After` header (RFC 9110 10.2.3): whole seconds or an HTTP date.

use core::time::Duration;

use http::header::{DATE, HeaderMap, RETRY_AFTER};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::time::UnixTime;

/// How long an answer asks to wait, if it asks in a form that can be trusted.
///
/// A date is measured against the answer's own `Date`, where it has one, so that a client whose clock is
/// wrong still waits as long as was meant. Digits too many to count saturate.
///
/// ```
/// use agentchat_engine::{UnixTime, rest::parse_retry_after};
/// use http::HeaderMap;
/// use std::time::Duration;
///
/// let mut headers = HeaderMap::new();
/// headers.insert("retry-after", "Wed, 21 Oct 2099 07:28:00 GMT".parse().unwrap());
/// headers.insert("date", "Wed, 21 Oct 2099 07:27:30 GMT".parse().unwrap());
/// assert_eq!(parse_retry_after(&headers, UnixTime::default()), Some(Duration::from_secs(30)));
/// ```
#[must_use]
pub fn parse_retry_after(headers: &HeaderMap, now: UnixTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if text.is_empty() {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX / 1_000)).min(FOREVER));
    }
    let until = http_date(text)?;
    let from = headers.get(DATE).and_then(|v| v.to_str().ok()).and_then(http_date).unwrap_or(now.as_secs());
    Some(Duration::from_secs(u64::try_from(until.saturating_sub(from)).unwrap_or(0)).min(FOREVER))
}

/// Longer than any wait, short enough to add to any reading of a clock.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Seconds since 1970 of an HTTP date in any of its three forms. Beyond RFC 9110, a date without a zone is UTC, and one with
/// the zone of an e-mail's date (RFC 5322 3.3) is what it says.
fn http_date(text: &str) -> Option<i64> {
    let date = httpdate::parse_http_date(text).or_else(|_| httpdate::parse_http_date(&format!("{text} GMT")));
    let Ok(date) = date else {
        return OffsetDateTime::parse(text, &Rfc2822).ok().map(OffsetDateTime::unix_timestamp);
    };
    let elapsed = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(elapsed.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<u128> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, http::HeaderValue::from_bytes(text.as_bytes()).ok()?);
        parse_retry_after(&headers, UnixTime::from_millis(0)).map(|d| d.as_millis())
    }

    #[test]
    fn seconds_are_ascii_digits_only() {
        assert_eq!(parse("0"), Some(0));
        assert_eq!(parse(" 7 "), Some(7_000));
        assert_eq!(parse("007"), Some(7_000));
        for other in ["", "  ", "1.5", "-1", "+5", "60s", "1e3", "0x10", "7, 8", "soon", "Wed", "retry 5", "\u{663}"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn too_many_digits_saturate() {
        assert_eq!(parse(&"9".repeat(20)), Some(FOREVER.as_millis()));
        assert_eq!(parse(&"9".repeat(5_000)), Some(FOREVER.as_millis()));
    }

    #[test]
    fn dates_in_three_forms_and_never_negative() {
        assert_eq!(parse("Thu, 01 Jan 1970 00:01:00 GMT"), Some(60_000));
        assert_eq!(parse("Thursday, 01-Jan-70 00:01:00 GMT"), Some(60_000));
        assert_eq!(parse("Thu Jan  1 00:01:00 1970"), Some(60_000));
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, http::HeaderValue::from_static("Thu, 01 Jan 1970 00:01:00 GMT"));
        assert_eq!(parse_retry_after(&headers, UnixTime::from_millis(600_000)), Some(Duration::ZERO));
        for other in ["2099-01-01T00:00:00Z", "Jan 1 2099", "Wed, 99 Oct 2099 07:28:00 GMT"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_date_without_a_zone_is_utc_and_another_zone_is_heeded() {
        assert_eq!(parse("Thu, 01 Jan 1970 00:01:00"), Some(60_000));
        assert_eq!(parse("Thursday, 01-Jan-70 00:01:00"), Some(60_000));
        assert_eq!(parse("Thu, 01 Jan 1970 02:01:00 +0200"), Some(60_000));
        assert_eq!(parse("Wed, 31 Dec 1969 16:01:00 PST"), Some(60_000));
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, http::HeaderValue::from_static("Thu, 01 Jan 2099 00:01:00"));
        headers.insert(DATE, http::HeaderValue::from_static("Thu, 01 Jan 2099 00:00:00"));
        assert_eq!(parse_retry_after(&headers, UnixTime::from_millis(0)), Some(Duration::from_secs(60)));
        for other in
            ["Thu, 01 Jan 2099 00:01:00 Berlin", "Thu, 01 Jan 2099", "00:01:00", "Thu, 01 Jan 2099 00:01:00 GMT x"]
        {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
