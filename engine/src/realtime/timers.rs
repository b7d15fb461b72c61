//! The session's timers: a fixed set, so that none can be forgotten, leaked or fired twice.

use crate::time::Mono;

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Timer {
    /// The socket must be open by then.
    Open,
    /// HELLO must be answered by then.
    Hello,
    /// Look whether the connection still lives.
    KeepAlive,
    /// Connect again.
    Reconnect,
    /// The connection has lived long enough to count as stable.
    Stable,
    /// Live messages have been held back long enough.
    Hold,
    /// Try the drain again.
    DrainRetry,
    /// Fetch what may be stored.
    DrainSoon,
    /// Ask again who we are.
    WhoAmIRetry,
    /// Try the cursor's ack again.
    AckRetry,
    /// Ask history again for what is missing, or for the first time after the platform asked to wait.
    RetrieveRetry,
    /// The cursor has waited long enough for more rows to settle.
    CommitSoon,
    /// Reading has stopped long enough.
    ReadAgain,
    /// Another key has been waited for long enough.
    KeyWait,
    /// Closing has waited long enough.
    CloseLimit,
}

impl Timer {
    const ALL: [Self; 15] = [
        Self::Open,
        Self::Hello,
        Self::KeepAlive,
        Self::Reconnect,
        Self::Stable,
        Self::Hold,
        Self::DrainRetry,
        Self::DrainSoon,
        Self::WhoAmIRetry,
        Self::AckRetry,
        Self::RetrieveRetry,
        Self::CommitSoon,
        Self::ReadAgain,
        Self::KeyWait,
        Self::CloseLimit,
    ];
}

/// When each timer is due, if it is set.
#[derive(Debug, Default)]
pub(super) struct Timers([Option<Mono>; Timer::ALL.len()]);

impl Timers {
    pub(super) fn set(&mut self, timer: Timer, at: Mono) {
        if let Some(slot) = self.0.get_mut(timer as usize) {
            *slot = Some(at);
        }
    }

    pub(super) fn clear(&mut self, timer: Timer) {
        if let Some(slot) = self.0.get_mut(timer as usize) {
            *slot = None;
        }
    }

    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.0.get(timer as usize).is_some_and(Option::is_some)
    }

    /// Sets a timer that is not set yet.
    pub(super) fn set_once(&mut self, timer: Timer, at: Mono) {
        if !self.is_set(timer) {
            self.set(timer, at);
        }
    }

    /// The earliest time that a timer is due; the end of time never comes.
    pub(super) fn next(&self) -> Option<Mono> {
        self.0.iter().flatten().min().copied().filter(|at| !at.is_never())
    }

    /// Takes a timer that is due.
    pub(super) fn take_due(&mut self, now: Mono) -> Option<Timer> {
        for (timer, slot) in Timer::ALL.into_iter().zip(&mut self.0) {
            if slot.is_some_and(|at| at <= now && !at.is_never()) {
                *slot = None;
                return Some(timer);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_timer_has_a_slot_of_its_own() {
        let mut timers = Timers::default();
        for (i, timer) in Timer::ALL.into_iter().enumerate() {
            assert_eq!(timer as usize, i);
            timers.set(timer, Mono::from_micros(i as u64));
        }
        assert_eq!(timers.next(), Some(Mono::from_micros(0)));
        for timer in Timer::ALL {
            assert_eq!(timers.take_due(Mono::from_micros(100)), Some(timer));
        }
        assert_eq!(timers.take_due(Mono::from_micros(100)), None);
    }
}
