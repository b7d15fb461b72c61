//! What time the platform believes it is, and how tests move it (timestamps: contract 1.10).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime, PrimitiveDateTime};
use tokio::sync::watch;

/// Milliseconds since 1970 in UTC.
pub(crate) type Millis = u64;

/// The last millisecond of the year 9999: later times have no ISO form.
const END_OF_TIME: Millis = 253_402_300_799_999;

/// The platform's clock. It runs with real time and can be moved forwards, which makes codes expire and limits refill
/// without waiting, and webhooks that failed be tried again. Timers of open connections (heartbeat, drain) are not affected.
///
/// ```
/// # use agentchat_local::{LocalPlatform, Settings};
/// # use std::time::Duration;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let platform = LocalPlatform::start(Settings::default()).await?;
/// let before = platform.clock().unix_millis();
/// platform.clock().advance(Duration::from_secs(600));
/// assert!(platform.clock().unix_millis() >= before + 600_000);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Clock {
    started: Instant,
    started_unix: Millis,
    advanced: Arc<AtomicU64>,
    moved: watch::Sender<()>,
}

impl Clock {
    pub(crate) fn start() -> Clock {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (started, started_unix) = (Instant::now(), millis(since_1970));
        Clock { started, started_unix, advanced: Arc::default(), moved: watch::Sender::default() }
    }

    /// Moves the clock forwards, at most to the end of the year 9999. All handles of one platform share the clock.
    pub fn advance(&self, by: Duration) {
        let further = |advanced: u64| Some(advanced.saturating_add(millis(by)).min(END_OF_TIME));
        // Fails only if there is nothing further.
        let _ = self.advanced.fetch_update(Ordering::SeqCst, Ordering::SeqCst, further);
        self.moved.send_replace(());
    }

    /// The platform's time, in milliseconds since 1970.
    #[must_use]
    pub fn unix_millis(&self) -> u64 {
        (self.started_unix + millis(self.running())).min(END_OF_TIME)
    }

    /// How long the platform has been running, as far as it believes.
    pub(crate) fn running(&self) -> Duration {
        self.started.elapsed().saturating_add(Duration::from_millis(self.advanced.load(Ordering::SeqCst)))
    }

    /// Waits until so much of the platform's time has passed.
    pub(crate) async fn sleep(&self, duration: Duration) {
        let mut moved = self.moved.subscribe();
        let until = self.running().saturating_add(duration);
        loop {
            let left = until.saturating_sub(self.running());
            if left.is_zero() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                _ = moved.changed() => {}
            }
        }
    }
}

/// A duration in milliseconds, the unit of all stored times.
pub(crate) fn millis(duration: Duration) -> Millis {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// `2026-07-29T08:15:30.123Z`: the form in which the platform writes times.
pub(crate) fn iso(at: Millis) -> String {
    let seconds = i64::try_from(at / 1000).unwrap_or(i64::MAX);
    let when = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = (when.year(), u8::from(when.month()), when.day());
    let (hour, minute, second) = (when.hour(), when.minute(), when.second());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", at % 1000)
}

/// Reads a time as callers write it; one without an offset, or without a time of day, is meant in UTC. Fractions of a
/// millisecond are dropped.
pub(crate) fn parse_iso(text: &str) -> Option<Millis> {
    let when = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(text, &Iso8601::PARSING))
        .or_else(|_| PrimitiveDateTime::parse(text, &Iso8601::PARSING).map(PrimitiveDateTime::assume_utc))
        .or_else(|_| Date::parse(text, &Iso8601::PARSING).map(|date| date.midnight().assume_utc()))
        .ok()?;
    Millis::try_from(when.unix_timestamp_nanos() / 1_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_any_offset() {
        assert_eq!(parse_iso("2026-07-29T08:15:30.0079Z"), Some(1_785_312_930_007));
        assert_eq!(parse_iso("2026-07-29T10:15:30+02:00"), Some(1_785_312_930_000));
        assert_eq!(parse_iso("2026-07-29T10:15:30+0200"), Some(1_785_312_930_000));
        assert_eq!(parse_iso("2026-07-29T08:15:30.007"), Some(1_785_312_930_007));
        assert_eq!(parse_iso("2026-07-29"), Some(1_785_283_200_000));
        for odd in ["", "tomorrow", "2026-13-01", "1785312930", "2026-07-29T25:00:00Z", "1969-01-01T00:00:00Z"] {
            assert_eq!(parse_iso(odd), None, "{odd}");
        }
    }

    #[test]
    fn times_have_milliseconds_and_z() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_785_312_930_007), "2026-07-29T08:15:30.007Z");
    }
}
