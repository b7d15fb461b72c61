//! How often something is repeated, how long to wait before, and until when: for calls and transfers alike.

use core::time::Duration;

use super::options::RetryPolicy;
use crate::entropy::Entropy;
use crate::time::{Mono, Now};

/// Counts attempts and spaces them.
pub(crate) struct Patience {
    policy: RetryPolicy,
    deadline: Option<(Mono, Duration)>,
    entropy: Entropy,
    attempts: u32,
}

impl Patience {
    pub(crate) fn new(policy: RetryPolicy, deadline: Option<Duration>, entropy: Entropy, now: Now) -> Self {
        Self { policy, deadline: deadline.map(|d| (now.mono + d, d)), entropy, attempts: 0 }
    }

    /// Attempts begun.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Another attempt begins; its number.
    pub(crate) fn begin(&mut self) -> u32 {
        self.attempts = self.attempts.saturating_add(1);
        self.attempts
    }

    /// Whether the deadline has passed.
    pub(crate) fn is_over(&self, now: Now) -> bool {
        self.deadline.is_some_and(|(end, _)| now.mono >= end)
    }

    /// The deadline that was set.
    pub(crate) fn deadline(&self) -> Duration {
        self.deadline.map(|(_, deadline)| deadline).unwrap_or_default()
    }

    /// A time limit, or the deadline if that is earlier.
    pub(crate) fn no_later(&self, limit: Option<Mono>) -> Option<Mono> {
        match (limit, self.deadline) {
            (Some(limit), Some((end, _))) => Some(limit.min(end)),
            (limit, deadline) => limit.or(deadline.map(|(end, _)| end)),
        }
    }

    /// How long to wait before another attempt, if one is allowed and can start before the deadline. A hint is obeyed in
    /// full or, past its cap, not at all.
    pub(crate) fn wait(&mut self, now: Now, hint: Option<Duration>) -> Option<Duration> {
        if self.attempts > self.policy.max_retries || hint.is_some_and(|h| h > self.policy.retry_after_cap) {
            return None;
        }
        let delay = match hint {
            Some(hint) => hint.saturating_add(self.entropy.spread(hint)),
            None => self.backoff(),
        };
        let in_time = self.deadline.is_none_or(|(end, _)| now.mono + delay < end);
        in_time.then_some(delay)
    }

    /// Base doubled per attempt made, ± 25 %, never above the cap.
    fn backoff(&mut self) -> Duration {
        let doublings = self.attempts.saturating_sub(1).min(30);
        let around = self.policy.base.saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX));
        self.entropy.jitter(around.min(self.policy.cap)).min(self.policy.cap)
    }
}
