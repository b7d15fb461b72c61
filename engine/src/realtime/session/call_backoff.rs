//! When the session makes one of its own calls again after it failed.

use crate::entropy::Entropy;
use crate::error::Error;
use crate::limits;
use crate::time::Mono;

/// The failures in a row of one kind of call, and what the platform said about them.
#[derive(Debug, Default)]
pub(super) struct CallBackoff {
    failures: u32,
    /// The end of the wait that a `Retry-After` asked for.
    not_before: Option<Mono>,
}

impl CallBackoff {
    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// A call failed; when to make the next. A `Retry-After` is obeyed in full, with jitter upward, also where the call
    /// itself did not wait it out.
    pub(super) fn failed(&mut self, now: Mono, error: &Error, entropy: &mut Entropy) -> Mono {
        self.not_before = error.retry_after().map(|hint| now + hint.saturating_add(entropy.spread(hint)));
        let next = self.next_try(now, entropy);
        self.failures = self.failures.saturating_add(1);
        next
    }

    /// When to try again, after as many failures as there were.
    pub(super) fn next_try(&self, now: Mono, entropy: &mut Entropy) -> Mono {
        let computed = now + entropy.backoff(limits::SYNC_RETRY, self.failures, limits::SYNC_RETRY_MAX);
        self.not_before.map_or(computed, |asked| asked.max(computed))
    }

    /// Until when the platform has asked not to make this call, if that is still to come. Whatever else speaks for another
    /// try, such as a new connection, does not end this wait.
    pub(super) fn not_before(&self, now: Mono) -> Option<Mono> {
        self.not_before.filter(|asked| *asked > now)
    }
}
