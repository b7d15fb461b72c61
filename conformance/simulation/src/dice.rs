//! Random choices, all from one seed or from given bytes.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

#[derive(Debug)]
pub(super) struct Dice(Source);

#[derive(Debug)]
enum Source {
    Seeded(Box<ChaCha8Rng>),
    /// The bytes that are left; zeros follow them.
    Given(std::vec::IntoIter<u8>),
}

impl Dice {
    /// Dice for one purpose: those of another purpose fall otherwise, although the seed is the same.
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(purpose);
        Self(Source::Seeded(Box::new(dice)))
    }

    /// Dice that fall as the bytes say: a byte a choice, more where there are more than 256 possibilities, so that whoever varies
    /// the bytes varies one choice at a time.
    pub(super) fn given(choices: &[u8]) -> Self {
        Self(Source::Given(Vec::from(choices).into_iter()))
    }

    /// Whether all bytes that were given are used.
    pub(super) fn is_spent(&self) -> bool {
        matches!(&self.0, Source::Given(left) if left.len() == 0)
    }

    /// Below `bound`, which is not zero.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        match &mut self.0 {
            Source::Seeded(dice) => {
                let wide = u64::from(dice.next_u32()) * u64::from(bound);
                (wide >> 32) as u32
            }
            Source::Given(left) => {
                let bytes = [bound > 1 << 16, bound > 1 << 16, bound > 1 << 8, true]
                    .map(|taken| if taken { left.next().unwrap_or_default() } else { 0 });
                u32::from_be_bytes(bytes) % bound
            }
        }
    }

    /// From `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    pub(super) fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance
    }

    /// One of a list that is not empty.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    /// An index, as likely as its weight.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut at = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if at < *weight {
                return index;
            }
            at -= weight;
        }
        0
    }

    pub(super) fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        match &mut self.0 {
            Source::Seeded(dice) => dice.fill_bytes(&mut bytes),
            Source::Given(left) => bytes.iter_mut().zip(left).for_each(|(byte, given)| *byte = given),
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_bytes_are_the_choices_and_zeros_follow() {
        let mut dice = Dice::given(&[7, 1, 2, 200]);
        assert_eq!(dice.below(5), 2, "a byte for few possibilities");
        assert_eq!(dice.below(1_000), 258, "two for more");
        assert!(!dice.is_spent());
        assert_eq!(dice.between(10, 209), 10);
        assert!(dice.is_spent());
        assert_eq!((dice.below(100_000), dice.bytes()), (0, [0; 32]));
        assert!(!Dice::new(1, 1).is_spent());
    }
}
