//! Counting in windows: a fixed one for sends, rolling ones for the rest (contract 1.4 and 7).

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::clock::{Millis, millis};

/// At most `count` events in any `window`.
///
/// ```
/// use agentchat_local::{RateLimit, Settings};
/// use std::time::Duration;
/// let limit = RateLimit { count: 2, window: Duration::from_secs(60) };
/// let settings = Settings::default().register_per_address(limit);
/// # let _ = settings;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Events allowed.
    pub count: usize,
    /// The time in which they are counted.
    pub window: Duration,
}

impl RateLimit {
    pub(crate) fn a_second(count: u32) -> RateLimit {
        RateLimit { count: usize::try_from(count).unwrap_or(usize::MAX), window: Duration::from_secs(1) }
    }
}

/// When the window has room again, in milliseconds from now.
pub(crate) type Wait = Millis;

/// Rolling windows, one for each key.
#[derive(Debug, Default)]
pub(crate) struct RollingWindows {
    events: BTreeMap<String, VecDeque<Millis>>,
}

impl RollingWindows {
    /// Counts an event, unless the window is full. `None` as the limit lets everything pass.
    pub(crate) fn take(&mut self, key: &str, limit: Option<RateLimit>, now: Millis) -> Result<(), Wait> {
        let Some(limit) = limit else { return Ok(()) };
        let window = millis(limit.window);
        let events = self.events.entry(key.to_owned()).or_default();
        while events.front().is_some_and(|first| first + window <= now) {
            events.pop_front();
        }
        if events.len() >= limit.count {
            return Err(events.front().map_or(window, |first| first + window - now));
        }
        events.push_back(now);
        Ok(())
    }
}

/// The present window of each key, counted from zero when the next one begins.
#[derive(Debug, Default)]
pub(crate) struct FixedWindows {
    /// When the window began, and what was counted in it.
    counts: BTreeMap<String, (Millis, usize)>,
}

impl FixedWindows {
    /// Counts an event in a window that is aligned with the clock, as seconds and minutes are.
    pub(crate) fn take(&mut self, key: &str, limit: RateLimit, now: Millis) -> Result<(), Wait> {
        let aligned = now - now % millis(limit.window).max(1);
        self.take_from(key, limit, aligned, now)
    }

    /// Counts an event in a window that begins with the first event after the last window.
    pub(crate) fn take_from_first(&mut self, key: &str, limit: RateLimit, now: Millis) -> Result<(), Wait> {
        self.take_from(key, limit, now, now)
    }

    fn take_from(&mut self, key: &str, limit: RateLimit, next_begin: Millis, now: Millis) -> Result<(), Wait> {
        let window = millis(limit.window);
        let (begin, count) = self.counts.entry(key.to_owned()).or_insert((next_begin, 0));
        if now >= *begin + window {
            (*begin, *count) = (next_begin, 0);
        }
        if *count >= limit.count {
            return Err(*begin + window - now);
        }
        *count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rolling_window_frees_its_oldest_event_first() {
        let limit = Some(RateLimit { count: 2, window: Duration::from_millis(100) });
        let mut windows = RollingWindows::default();
        assert_eq!(windows.take("a", limit, 0), Ok(()));
        assert_eq!(windows.take("a", limit, 40), Ok(()));
        assert_eq!(windows.take("a", limit, 50), Err(50));
        assert_eq!(windows.take("b", limit, 50), Ok(()), "keys do not share a window");
        assert_eq!(windows.take("a", limit, 100), Ok(()));
        assert_eq!(windows.take("a", limit, 101), Err(39));
    }

    #[test]
    fn an_aligned_window_ends_with_the_clocks_second() {
        let mut windows = FixedWindows::default();
        let limit = RateLimit::a_second(1);
        assert_eq!(windows.take("a", limit, 900), Ok(()));
        assert_eq!(windows.take("a", limit, 950), Err(50));
        assert_eq!(windows.take("a", limit, 1000), Ok(()));
    }

    #[test]
    fn a_window_from_the_first_event_ends_at_once_for_all() {
        let mut windows = FixedWindows::default();
        let limit = RateLimit { count: 2, window: Duration::from_secs(1) };
        assert_eq!(windows.take_from_first("a", limit, 900), Ok(()));
        assert_eq!(windows.take_from_first("a", limit, 1899), Ok(()));
        assert_eq!(windows.take_from_first("a", limit, 1899), Err(1));
        assert_eq!(windows.take_from_first("a", limit, 1900), Ok(()));
        assert_eq!(windows.take_from_first("a", limit, 1900), Ok(()));
    }
}
