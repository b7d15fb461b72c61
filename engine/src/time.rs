//! Time as a value: the engine reads no clock, every input carries a [`Now`].
//!
//! Schedules are kept on the monotonic reading alone, so a wall clock that jumps moves no timer. The
//! wall clock serves only where the wire speaks in dates (`Retry-After` as an HTTP date).

use core::time::Duration;

use serde::{Deserialize, Serialize};

/// A reading of a monotonic clock: microseconds since an origin that the driver chose.
///
/// Readings of one clock compare with each other; the origin means nothing. All arithmetic saturates.
///
/// ```
/// use agentchat_engine::Mono;
/// use std::time::Duration;
///
/// let start = Mono::from_micros(1_000);
/// let later = start + Duration::from_millis(2);
/// assert_eq!(later.as_micros(), 3_000);
/// assert_eq!(later.saturating_since(start), Duration::from_millis(2));
/// assert_eq!(start.saturating_since(later), Duration::ZERO);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mono(u64);

impl Mono {
    /// A reading from microseconds since the clock's origin.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Microseconds since the clock's origin.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Whether this is the end of the clock's range, at which saturated sums arrive: nothing can be scheduled after it, so
    /// what is scheduled for it never fires.
    pub(crate) const fn is_never(self) -> bool {
        self.0 == u64::MAX
    }

    /// The time from `earlier` to this reading, zero if it is not earlier.
    #[must_use]
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl core::ops::Add<Duration> for Mono {
    type Output = Self;

    /// Saturates at the end of the clock's range, some 584,000 years after its origin.
    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(rhs.as_micros()).unwrap_or(u64::MAX)))
    }
}

/// A reading of the wall clock: milliseconds since 1970-01-01 UTC.
///
/// ```
/// use agentchat_engine::UnixTime;
/// assert_eq!(UnixTime::from_millis(1_500).as_secs(), 1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixTime(i64);

impl UnixTime {
    /// A reading from milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01 UTC, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000)
    }
}

/// What the clocks show at the moment of an input.
///
/// ```
/// use agentchat_engine::{Mono, Now, UnixTime};
/// let now = Now::new(Mono::from_micros(5), UnixTime::from_millis(1_790_000_000_000));
/// assert_eq!(now.mono.as_micros(), 5);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Now {
    /// The monotonic clock, for schedules.
    pub mono: Mono,
    /// The wall clock, for dates on the wire.
    pub unix: UnixTime,
}

impl Now {
    /// Both readings together.
    #[must_use]
    pub const fn new(mono: Mono, unix: UnixTime) -> Self {
        Self { mono, unix }
    }
}
