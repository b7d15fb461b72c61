//! Back-pressure: whether frames are wanted now. A driver that stops reading makes TCP hold the peer back, so that what
//! there is no room for waits with the platform, in order.

use core::time::Duration;

use crate::realtime::inbox::Fullness;
use crate::time::Mono;

/// Whether the socket is read.
#[derive(Debug)]
pub(super) struct BackPressure {
    state: State,
    /// How long reading stops at most.
    longest: Duration,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Reading,
    /// Until there is room again, or until this time.
    Stopped {
        until: Mono,
    },
    /// Reading had stopped for as long as it may, and there is still no room: pings have to be answered.
    Overrun,
}

impl BackPressure {
    pub(super) fn new(longest: Duration) -> Self {
        Self { state: State::Reading, longest }
    }

    pub(super) fn wants_frames(&self) -> bool {
        !matches!(self.state, State::Stopped { .. })
    }

    /// Takes note of how full the buffers are; when to look again, if reading has stopped.
    pub(super) fn update(&mut self, now: Mono, fullness: Fullness) -> Option<Mono> {
        self.state = match self.state {
            _ if fullness.has_room && !fullness.nearly_full => State::Reading,
            State::Reading if fullness.nearly_full && !self.longest.is_zero() => {
                State::Stopped { until: now + self.longest }
            }
            State::Reading => State::Reading,
            State::Stopped { until } if until <= now => State::Overrun,
            State::Stopped { until } => State::Stopped { until },
            State::Overrun => State::Overrun,
        };
        match self.state {
            State::Stopped { until } => Some(until),
            State::Reading | State::Overrun => None,
        }
    }

    /// There is no socket, or another one.
    pub(super) fn reset(&mut self) {
        self.state = State::Reading;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Fullness = Fullness { nearly_full: true, has_room: false };
    const BETWEEN: Fullness = Fullness { nearly_full: false, has_room: false };
    const ROOM: Fullness = Fullness { nearly_full: false, has_room: true };

    fn at(seconds: u64) -> Mono {
        Mono::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn reading_stops_when_nearly_full_and_goes_on_when_there_is_room() {
        let mut intake = BackPressure::new(Duration::from_secs(10));
        assert_eq!(intake.update(at(0), BETWEEN), None);
        assert_eq!(intake.update(at(1), FULL), Some(at(11)));
        assert!(!intake.wants_frames());
        assert_eq!(intake.update(at(5), BETWEEN), Some(at(11)));
        assert_eq!(intake.update(at(6), ROOM), None);
        assert!(intake.wants_frames());
    }

    #[test]
    fn it_stops_for_no_longer_than_it_may_and_not_again_before_there_was_room() {
        let mut intake = BackPressure::new(Duration::from_secs(10));
        intake.update(at(0), FULL);
        assert_eq!(intake.update(at(10), FULL), None);
        assert!(intake.wants_frames());
        assert_eq!(intake.update(at(11), BETWEEN), None);
        assert_eq!(intake.update(at(12), FULL), None);
        assert!(intake.wants_frames());
        intake.update(at(13), ROOM);
        assert_eq!(intake.update(at(14), FULL), Some(at(24)));
    }

    #[test]
    fn without_a_limit_to_stop_for_it_never_stops() {
        let mut intake = BackPressure::new(Duration::ZERO);
        assert_eq!(intake.update(at(0), FULL), None);
        assert!(intake.wants_frames());
    }
}
