//! A clock that moves only when a test moves it.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use agentchat_engine::{Mono, Now, UnixTime};
use futures_util::future::Either;

use crate::lock::lock;

/// The wall clock's reading when the monotonic one is zero: a day in September 2026.
const UNIX_START: i64 = 1_790_000_000_000;

/// A virtual clock, which the test moves, or one that [follows](Self::following) another. Clones show the same time.
///
/// ```
/// use agentchat_driver::testkit::Clock;
/// use std::time::Duration;
///
/// let clock = Clock::default();
/// let start = clock.now();
/// clock.advance(Duration::from_secs(3_600));
/// assert_eq!(clock.now().mono.saturating_since(start.mono), Duration::from_secs(3_600));
/// assert_eq!(clock.next_wake(), None, "nobody sleeps");
/// ```
#[derive(Clone, Default)]
pub struct Clock {
    state: Arc<Mutex<State>>,
    source: Option<Arc<dyn TimeSource>>,
}

/// A time that passes by itself, or that a runtime moves: what a [`Clock`] can follow.
pub trait TimeSource: Send + Sync {
    /// The time since an origin of its choice.
    fn elapsed(&self) -> Duration;

    /// Completes when this much time has passed.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>>;
}

#[derive(Default)]
struct State {
    now: Mono,
    sleepers: BTreeMap<(Mono, u64), Waker>,
    made: u64,
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now().mono).finish()
    }
}

impl Clock {
    /// A clock that shows another's time: a runtime's, whose timers then agree with the client's. It cannot be moved here.
    #[must_use]
    pub fn following(source: impl TimeSource + 'static) -> Self {
        Self { state: Arc::default(), source: Some(Arc::new(source)) }
    }

    /// What it shows: the monotonic reading starts at zero, the wall clock on a day in 2026.
    #[must_use]
    pub fn now(&self) -> Now {
        let mono = match &self.source {
            Some(source) => Mono::default() + source.elapsed(),
            None => lock(&self.state).now,
        };
        let millis = i64::try_from(mono.as_micros() / 1_000).unwrap_or(i64::MAX);
        Now::new(mono, UnixTime::from_millis(UNIX_START.saturating_add(millis)))
    }

    /// Moves it in one step, and wakes every sleeper whose time has come. An [`Executor`](super::Executor) stops on the way, so that what
    /// is due earlier also happens earlier.
    ///
    /// # Panics
    /// If it follows another clock: that one is to be moved.
    pub fn advance(&self, by: Duration) {
        assert!(self.source.is_none(), "this clock follows another: move that one");
        let to = lock(&self.state).now + by;
        self.advance_to(to);
    }

    /// Moves it to a reading, never back.
    pub(crate) fn advance_to(&self, to: Mono) {
        let mut state = lock(&self.state);
        state.now = state.now.max(to);
        let next_instant = state.now + Duration::from_micros(1);
        let later = state.sleepers.split_off(&(next_instant, 0));
        let due = std::mem::replace(&mut state.sleepers, later);
        drop(state);
        due.into_values().for_each(Waker::wake);
    }

    /// The earliest time that somebody sleeps until.
    #[must_use]
    pub fn next_wake(&self) -> Option<Mono> {
        lock(&self.state).sleepers.first_key_value().map(|((at, _), _)| *at)
    }

    /// Completes when the clock has been moved to `at`.
    pub fn sleep_until(&self, at: Mono) -> impl Future<Output = ()> + Send + Sync + use<> {
        match &self.source {
            Some(source) => Either::Left(source.sleep(at.saturating_since(self.now().mono))),
            None => {
                let mut state = lock(&self.state);
                state.made += 1;
                Either::Right(Sleep { key: (at, state.made), clock: self.clone() })
            }
        }
    }

    /// Completes when the clock has been moved this far.
    pub fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + Sync + 'static {
        self.sleep_until(self.now().mono + duration)
    }
}

struct Sleep {
    key: (Mono, u64),
    clock: Clock,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = lock(&self.clock.state);
        if state.now >= self.key.0 {
            return Poll::Ready(());
        }
        state.sleepers.insert(self.key, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        lock(&self.clock.state).sleepers.remove(&self.key);
    }
}
