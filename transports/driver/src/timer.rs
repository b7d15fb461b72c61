//! One sleep that follows a moving wake-up time.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use agentchat_engine::Mono;

/// Two time-outs are at least this far apart, so that no mistake about a wake-up time can spin the loop. No
/// runtime's timer is finer.
const APART: Duration = Duration::from_millis(1);

/// A sleep that is replaced only when the wake-up comes nearer: most wake-ups are keepalives that move away
/// with every frame, and those cost nothing until the old time has come.
pub(crate) struct Timer<F, S> {
    sleep: S,
    armed: Option<(Mono, Pin<Box<F>>)>,
    not_before: Option<Mono>,
}

impl<F: Future<Output = ()>, S: Fn(Mono) -> F> Timer<F, S> {
    /// Sleeps with this, which completes once the time has come.
    pub(crate) fn new(sleep: S) -> Self {
        Self { sleep, armed: None, not_before: None }
    }

    /// Ready once `wake` has come.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, wake: Option<Mono>) -> Poll<()> {
        let Some(wake) = wake else {
            self.armed = None;
            return Poll::Pending;
        };
        let wake = self.not_before.map_or(wake, |not_before| wake.max(not_before));
        loop {
            let (at, asleep) = match &mut self.armed {
                Some(armed) if armed.0 <= wake => armed,
                slot => slot.insert((wake, Box::pin((self.sleep)(wake)))),
            };
            ready!(asleep.as_mut().poll(cx));
            let due = *at >= wake;
            self.armed = None;
            if due {
                return Poll::Ready(());
            }
        }
    }

    /// To be called when a time-out was handled.
    pub(crate) fn handled(&mut self, now: Mono) {
        self.not_before = Some(now + APART);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::future::poll_fn;
    use std::task::Waker;

    use super::*;

    const fn at(millis: u64) -> Mono {
        Mono::from_micros(millis * 1_000)
    }

    #[test]
    fn a_wake_up_that_moves_away_costs_nothing_until_the_old_one_has_come() {
        let (now, made) = (Cell::new(at(0)), RefCell::new(Vec::new()));
        let now = &now;
        let sleep = |until| {
            made.borrow_mut().push(until);
            poll_fn(move |_| if now.get() >= until { Poll::Ready(()) } else { Poll::Pending })
        };
        let mut cx = Context::from_waker(Waker::noop());
        let mut timer = Timer::new(sleep);
        for wake in [10, 20, 30] {
            assert!(timer.poll(&mut cx, Some(at(wake))).is_pending());
        }
        assert_eq!(*made.borrow(), [at(10)]);
        now.set(at(10));
        assert!(timer.poll(&mut cx, Some(at(30))).is_pending());
        assert!(timer.poll(&mut cx, Some(at(15))).is_pending(), "nearer");
        now.set(at(15));
        assert!(timer.poll(&mut cx, Some(at(15))).is_ready());
        assert_eq!(*made.borrow(), [at(10), at(30), at(15)]);
    }

    #[test]
    fn a_wake_up_that_stays_due_does_not_spin() {
        let sleep = |until| poll_fn(move |_| if at(5) >= until { Poll::Ready(()) } else { Poll::Pending });
        let mut cx = Context::from_waker(Waker::noop());
        let mut timer = Timer::new(sleep);
        assert!(timer.poll(&mut cx, Some(at(0))).is_ready());
        timer.handled(at(5));
        assert!(timer.poll(&mut cx, Some(at(0))).is_pending());
    }
}
