//! When to connect again: doubling waits that only a connection that lasted resets.

use core::time::Duration;

use crate::entropy::Entropy;
use crate::limits;

/// Counts attempts and connections that died young.
#[derive(Debug)]
pub(super) struct Backoff {
    base: Duration,
    max: Duration,
    max_attempts: Option<u32>,
    failures: u32,
    died_young: u32,
}

impl Backoff {
    pub(super) fn new(base: Duration, max: Duration, max_attempts: Option<u32>) -> Self {
        Self { base, max, max_attempts, failures: 0, died_young: 0 }
    }

    /// The number of the attempt that is under way or comes next, from 1.
    pub(super) fn attempt(&self) -> u32 {
        self.failures.saturating_add(1)
    }

    /// A connection has lived long enough, or a new start was asked for.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
        self.died_young = 0;
    }

    /// An accepted connection died before it was stable; true if this is worth saying.
    pub(super) fn died_young(&mut self) -> Option<u32> {
        self.died_young = self.died_young.saturating_add(1);
        (self.died_young == limits::UNSTABLE_AFTER).then_some(self.died_young)
    }

    /// The wait after a failed attempt, or the number of attempts if there were enough.
    pub(super) fn next(&mut self, entropy: &mut Entropy) -> Result<Duration, u32> {
        self.failures = self.failures.saturating_add(1);
        if self.max_attempts.is_some_and(|max| self.failures >= max) {
            return Err(self.failures);
        }
        Ok(entropy.backoff(self.base, self.failures.saturating_sub(1), self.max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::Seed;

    #[test]
    fn waits_double_with_jitter_and_never_pass_the_cap() {
        let mut entropy = Entropy::new(&Seed::from_bytes([3; 32]));
        let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(30), None);
        for around in [500_u128, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
            let wait = backoff.next(&mut entropy).unwrap().as_millis();
            assert!(wait >= around * 3 / 4 && wait <= (around * 5 / 4).min(30_000), "{wait} around {around}");
        }
        backoff.reset();
        assert!(backoff.next(&mut entropy).unwrap() <= Duration::from_millis(625));
    }

    #[test]
    fn attempts_can_be_limited() {
        let mut entropy = Entropy::new(&Seed::from_bytes([3; 32]));
        let mut backoff = Backoff::new(Duration::from_millis(1), Duration::from_millis(1), Some(2));
        assert!(backoff.next(&mut entropy).is_ok());
        assert_eq!(backoff.next(&mut entropy), Err(2));
    }
}
