//! Entropy as a value: one 32-byte seed, expanded by a generator whose stream never changes.
//!
//! The generator is ChaCha with 8 rounds, keyed by the seed, stream 0, read as little-endian words in
//! order. That stream is part of the replay contract: the same seed gives the same ids and the same
//! jitter in every version of this crate.

use core::fmt;
use core::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use crate::hash_key::HashKey;

/// 32 bytes of entropy that the driver took from the operating system.
///
/// Give every [`Call`](crate::Call) and [`Session`](crate::Session) its own: two machines with one seed
/// mint the same `client_msg_id`, and the platform silently swallows the second message.
///
/// ```
/// use agentchat_engine::Seed;
/// let seed = Seed::from_bytes([7; 32]);
/// assert_eq!(seed, Seed::from_bytes([7; 32]));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed([u8; 32]);

impl Seed {
    /// A seed from its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(..)")
    }
}

impl Seed {
    /// A key for hashes, from another stream than everything else, which it therefore does not change.
    pub(crate) fn hash_key(&self) -> HashKey {
        let mut stream = ChaCha8Rng::from_seed(self.0);
        stream.set_stream(1);
        let mut key = [0; 16];
        stream.fill_bytes(&mut key);
        HashKey::new(key)
    }
}

/// The expanded stream of a [`Seed`].
#[derive(Clone)]
pub(crate) struct Entropy(ChaCha8Rng);

impl Entropy {
    pub(crate) fn new(seed: &Seed) -> Self {
        Self(ChaCha8Rng::from_seed(seed.0))
    }

    /// A random (version 4) UUID as text.
    pub(crate) fn uuid(&mut self) -> String {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// A seed for a machine inside this one.
    pub(crate) fn fork(&mut self) -> Seed {
        let mut bytes = [0; 32];
        self.0.fill_bytes(&mut bytes);
        Seed(bytes)
    }

    /// `base` doubled so many times, ± 25 %, uniformly over what of that range is not above `cap`: also those who have
    /// waited long are spread.
    pub(crate) fn backoff(&mut self, base: Duration, doublings: u32, cap: Duration) -> Duration {
        let factor = 1_u32.checked_shl(doublings).unwrap_or(u32::MAX);
        let around = u64::try_from(base.saturating_mul(factor).min(cap).as_micros()).unwrap_or(u64::MAX);
        let cap = u64::try_from(cap.as_micros()).unwrap_or(u64::MAX);
        let low = around.saturating_sub(around / 4);
        let high = around.saturating_add(around / 4).min(cap);
        let width = high.saturating_sub(low).saturating_add(1);
        Duration::from_micros(low.saturating_add(self.below(width)))
    }

    /// Zero up to a tenth of `hint`, at most a second: spreads clients that all have the same hint.
    pub(crate) fn spread(&mut self, hint: Duration) -> Duration {
        let tenth = hint.checked_div(10).unwrap_or_default().min(Duration::from_secs(1));
        Duration::from_micros(self.below(u64::try_from(tenth.as_micros()).unwrap_or(u64::MAX).saturating_add(1)))
    }

    /// Uniform in `0..bound` but for a bias under 2^-64·bound: a widening multiply, no rejection, so every
    /// draw takes the same number of words.
    fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()).saturating_mul(u128::from(bound));
        u64::try_from(wide >> 64).unwrap_or(u64::MAX)
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_of_a_seed_is_pinned() {
        let mut entropy = Entropy::new(&Seed::from_bytes([0; 32]));
        assert_eq!(entropy.uuid(), "3e00ef2f-895f-40d6-bf5b-b8e81f09a5a1");
    }

    #[test]
    fn a_backoff_at_its_cap_is_spread_below_it() {
        let mut entropy = Entropy::new(&Seed::from_bytes([1; 32]));
        let (base, cap) = (Duration::from_millis(500), Duration::from_secs(30));
        let waits: Vec<_> = (0..1_000).map(|_| entropy.backoff(base, 20, cap).as_millis()).collect();
        assert!(waits.iter().all(|wait| (22_500..=30_000).contains(wait)));
        for quarter in 0..4 {
            let from = 22_500 + quarter * 1_875;
            let there = waits.iter().filter(|wait| (from..from + 1_875).contains(*wait)).count();
            assert!((180..=320).contains(&there), "{there} of 1,000 from {from} ms on");
        }
        assert_eq!(entropy.backoff(Duration::ZERO, 3, cap), Duration::ZERO);
        assert!(entropy.backoff(cap, 5, base) <= base);
    }
}
