//! Counting in windows: a fixed one for sends, rolling ones for the rest (wire contract sections 1.4 and 7).

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use super::clock::{Millis, millis};

/// At most `count` events in any `window`.
///
/// ```
/// use agentchat_conformance::server::{RateLimit, Settings};
/// use std::time::Duration;
/// let limit = RateLimit { count: 2, window: Duration::from_secs(60) };
/// let settings = Settings { register_per_address: Some(limit), ..Settings::default() };
/// # let _ = settings;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Events allowed.
    pub count: usize,
    /// The time in which they are counted.
    pub window: Duration,
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

/// The current second of each key.
#[derive(Debug, Default)]
pub(crate) struct Seconds {
    counts: BTreeMap<String, (Millis, u32)>,
}

impl Seconds {
    /// Counts an event in the present second of the clock, unless that second is full.
    pub(crate) fn take(&mut self, key: &str, limit: u32, now: Millis) -> Result<(), Wait> {
        let second = now / 1000;
        let (counted_second, count) = self.counts.entry(key.to_owned()).or_insert((second, 0));
        if *counted_second != second {
            (*counted_second, *count) = (second, 0);
        }
        if *count >= limit {
            return Err(1000 - now % 1000);
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
    fn a_second_ends_with_the_clocks_second() {
        let mut seconds = Seconds::default();
        assert_eq!(seconds.take("a", 1, 900), Ok(()));
        assert_eq!(seconds.take("a", 1, 950), Err(50));
        assert_eq!(seconds.take("a", 1, 1000), Ok(()));
    }
}
