//! How often something is repeated, how long to wait before, and until when: for calls and transfers alike.

use core::time::Duration;

use super::options::RetryPolicy;
use crate::entropy::Entropy;
use crate::limits;
use crate::time::{Mono, Now};

/// Counts attempts and spaces them.
pub(crate) struct RetryBudget {
    policy: RetryPolicy,
    deadline: Option<(Mono, Duration)>,
    entropy: Entropy,
    attempts: u32,
    /// Attempts that found an earlier one at work: no failures, so they use up no retry.
    found_running: u32,
    /// When the first of those was answered, unless another attempt may have begun anew since.
    running_since: Option<Mono>,
}

impl RetryBudget {
    pub(crate) fn new(policy: RetryPolicy, deadline: Option<Duration>, entropy: Entropy, now: Now) -> Self {
        let deadline = deadline.map(|d| (now.mono + d, d));
        Self { policy, deadline, entropy, attempts: 0, found_running: 0, running_since: None }
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
        self.running_since = None;
        let failures = self.attempts.saturating_sub(self.found_running);
        if failures > self.policy.max_retries {
            return None;
        }
        let delay = self.delay(hint, failures)?;
        self.in_time(now, delay)
    }

    /// The same after an answer that an earlier attempt is still at work. It is waited for as long as the platform's mark of
    /// it stands; an attempt after that begins anew.
    pub(crate) fn wait_for_running(&mut self, now: Now, hint: Option<Duration>) -> Option<Duration> {
        self.found_running = self.found_running.saturating_add(1);
        let gone_at = *self.running_since.get_or_insert(now.mono) + limits::IDEMPOTENCY_MARK;
        if self.policy.max_retries == 0 || now.mono >= gone_at {
            return None;
        }
        let delay = self.delay(hint, self.found_running)?;
        self.in_time(now, delay.min(gone_at.saturating_since(now.mono)))
    }

    /// Base doubled with each one in a row, or what the platform asks for and a little more.
    fn delay(&mut self, hint: Option<Duration>, in_a_row: u32) -> Option<Duration> {
        let RetryPolicy { base, cap, retry_after_cap, .. } = self.policy;
        match hint {
            Some(hint) if hint > retry_after_cap => None,
            Some(hint) => Some(hint.saturating_add(self.entropy.spread(hint))),
            None => Some(self.entropy.backoff(base, in_a_row.saturating_sub(1), cap)),
        }
    }

    fn in_time(&self, now: Now, delay: Duration) -> Option<Duration> {
        self.deadline.is_none_or(|(end, _)| now.mono + delay < end).then_some(delay)
    }
}
