//! The circuit breaker of an endpoint: after too many failures it is left alone for a while (contract 6).

use std::collections::VecDeque;
use std::time::Duration;

use crate::settings::Settings;

/// The failures of one endpoint, at times since the platform started.
#[derive(Debug, Default)]
pub(crate) struct Circuit {
    consecutive: usize,
    recent: VecDeque<Duration>,
    open_until: Option<Duration>,
    is_probing: bool,
}

/// Whether something may be sent now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Permit<T> {
    Go(T),
    Wait(Duration),
}

impl<T> Permit<T> {
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Permit<U> {
        match self {
            Permit::Go(value) => Permit::Go(change(value)),
            Permit::Wait(wait) => Permit::Wait(wait),
        }
    }
}

impl Circuit {
    /// After the pause one delivery goes through; the others wait for what becomes of it.
    pub(crate) fn permit(&mut self, settings: &Settings, now: Duration) -> Permit<()> {
        match self.open_until {
            None => Permit::Go(()),
            Some(until) if now < until => Permit::Wait(until - now),
            Some(_) if self.is_probing => Permit::Wait(settings.scaled(settings.webhook_circuit_pause)),
            Some(_) => {
                self.is_probing = true;
                Permit::Go(())
            }
        }
    }

    pub(crate) fn note(&mut self, succeeded: bool, settings: &Settings, now: Duration) {
        if succeeded {
            *self = Circuit::default();
            return;
        }
        self.consecutive += 1;
        self.recent.push_back(now);
        let window = settings.scaled(settings.webhook_circuit_failures.window);
        while self.recent.front().is_some_and(|first| now.saturating_sub(*first) > window) {
            self.recent.pop_front();
        }
        let is_broken = self.consecutive >= settings.webhook_circuit_consecutive
            || self.recent.len() >= settings.webhook_circuit_failures.count;
        if is_broken {
            self.open_until = Some(now.saturating_add(settings.scaled(settings.webhook_circuit_pause)));
            self.is_probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RateLimit;

    const PAUSE: Duration = Duration::from_secs(300);

    fn fail(circuit: &mut Circuit, times: usize, settings: &Settings, now: Duration) {
        for _ in 0..times {
            circuit.note(false, settings, now);
        }
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_one_probe_decides() {
        let (settings, now) = (Settings::default(), Duration::ZERO);
        let mut circuit = Circuit::default();
        fail(&mut circuit, 4, &settings, now);
        assert_eq!(circuit.permit(&settings, now), Permit::Go(()));
        fail(&mut circuit, 1, &settings, now);
        assert_eq!(circuit.permit(&settings, now), Permit::Wait(PAUSE));

        let later = now + PAUSE;
        assert_eq!(circuit.permit(&settings, later), Permit::Go(()), "the probe");
        assert_eq!(circuit.permit(&settings, later), Permit::Wait(PAUSE), "no second one");
        fail(&mut circuit, 1, &settings, later);
        assert_eq!(circuit.permit(&settings, later), Permit::Wait(PAUSE));

        assert_eq!(circuit.permit(&settings, later + PAUSE), Permit::Go(()));
        circuit.note(true, &settings, later + PAUSE);
        fail(&mut circuit, 4, &settings, later + PAUSE);
        assert_eq!(circuit.permit(&settings, later + PAUSE), Permit::Go(()));
    }

    #[test]
    fn failures_between_successes_count_only_within_the_window() {
        let limit = RateLimit { count: 3, window: Duration::from_secs(60) };
        let settings = Settings::default().webhook_circuit_failures(limit);
        let (mut circuit, now) = (Circuit::default(), Duration::ZERO);
        fail(&mut circuit, 2, &settings, now);
        let later = now + Duration::from_secs(61);
        fail(&mut circuit, 1, &settings, later);
        assert_eq!(circuit.permit(&settings, later), Permit::Go(()));
        fail(&mut circuit, 2, &settings, later);
        assert!(matches!(circuit.permit(&settings, later), Permit::Wait(_)));
    }
}
